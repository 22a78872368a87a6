"""Socket.IO clients: one that records events, and a bare connection without a thread."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any, Self

import orjson
import socketio
import websocket

from app.realtime.payloads import FOLLOW
from tools.bench.stage import Account
from tools.processes import StartError


class Browser:
    """A client connected within its `with` block. Records when (epoch s) each (event, contentId) first arrived."""

    def __init__(self, account: Account) -> None:
        self.arrivals: dict[tuple[str, str], float] = {}
        self._account = account
        self._arrived = threading.Condition()
        self._client = socketio.Client(reconnection=False)
        self._client.on("*", self._note)

    def __enter__(self) -> Self:
        self._client.connect(self._account.url, auth={"token": self._account.token}, transports=["websocket"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.disconnect()

    def follow(self, content_id: str) -> None:
        """Subscribes to the live text of a content."""
        self._client.emit(FOLLOW.name, {"contentId": content_id})

    def of(self, event: str) -> dict[str, float]:
        """Returns the arrival times of an event by content id."""
        with self._arrived:
            return {content_id: at for (name, content_id), at in self.arrivals.items() if name == event}

    def wait_for(self, event: str, count: int, timeout: float) -> dict[str, float]:
        """Waits for `count` events and returns their arrival times. Raises StartError after `timeout` seconds."""
        with self._arrived:
            enough = self._arrived.wait_for(lambda: sum(name == event for name, _ in self.arrivals) >= count, timeout)
        if not enough:
            raise StartError(f"only {len(self.of(event))} of {count} events {event} came within {timeout:.0f} s")
        return self.of(event)

    def _note(self, event: str, payload: Any = None) -> None:
        now = time.time()
        with self._arrived:
            self.arrivals.setdefault((event, str(payload["contentId"])), now)
            self._arrived.notify_all()


def open_socket(account: Account) -> websocket.WebSocket:
    """Returns a connected websocket; see https://socket.io/docs/v4/socket-io-protocol/. Raises StartError."""
    address = account.url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    connection = websocket.create_connection(address, timeout=20)
    connection.recv()
    connection.send("40" + orjson.dumps({"token": account.token}).decode())
    answer = connection.recv()
    if not str(answer).startswith("40"):
        raise StartError(f"a socket was refused: {answer!r}")
    return connection
