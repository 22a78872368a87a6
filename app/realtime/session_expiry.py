"""Closes sockets whose access token has expired or whose session has ended, and warns before a token expires.

Each web process checks its own sockets, using the tokens' expiry and app.auth.revocation. This works with any number of
web processes and during a Redis outage.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.auth.principal import AccessClaims, Principal
from app.clock import iso
from app.logs import get_logger
from app.periodic import keep_doing
from app.realtime.payloads import EXPIRING

log = get_logger(__name__)

EVERY_SECONDS = 1.0
WARNING_SECONDS = 30.0
"""How long before expiry a socket is warned; for tokens that live less than twice as long, at half their lifetime."""


@dataclass
class AdmittedSocket:
    """A connected socket and the claims of its access token."""

    claims: AccessClaims
    warned: bool = False

    @property
    def warn_at(self) -> float:
        lifetime = self.claims.expires_at - self.claims.issued_at
        return self.claims.expires_at - min(WARNING_SECONDS, lifetime / 2)


class SessionExpiry:
    """The sockets of this process by Socket.IO id. The checking loop starts with the first request."""

    def __init__(self, socketio: Any, has_ended: Callable[[Principal], bool]) -> None:
        self._socketio = socketio
        self._has_ended = has_ended
        self._sockets: dict[str, AdmittedSocket] = {}
        self._starting = threading.Lock()
        self._started = False
        self._stopping = threading.Event()
        self._loops: list[Callable[[threading.Event], None]] = [self._look_forever]
        self._running: list[Any] = []

    def also(self, loop: Callable[[threading.Event], None]) -> None:
        """Adds a loop to start together with this one. It must end when the event passed to it is set."""
        self._loops.append(loop)

    def start(self) -> None:
        """Starts the loops. Idempotent and cheap, so it can be called for every request."""
        if self._started:
            return
        with self._starting:
            if not self._started:
                self._started = True
                self._running = [self._socketio.start_background_task(loop, self._stopping) for loop in self._loops]

    def stop(self) -> None:
        """Stops the loops and waits until they have ended. They cannot be restarted."""
        self._stopping.set()
        with self._starting:
            self._started = True
        for loop in self._running:
            loop.join()

    def admit(self, sid: str, claims: AccessClaims) -> None:
        """Adds a socket, or updates the claims of a known one."""
        self._sockets[sid] = AdmittedSocket(claims)

    def forget(self, sid: str) -> None:
        self._sockets.pop(sid, None)

    def owner_of(self, sid: str) -> str | None:
        socket = self._sockets.get(sid)
        return socket.claims.user_id if socket else None

    def people(self) -> set[str]:
        """The ids of the users with a socket in this process."""
        return {each.claims.user_id for each in list(self._sockets.values())}

    def count_of(self, user_id: str) -> int:
        """The number of this user's sockets in this process."""
        return sum(each.claims.user_id == user_id for each in self._sockets.values())

    def look(self, now: float) -> None:
        """Warns or closes every socket that is due at `now` (epoch seconds)."""
        for sid, socket in list(self._sockets.items()):
            if now >= socket.claims.expires_at or self._has_ended(socket.claims.principal):
                self._close(sid, socket)
            elif now >= socket.warn_at and not socket.warned:
                socket.warned = True
                payload = EXPIRING.payload().dump({"expiresAt": shown(socket.claims)})
                self._socketio.server.emit(EXPIRING.name, payload, to=sid, ignore_queue=True)

    def _close(self, sid: str, socket: AdmittedSocket) -> None:
        """Removes the socket from its room, notifies the client and closes the transport."""
        self.forget(sid)
        server = self._socketio.server
        transport = server.manager.eio_sid_from_sid(sid, "/")
        server.disconnect(sid, ignore_queue=True)
        self._socketio.start_background_task(server.eio.disconnect, transport)
        log.info("socket closed", user_id=socket.claims.user_id, reason="session ended or access expired")

    def _look_forever(self, stopping: threading.Event) -> None:
        keep_doing("expiry of sockets", lambda: self.look(time.time()), EVERY_SECONDS, stopping)


def shown(claims: AccessClaims) -> Any:
    """When an access token expires, in the API's date format."""
    return iso(datetime.fromtimestamp(claims.expires_at, UTC))
