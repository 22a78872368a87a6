"""Attacks of a single client on a web process over plain sockets, and a watcher that measures their effect."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.patience import REQUEST_SECONDS

WEBSOCKET = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
PROMISED_SECONDS = 1.5
"""The promised response time of /healthz during any attack. Checked with `--soak`, on an otherwise idle machine."""
PATIENT_SECONDS = 10.0
"""The limit on a test machine with other load."""


def connect(url: str, first: bytes = b"") -> socket.socket:
    """A connection on which `first` has been sent."""
    address = urlsplit(url)
    client = socket.create_connection((address.hostname, address.port or 80), timeout=REQUEST_SECONDS)
    client.sendall(first)
    return client


def open_websocket(url: str, headers: bytes = b"") -> tuple[socket.socket, bytes]:
    """A websocket without Socket.IO's CONNECT, and the head of the server's response."""
    client = connect(url, WEBSOCKET + headers + b"\r\n")
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(1)
        if not data:
            break
        head += data
    return client, head


def frame(opcode: int, data: bytes = b"", *, final: bool = True, length: int | None = None) -> bytes:
    """A masked frame (with a zero mask) whose header says `length`, regardless of its actual length."""
    size = len(data) if length is None else length
    short = size if size < 126 else 126 if size < 65536 else 127
    extended = {126: struct.pack("!H", size & 0xFFFF), 127: struct.pack("!Q", size)}.get(short, b"")
    return bytes([opcode | (0x80 if final else 0), 0x80 | short]) + extended + bytes(4) + data


def close_code(client: socket.socket) -> int | None:
    """The code of the server's close frame, skipping earlier frames. None if it closes without one."""
    said = b""
    with contextlib.suppress(OSError):
        while data := client.recv(65536):
            said += data
    while len(said) >= 2:
        size, start = said[1] & 0x7F, 2
        if size == 126:
            size, start = struct.unpack("!H", said[2:4])[0], 4
        if said[0] & 0x0F == 8:
            return int(struct.unpack("!H", said[start : start + 2])[0])
        said = said[start + size :]
    return None


def left_open(clients: list[socket.socket]) -> list[socket.socket]:
    """Returns the clients that the server has not closed yet."""
    still = []
    for client in clients:
        client.setblocking(False)
        try:
            while client.recv(65536):
                pass
        except BlockingIOError:
            still.append(client)
        except OSError:
            pass
    return still


def worker_of(pid: int) -> int:
    """The process that serves requests, a child of gunicorn's master."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def memory_mb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) // 1024


@dataclass
class Watch:
    """Requests /healthz ten times a second inside its `with` block, which fails if a request fails or is slow."""

    url: str
    longest: float
    worst: float = 0.0
    errors: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        print(f"\nslowest /healthz: {self.worst:.2f} s")
        assert self.errors == []
        assert self.worst <= self.longest

    def _look(self) -> None:
        while not self._over.wait(0.1):
            began = time.monotonic()
            try:
                client = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=self.longest)
                client.request("GET", "/healthz")
                assert client.getresponse().status == 200
                client.close()
            except (OSError, AssertionError, http.client.HTTPException) as error:
                self.errors.append(repr(error))
            self.worst = max(self.worst, time.monotonic() - began)
