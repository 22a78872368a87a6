"""HTTP connections whose calls have a deadline and can be ended by another thread.

The timeout of `requests` applies to each read, so a server that keeps sending single bytes can hold a call forever.
Here the socket is shut down when the call's deadline passes or `shut` is called, even before the first byte arrived.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from app.generation.providers.deadlines import Deadlines

if TYPE_CHECKING:
    _Connection = HTTPConnection
else:
    _Connection = object

_current: ContextVar[Call | None] = ContextVar("current_call", default=None)
_deadlines = Deadlines()


class Call:
    """One request and its response. `late` is True once its deadline has passed."""

    def __init__(self) -> None:
        self.late = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._shut = False

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[Call]:
        """Context manager that shuts the connection down if the block takes longer than `seconds`."""
        with _deadlines.after(seconds, self._expire):
            try:
                yield self
            finally:
                with self._lock:
                    self._socket = None

    @contextlib.contextmanager
    def sending(self) -> Iterator[None]:
        """Context manager that assigns connections used by this thread to this call."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    def shut(self) -> None:
        """Ends the current read or write and any later one. Thread-safe."""
        with self._lock:
            self._shut = True
            _shut(self._socket)

    def limit_silence(self, seconds: float) -> None:
        """Sets the timeout of the following reads."""
        with self._lock:
            if self._socket is not None:
                self._socket.settimeout(seconds)

    def adopt(self, sock: socket.socket) -> None:
        with self._lock:
            self._socket = sock
            if self._shut:
                _shut(sock)

    def release(self) -> None:
        """Drops the connection, which went back to the pool and was taken by another call."""
        with self._lock:
            self._socket = None

    def _expire(self) -> None:
        self.late = True
        self.shut()


def _shut(sock: socket.socket | None) -> None:
    if sock is not None:
        with contextlib.suppress(OSError):  # already closed
            sock.shutdown(socket.SHUT_RDWR)


class _Owned(_Connection):
    """A connection that registers its socket with the current call."""

    _owner: Call | None = None

    def connect(self) -> None:
        super().connect()
        self._hand_over()

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._hand_over()
        super().request(*args, **kwargs)

    def _hand_over(self) -> None:
        owner = _current.get()
        if self._owner is not None and self._owner is not owner:
            self._owner.release()
        self._owner = owner
        if owner is not None and self.sock is not None:
            owner.adopt(self.sock)


class _OwnedHTTP(_Owned, HTTPConnection):
    pass


class _OwnedHTTPS(_Owned, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _OwnedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _OwnedHTTPS


class CallAdapter(HTTPAdapter):
    """A `requests` adapter with a pool of `count` connections, each of which knows the call it serves."""

    def __init__(self, count: int) -> None:
        super().__init__(pool_maxsize=count)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _own_connections(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            _own_connections(manager)
        return manager


def _own_connections(manager: Any) -> None:
    manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
