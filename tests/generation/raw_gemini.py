"""An endpoint that sends exactly the bytes a test gives it, like Gemini or a proxy in front of it might."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Drip:
    """Sends `data` repeatedly, with a pause before each."""

    data: bytes
    every: float = 0.05
    times: int = 200


@dataclass(frozen=True)
class Stall:
    """Sends nothing more until the client leaves."""


Reply = Sequence[bytes | Drip | Stall]


def http(status: int, body: bytes, content_type: str = "application/json", **headers: str) -> Reply:
    """A response with a Content-Length. Headers are given with underscores: `Retry_After="8"`."""
    lines = [f"HTTP/1.1 {status} Some Phrase", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ["\r\n".join(lines).encode("latin-1") + HEAD_END + body]


def stream(*parts: bytes | Drip | Stall, content_type: str = "text/event-stream", status: int = 200) -> Reply:
    """A response without a Content-Length, which ends with the connection."""
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: {content_type}\r\nConnection: close"
    return [head.encode() + HEAD_END, *parts]


def chunked(*parts: bytes, last: bytes = b"0\r\n\r\n") -> Reply:
    """A chunked response."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked" + HEAD_END
    return [head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + last]


def event(document: Any) -> bytes:
    return b"data: " + orjson.dumps(document) + b"\r\n\r\n"


def events(*documents: Any) -> Reply:
    return chunked(*map(event, documents))


@dataclass
class Request:
    head: str
    body: Any


@dataclass
class RawGemini:
    """The endpoint at `url`. Each request gets the next of `replies`, and the last one is repeated."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    left: threading.Event = field(default_factory=threading.Event)
    """Set when a client went away during a Drip or a Stall."""

    def answer_with(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests.clear()
        self.connections = 0
        self.left.clear()

    def serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            buffered = b""
            while HEAD_END in (buffered := buffered + (got := connection.recv(65536))) or got:
                if HEAD_END not in buffered:
                    continue
                head, _, body = buffered.partition(HEAD_END)
                length = next((int(v) for n, _, v in map(_header, head.split(b"\r\n")) if n == b"content-length"), 0)
                while len(body) < length:
                    body += connection.recv(65536)
                self.requests.append(Request(head.decode(), orjson.loads(body[:length]) if length else None))
                buffered = body[length:]
                reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
                for part in reply:
                    self._send(connection, part)
                if not _leaves_the_connection_open(reply[0]):
                    return

    def _send(self, connection: socket.socket, part: bytes | Drip | Stall) -> None:
        if isinstance(part, bytes):
            connection.sendall(part)
            return
        try:
            if isinstance(part, Drip):
                for _ in range(part.times):
                    time.sleep(part.every)
                    connection.sendall(part.data)
            else:
                connection.settimeout(20)
                if connection.recv(1) == b"":
                    self.left.set()
        except OSError:
            self.left.set()
            raise


def _leaves_the_connection_open(part: bytes | Drip | Stall) -> bool:
    return isinstance(part, bytes) and (b"Content-Length" in part or part.endswith(b"0\r\n\r\n"))


def _header(line: bytes) -> tuple[bytes, bytes, bytes]:
    name, colon, value = line.partition(b":")
    return name.strip().lower(), colon, value.strip()


@contextlib.contextmanager
def raw_gemini() -> Iterator[RawGemini]:
    """A RawGemini on a free loopback port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    endpoint = RawGemini(f"http://127.0.0.1:{listener.getsockname()[1]}")

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                endpoint.connections += 1
                threading.Thread(target=endpoint.serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
