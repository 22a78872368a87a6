"""The worker process: `python worker.py`. It uses threads; eventlet is not loaded."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from types import FrameType

from dotenv import load_dotenv

from app import logs
from app.config import load_settings
from app.errors import SettingsError
from app.generation import quality
from app.generation.providers.gemini import GeminiProvider
from app.ops import startup_checks
from app.ops.one_core import keep_on_one_core
from app.worker_process import WorkerProcess


def main() -> int:
    """Runs until SIGTERM or SIGINT, then shuts down gracefully. A second signal exits immediately."""
    load_dotenv()
    try:
        settings = load_settings(os.environ, asks_gemini=True)
        logs.configure(settings)
        startup_checks.require_servers(settings)
    except SettingsError as error:
        print(error.message, file=sys.stderr)
        return 1
    stop_requested = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if stop_requested.is_set():
            os._exit(1)
        stop_requested.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    if settings.worker_one_core:
        keep_on_one_core()
    quality.prepare()
    process = WorkerProcess(settings, GeminiProvider(settings))
    gc.freeze()  # a full collection would look through what was imported, and stop every thread for a tenth of a second
    process.start()
    stop_requested.wait()
    process.stop()
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # threads blocked on Gemini or an unavailable server must not delay the exit
