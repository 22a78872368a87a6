"""The message bus in Redis between workers and web processes. It keeps listening through any outage.

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


Hearer = Callable[[dict[str, Any]], None]
"""Gets each event as python-socketio passes it on: `event`, `data` (a list with the payload) and `room`."""


class _Closed(BaseException):
    """Ends the listening thread. python-socketio's loop around it would carry on after any Exception."""


class PatientRedisManager(RedisManager):
    """python-socketio's manager, but listening again within half a second once Redis is back.

    The original doubles its pause up to a minute, during which every event would be missed. It also publishes again
    after a time-out, so that a Redis that was merely slow delivers the event twice.
    """

    connected: bool

    def __init__(self, *args: Any, wake_with: Redis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self.channels = Channels(wake_with)
        self.hearers: list[Hearer] = []
        self.is_news: Callable[[dict[str, Any]], bool] | None = None
        """Whether an event has not been passed on yet."""
        self.leaving: list[Callable[[], None]] = []
        """Called when the process is told to stop, perhaps more than once."""

    def listen(self) -> None:
        """Begins to listen, as python-socketio does when the first socket connects. Calling it again does nothing."""
        with self._starting:
            if not self.server.manager_initialized:
                self.server.manager_initialized = True
                self.initialize()

    def close(self) -> None:
        """Silences the listening thread at once. It ends within POLL_SECONDS."""
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
        """Sends an event to the sockets of this process, then passes it to everybody else here who listens."""
        if self.is_news is not None and not self.is_news(message):
            return
        super()._handle_emit(message)
        for hear in self.hearers:
            hear(message)

    def pass_on(self, event: str, payload: dict[str, Any], room: str) -> None:
        """An event that was read from the log, as if it had been heard."""
        self._handle_emit({"event": event, "data": [payload], "room": room, "namespace": "/"})

    def _redis_listen_with_retries(self) -> Iterator[dict[str, Any]]:
        while True:
            try:
                self._redis_connect()
                self.channels.begin(self.pubsub, self.channel)
                log.debug("listening for events")
                while not self._closing.is_set():
                    message = self.pubsub.get_message(timeout=POLL_SECONDS)
                    if message and not self.channels.take(message):
                        yield message
                raise _Closed  # noqa: TRY301  # passes the handler below
            except Exception as error:  # noqa: BLE001  # whatever it was, a web process must keep listening
                if self._closing.is_set():
                    raise _Closed from None
                self.channels.end()
                log.warning("not listening for events", error=str(error)[:200])
                self._closing.wait(RETRY_SECONDS)


def message_bus(settings: Settings, redis: Redis) -> PatientRedisManager:
    """The bus of a web process; `redis` is for short commands of its requests."""
    return PatientRedisManager(
        settings.redis_url,
        channel=CHANNEL,
        wake_with=redis,
        redis_options=connection_options(settings.redis_url, TIMEOUT_SECONDS),
    )
