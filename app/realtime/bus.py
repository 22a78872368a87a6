"""The Redis message bus between workers and web processes. It reconnects after any outage.

Overrides `_thread`, `_publish`, `_redis_listen_with_retries` and `_handle_emit` of python-socketio's manager (read in
5.18.1); `test_the_libraries_still_use_what_is_overridden` fails when an upgrade no longer uses them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from redis import Redis
from socketio import RedisManager

from app.config import Settings
from app.logs import get_logger
from app.realtime.channels import Channels
from app.redis_client import OUTAGES, connection_options

log = get_logger(__name__)

CHANNEL = "socketio"
TIMEOUT_SECONDS = 2.0
POLL_SECONDS = 1.0
RETRY_SECONDS = 0.5


Listener = Callable[[dict[str, Any]], None]
"""Called with each event in python-socketio's form: `event`, `data` (a list holding the payload) and `room`."""


class _Closed(BaseException):
    """Ends the listening thread. A BaseException, because python-socketio's loop catches every Exception."""


class PatientRedisManager(RedisManager):
    """python-socketio's manager, reconnecting within half a second of Redis coming back.

    The original backs off for up to a minute, missing every event in between. It also retries a publish that timed out,
    so a Redis that was merely slow delivers the event twice.
    """

    connected: bool

    def __init__(self, *args: Any, wake_with: Redis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self.channels = Channels(wake_with)
        self.listeners: list[Listener] = []
        self.is_new: Callable[[dict[str, Any]], bool] | None = None
        """Returns False for an event that was already delivered, which is then dropped."""
        self.on_shutdown: list[Callable[[], None]] = []
        """Called when the process is shutting down, possibly more than once."""

    def listen(self) -> None:
        """Starts listening, as python-socketio does when the first socket connects. Idempotent."""
        with self._starting:
            if not self.server.manager_initialized:
                self.server.manager_initialized = True
                self.initialize()

    def close(self) -> None:
        """Stops delivering events at once. The listening thread ends within POLL_SECONDS."""
        self._closing.set()

    def _thread(self) -> None:
        with suppress(_Closed):
            super()._thread()

    def _publish(self, data: Any) -> None:
        try:
            if not self.connected:
                self._redis_connect()
            self.redis.publish(self.channel, self.json.dumps(data))
        except OUTAGES as error:
            self.connected = False
            log.warning("event not sent", error=str(error)[:200])

    def _handle_emit(self, message: dict[str, Any]) -> None:
        """Sends an event to this process's sockets, then to its listeners."""
        if self.is_new is not None and not self.is_new(message):
            return
        super()._handle_emit(message)
        for listener in self.listeners:
            listener(message)

    def deliver(self, event: str, payload: dict[str, Any], room: str, entry: str) -> None:
        """Delivers an event read from the log as if it had just been received."""
        self._handle_emit({"event": event, "data": [payload], "room": room, "namespace": "/", "entry": entry})

    def _redis_listen_with_retries(self) -> Iterator[dict[str, Any]]:
        while True:
            try:
                self._redis_connect()
                self.channels.on_connected(self.pubsub, self.channel)
                log.debug("listening for events")
                while not self._closing.is_set():
                    message = self.pubsub.get_message(timeout=POLL_SECONDS)
                    if message and not self.channels.handle(message):
                        yield message
                raise _Closed  # noqa: TRY301  # a BaseException is not caught below
            except Exception as error:  # noqa: BLE001  # a web process must keep listening whatever happens
                if self._closing.is_set():
                    raise _Closed from None
                self.channels.on_disconnected()
                log.warning("not listening for events", error=str(error)[:200])
                self._closing.wait(RETRY_SECONDS)


def message_bus(settings: Settings, redis: Redis) -> PatientRedisManager:
    """Returns the bus of a web process. `redis` is the client that requests use for short commands."""
    return PatientRedisManager(
        settings.redis_url,
        channel=CHANNEL,
        wake_with=redis,
        redis_options=connection_options(settings.redis_url, TIMEOUT_SECONDS),
    )
