"""Limits on Engine.IO sessions: how many each address may open, and how soon each must send a Socket.IO CONNECT.

A session is a websocket or a polling client. The number of sessions per address (per /64 for IPv6) is limited, and a
session is closed if no CONNECT has been accepted on it within 10 seconds. Only websocket version 13 is accepted, and no
extensions are: with compression, a message's size would be checked only after it was decompressed.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from app.errors import RateLimited
from app.http.addresses import place_of
from app.http.connections import Connection
from app.logs import get_logger
from app.periodic import keep_doing

log = get_logger(__name__)

CONNECT_SECONDS = 10.0
EVERY_SECONDS = 1.0
UNSENT_PACKETS = 1000
"""Packets that may be queued for a client that has stopped reading. Beyond this its session is closed."""

StartResponse = Callable[..., Any]


@dataclass
class Session:
    """`without_since` is when it last had no Socket.IO connection (monotonic seconds), or None while connected."""

    network: str
    without_since: float | None


class Admission:
    """The sessions of this process. A `per_network` of 0 means no limit; `now` is a monotonic clock in seconds."""

    def __init__(
        self,
        socketio: Any,
        per_network: int,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = socketio.server
        self._engine = socketio.server.eio
        self._per_network = per_network
        self._connect_seconds = connect_seconds
        self._now = now
        self._sessions: dict[str, Session] = {}
        self._held: Counter[str] = Counter()
        self._polling: set[str] = set()
        self._handle = self._engine.handle_request

    def install(self) -> None:
        """Wraps the engine's connect, disconnect and request handlers."""
        connect, disconnect = self._engine.handlers["connect"], self._engine.handlers["disconnect"]

        def opened(sid: str, environ: dict[str, Any]) -> Any:
            self._note(sid, place_of(environ.get("REMOTE_ADDR", "")))
            return connect(sid, environ)

        def closed(sid: str, *reason: Any) -> Any:
            self._forget(sid)
            return disconnect(sid, *reason)

        self._engine.on("connect", opened)
        self._engine.on("disconnect", closed)
        self._engine.handle_request = self.handle

    def handle(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """WSGI application for requests below /socket.io/. Rejects a request or passes it to the engine."""
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        sid = parse_qs(environ.get("QUERY_STRING", "")).get("sid", [""])[0]
        upgrade = "upgrade" in environ.get("HTTP_CONNECTION", "").lower() and environ.get("HTTP_UPGRADE")
        if upgrade and environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13":
            return _refuse(start_response, "426 Upgrade Required", "Use version 13 of websockets")
        if not sid and self._full(place_of(environ.get("REMOTE_ADDR", ""))):
            return _refuse(start_response, "429 Too Many Requests", RateLimited().message)
        if upgrade:
            return self._upgrade(environ, start_response)
        if sid and environ["REQUEST_METHOD"] == "GET":
            return self._poll(sid, environ, start_response)
        return self._pass(environ, start_response)

    def sweep(self) -> None:
        """Closes every session that is overdue for a CONNECT or whose client has stopped reading."""
        now = self._now()
        for sid, session in list(self._sessions.items()):
            engine_socket = self._engine.sockets.get(sid)
            if engine_socket is None or engine_socket.closed:
                self._forget(sid)
            elif engine_socket.queue.qsize() > UNSENT_PACKETS:
                self._end(engine_socket, "client is not reading")
            elif self._server.manager.sid_from_eio_sid(sid, "/") is not None:
                session.without_since = None
            elif session.without_since is None:
                session.without_since = now
            elif now - session.without_since >= self._connect_seconds:
                self._end(engine_socket, "no CONNECT in time")

    def sweep_forever(self, stopping: threading.Event) -> None:
        """Sweeps once a second until `stopping` is set."""
        keep_doing("sessions of sockets", self.sweep, EVERY_SECONDS, stopping)

    def _end(self, engine_socket: Any, reason: str) -> None:
        """Closes a session. Unlike `engine.disconnect`, does not wait for the client to read the queued packets."""
        self._forget(engine_socket.sid)
        engine_socket.close(wait=False, reason=self._engine.reason.SERVER_DISCONNECT)
        self._engine.sockets.pop(engine_socket.sid, None)
        log.debug("session closed", reason=reason)

    def _upgrade(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        connection = environ.get("gunicorn.socket")
        if isinstance(connection, Connection):
            connection.hold()
        return self._pass(environ, start_response)

    def _poll(self, sid: str, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Allows one poll per session at a time, as the protocol requires: each may hold a connection for 45 s."""
        if sid in self._polling:
            return _refuse(start_response, "400 Bad Request", "This session is polling already")
        self._polling.add(sid)
        try:
            return self._pass(environ, start_response)
        finally:
            self._polling.discard(sid)

    def _pass(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        answer: Iterable[bytes] = self._handle(environ, start_response)
        return answer

    def _full(self, network: str) -> bool:
        return bool(self._per_network) and self._held[network] >= self._per_network

    def _note(self, sid: str, network: str) -> None:
        self._sessions[sid] = Session(network, self._now())
        self._held[network] += 1

    def _forget(self, sid: str) -> None:
        session = self._sessions.pop(sid, None)
        if session:
            self._held[session.network] -= 1
            if not self._held[session.network]:
                del self._held[session.network]


def _refuse(start_response: StartResponse, status: str, why: str) -> Iterable[bytes]:
    """Responds as the engine does: with plain text, closing the connection."""
    start_response(status, [("Content-Type", "text/plain"), ("Connection", "close"), ("Sec-WebSocket-Version", "13")])
    return [why.encode()]
