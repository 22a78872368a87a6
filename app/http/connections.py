"""Deadlines for the connections of this web process, and eviction when it is full.

gunicorn's event-loop workers wait for clients indefinitely and stop accepting when all slots are taken. Here, a
connection is closed if it sends nothing for 20 seconds (75 between requests), if its headers or its body are not
complete 20 seconds after their first byte, or if it reads nothing of the response for 60 seconds. When no slots are
left, the address with the most connections loses the one that has been waiting longest for its client. Websockets and
requests being processed are never evicted.
"""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable
from typing import Any

from app.http.addresses import place_of
from app.http.connection_limits import OF_THE_PRODUCT, Limits
from app.http.refusals import late
from app.logs import get_logger

log = get_logger(__name__)

YIELD_BYTES = 64 * 1024
YIELD_READS = 16
SEND_BYTES = 64 * 1024
_HEAD = b"HTTP/1."
CUT_AT_ONCE = 100
PACE_SECONDS = {"idle": 0.001, "header": 0.001, "answer": 0.004, "socket": 0.002}
"""The interval between connections that end at the same time, by phase: about what each costs the event loop."""
IDLE, HEADER, ANSWER, SOCKET = "idle", "header", "answer", "socket"


class Connection:
    """A client's socket, wrapped for gunicorn and the websocket. Other attributes are those of the socket."""

    def __init__(self, client: Any, network: str, connections: Connections) -> None:
        self._client = client
        self._connections = connections
        self.network = network
        self.phase = IDLE
        self.waiting = True
        self.cut_off = False
        self.made_room = False
        self.deadline = connections.now() + connections.limits.first_byte
        self.sending_since: float | None = None
        self._head = b""
        self._request_bytes = 0
        self._bytes = self._reads = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Returns the client's next bytes, or b"" if it disconnected, exceeded a deadline or sent too much."""
        if self.cut_off:
            return b""
        self.cut_off = self.phase == ANSWER and self._connections.now() >= self.deadline
        data = b"" if self.cut_off else self._receive(size, flags)
        if self.phase != SOCKET:
            data = self._count(data)
        if not data and not self.made_room:
            self._connections.take_turn(self.phase)
        self._let_others_run(len(data))
        return data

    def send(self, data: Any, flags: int = 0) -> int:
        self.sending_since = self._connections.now()
        try:
            return int(self._client.send(data, flags))
        finally:
            self.sending_since = None

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Sends in pieces, so that a slow client can be distinguished from one that reads nothing.

        The head of a response is buffered until its body begins, because gunicorn sends them separately and each send
        is a system call.
        """
        if self.phase == ANSWER and not self._head and data[: len(_HEAD)] == _HEAD:
            self._head = bytes(data)
            return
        rest = memoryview(self._head + data if self._head else data)
        self._head = b""
        while rest:
            rest = rest[self.send(rest[:SEND_BYTES], flags) :]

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Like `socket.sendfile`, but through `send`."""
        file.seek(offset)
        sent = 0
        while count is None or sent < count:
            data = file.read(SEND_BYTES if count is None else min(SEND_BYTES, count - sent))
            if not data:
                break
            self.sendall(data)
            sent += len(data)
        return sent

    def begin_request(self) -> None:
        """Call when the headers are complete. Starts the deadline for the body, which applies while it is read."""
        self.phase = ANSWER
        self.deadline = self._connections.now() + self._connections.limits.body
        self._connections.stop_waiting(self)

    def end_request(self) -> None:
        """Call when the response is complete. Sends a buffered head if there was no body."""
        self.phase = IDLE
        if self._head:
            with contextlib.suppress(OSError):  # the client has disconnected
                self.sendall(b"")
        self.deadline = self._connections.now() + self._connections.limits.keep_alive
        self._request_bytes = 0
        self._connections.wait(self)

    def hold(self) -> None:
        """Exempts the connection from deadlines, because it becomes a websocket, which Socket.IO limits."""
        self.phase = SOCKET
        self._connections.stop_waiting(self)

    def cut(self, how: int = socket.SHUT_RDWR) -> None:
        """Shuts the socket down, which wakes its reader or writer. The serving thread closes the descriptor."""
        self.cut_off = True
        try:
            self._client.shutdown(how)
        except OSError:
            return  # the client has already disconnected

    def cut_late(self) -> None:
        """Ends an overdue connection. Incomplete headers are answered with 408, a body by the application."""
        if self.phase == ANSWER and self.sending_since is None:
            self.cut(socket.SHUT_RD)
            return
        if self.phase == HEADER:
            with contextlib.suppress(OSError):
                os.write(self._client.fileno(), late())
        self.cut()

    def _receive(self, size: int, flags: int) -> bytes:
        waits_for_body = self.phase == ANSWER
        if waits_for_body:
            self._connections.wait(self)
        try:
            data: bytes = self._client.recv(size, flags)
        finally:
            if waits_for_body:
                self._connections.stop_waiting(self)
        return b"" if self.cut_off else data

    def _count(self, data: bytes) -> bytes:
        if data and self.phase == IDLE:
            self.phase = HEADER
            self.deadline = self._connections.now() + self._connections.limits.header
        self._request_bytes += len(data)
        if self._request_bytes > self._connections.limits.request_bytes:
            self.cut_off = True
            return b""
        return data

    def _let_others_run(self, received: int) -> None:
        """Yields regularly, because reads that find data do not block and a fast client could monopolise the loop."""
        self._bytes += received
        self._reads += 1
        if self._bytes >= YIELD_BYTES or self._reads >= YIELD_READS:
            self._bytes = self._reads = 0
            time.sleep(0)


