"""A local webhook receiver that records requests and sends scripted responses."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Reply = Callable[["Received", Any], None]
"""Sends the response to a message, using the handler of the request."""


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


def status(code: int, body: bytes = b"ok", **headers: str) -> Reply:
    """Answers with this status, body and headers."""

    def reply(_received: Received, handler: Any) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


class Receiver:
    """`replies` are taken one after the other; the last one goes on."""

    def __init__(self, *replies: Reply) -> None:
        self.received: list[Received] = []
        self._replies = list(replies) or [status(200)]
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name is the library's
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver._answer(Received(self.path, headers, body), self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook?x=1"

    def _answer(self, received: Received, handler: Any) -> None:
        with self._lock:
            self.received.append(received)
            reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        with contextlib.suppress(OSError):  # the sender has closed the connection
            reply(received, handler)

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.received]

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def silent_listener() -> Iterator[tuple[int, list[Any]]]:
    """A listening port, with all connections made to it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.02)
        seen: list[Any] = []
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    client, address = listening.accept()
                except TimeoutError:
                    continue
                seen.append(address)
                client.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1], seen
        finally:
            over.set()
            thread.join()
