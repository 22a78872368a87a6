"""`python -m app.dev.gemini_standin --port N`: serve until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from types import FrameType

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.dev.gemini_standin.server import create_standin


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are written apart: Nagle would hold the body back for 40 ms

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No access log."""


def main() -> int:
    """Serve until told to end; the exit code."""
    options = _parse()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(
        options.host,
        options.port,
        create_standin(options.delay_ms),
        threaded=True,
        request_handler=_QuietHandler,
    )
    _end_on_signals(server)
    sys.stdout.write(f"Gemini stand-in on http://{options.host}:{server.port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app.dev.gemini_standin", description="A local Gemini endpoint.")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--delay-ms", type=float, default=0, help="how long every answer takes")
    return parser.parse_args()


def _end_on_signals(server: BaseWSGIServer) -> None:
    def end(_signal: int, _frame: FrameType | None) -> None:
        # shutdown() waits for serve_forever(), which this very thread runs
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


if __name__ == "__main__":
    sys.exit(main())
