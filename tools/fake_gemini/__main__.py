"""`python -m tools.fake_gemini --port N`: serves until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from tools.fake_gemini.server import create_standin

_THREADS = 128
_KEEPALIVE_SECONDS = 240  # as Google's front ends


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    options = _parse()
    Standin(options.host, options.port, options.delay_ms, options.piece_ms).run()


class Standin(BaseApplication):
    """One gunicorn process with threads and keep-alive connections, as Gemini has."""

    def __init__(self, host: str, port: int, delay_ms: float, piece_ms: float) -> None:
        self._delays = (delay_ms, piece_ms)
        self._settings = {
            "bind": f"{host}:{port}",
            "worker_class": "gthread",
            "threads": _THREADS,
            "keepalive": _KEEPALIVE_SECONDS,
            "graceful_timeout": 1,
            "timeout": 0,
            "loglevel": "error",
            "control_socket_disable": True,
            "when_ready": _announce,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_standin(*self._delays)


def _announce(arbiter: Any) -> None:
    host, port = arbiter.LISTENERS[0].sock.getsockname()
    sys.stdout.write(f"Gemini stand-in on http://{host}:{port}\n")
    sys.stdout.flush()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.fake_gemini", description="A local Gemini endpoint.")
    parser.add_argument("--port", type=int, required=True, help="0 picks a free port")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--delay-ms", type=float, default=0, help="the delay of every answer")
    parser.add_argument("--piece-ms", type=float, default=0, help="the delay of each chunk of a streamed answer")
    return parser.parse_args()


if __name__ == "__main__":
    main()