class Connections:
    """All connections of this process. `now` is a monotonic clock in seconds."""

    def __init__(self, limits: Limits = OF_THE_PRODUCT, now: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.now = now
        self._all: set[Connection] = set()
        self._held: dict[str, int] = {}
        self._waiting: dict[str, dict[Connection, None]] = {}
        self._next_turn = 0.0

    def __len__(self) -> int:
        return len(self._all)

    def open(self, client: Any, address: Any) -> Connection:
        """Adds an accepted client. `address` is its socket address: a tuple, or "" for a unix socket."""
        network = place_of(address[0]) if isinstance(address, tuple) else ""
        connection = Connection(client, network, self)
        self._all.add(connection)
        self._held[network] = self._held.get(network, 0) + 1
        self.wait(connection)
        return connection

    def forget(self, connection: Connection) -> None:
        """Removes a connection that is no longer being served."""
        self.stop_waiting(connection)
        self._all.discard(connection)
        self._held[connection.network] -= 1
        if not self._held[connection.network]:
            del self._held[connection.network]

    def wait(self, connection: Connection) -> None:
        connection.waiting = True
        self._waiting.setdefault(connection.network, {})[connection] = None

    def stop_waiting(self, connection: Connection) -> None:
        connection.waiting = False
        waiting = self._waiting.get(connection.network, {})
        waiting.pop(connection, None)
        if not waiting:
            self._waiting.pop(connection.network, None)

    def take_turn(self, phase: str) -> None:
        """Delays the end of a connection, so that thousands ending at once do not stall the event loop."""
        now = self.now()
        self._next_turn = max(self._next_turn, now) + PACE_SECONDS[phase]
        time.sleep(self._next_turn - now)

    def make_room(self) -> bool:
        """Evicts a connection that is waiting for its client. Returns False if there is none."""
        if not self._waiting:
            return False
        network = max(self._waiting, key=lambda each: self._held[each])
        oldest = next(iter(self._waiting[network]))
        self.stop_waiting(oldest)
        oldest.made_room = True
        oldest.cut()
        return True

    def reap(self, *, stopping: bool = False) -> int:
        """Ends up to CUT_AT_ONCE overdue connections, and idle ones if `stopping`. Returns how many."""
        now = self.now()
        late_ones = [each for each in self._all if not each.cut_off and self._is_late(each, now, stopping=stopping)]
        late_ones = late_ones[:CUT_AT_ONCE]
        for each in late_ones:
            each.cut_late()
        if late_ones and not stopping:
            log.info("connections closed", reason="the client took too long", connections=len(late_ones))
        return len(late_ones)

    def _is_late(self, connection: Connection, now: float, *, stopping: bool) -> bool:
        if connection.sending_since is not None:
            return now - connection.sending_since >= self.limits.taking
        if not connection.waiting:
            return False
        return now >= connection.deadline or (stopping and connection.phase == IDLE)
