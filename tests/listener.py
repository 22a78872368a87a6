"""A Socket.IO client that records every event it receives."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import engineio
import socketio

from tests.patience import PATIENCE_SECONDS, REQUEST_SECONDS, deadline_in

_LOG = logging.getLogger(__name__)
_CONNECTED: set[Listener] = set()
CLIENTS_LOOPS = ("(_read_loop_polling)", "(_read_loop_websocket)", "(_write_loop)")
"""Python's names of the threads in which python-engineio 4 reads and writes."""


def left_connected() -> int:
    """Disconnects the remaining listeners and returns their number. Their threads would outlive the test."""
    left = list(_CONNECTED)
    for listener in left:
        listener.__exit__(None, None, None)
    return len(left)


def threads_of_clients() -> list[str]:
    """The names of the running threads of Socket.IO clients in this process, for websockets and polling."""
    return [thread.name for thread in threading.enumerate() if thread.name.endswith(CLIENTS_LOOPS)]


class _InOrder(engineio.Client):
    """Handles messages one by one. The original starts a thread for each, and threads overtake each other."""

    def _trigger_event(self, event: str, *args: Any, **options: Any) -> Any:
        return super()._trigger_event(event, *args, **options | {"run_async": False})


class Client(socketio.Client):
    """A client whose events are handled in the order of their arrival."""

    def _engineio_client_class(self) -> type[engineio.Client]:
        return _InOrder


class Listener:
    """A Socket.IO client that is connected inside its `with` block.

    `events` contains (name, payload) in the order of arrival. `refusal` is what the server said if it rejected the
    socket.
    """

    def __init__(
        self,
        url: str,
        token: object,
        transport: str = "websocket",
        *,
        heard: Callable[[str, Any], None] | None = None,
        **auth: object,
    ) -> None:
        self.events: list[tuple[str, Any]] = []
        self.refusal: Any = None
        self._url = url
        self._auth = {"token": token, **auth}
        self._heard = heard
        self._transport = transport
        self._arrived = threading.Condition()
        self._client = Client(
            logger=_LOG, engineio_logger=_LOG, reconnection=False, request_timeout=REQUEST_SECONDS
        )  # its own logger would write to the output of the test that happens to run
        self._client.on("*", self._note)
        self._client.on("connect_error", self._note_refusal)

    def __enter__(self) -> Self:
        self._client.connect(self._url, auth=self._auth, transports=[self._transport], wait_timeout=REQUEST_SECONDS)
        _CONNECTED.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _CONNECTED.discard(self)
        self._client.disconnect()

    @property
    def connected(self) -> bool:
        return bool(self._client.connected)

    def wait_for(self, name: str, timeout: float = PATIENCE_SECONDS, **members: Any) -> dict[str, Any]:
        """The payload of the first event with this name and these values, past or future."""
        deadline = deadline_in(timeout)
        with self._arrived:
            while True:
                for event, payload in self.events:
                    if event == name and all(payload.get(key) == value for key, value in members.items()):
                        found: dict[str, Any] = payload
                        return found
                left = deadline - time.monotonic()
                assert left > 0, f"no {name}, only {self.names()}"
                self._arrived.wait(left)

    def names(self, **members: Any) -> list[str]:
        """The last parts of the names of the events with these values."""
        wanted = [e for e in self.events if all(e[1].get(key) == value for key, value in members.items())]
        return [event.rpartition(":")[2] for event, _ in wanted]

    def ask(self, event: str, *payload: Any) -> Any:
        """Sends an event and returns the server's acknowledgement."""
        return self._client.call(event, payload, timeout=REQUEST_SECONDS)

    def send(self, event: str, payload: Any, answered: Callable[..., None] | None = None) -> None:
        """Sends an event. `answered` gets the acknowledgement, before any later event."""
        self._client.emit(event, payload, callback=answered)

    def _note_refusal(self, why: Any) -> None:
        self.refusal = why

    def _note(self, event: str, payload: Any = None) -> None:
        with self._arrived:
            self.events.append((event, payload))
            self._arrived.notify_all()
        if self._heard:
            self._heard(event, payload)
