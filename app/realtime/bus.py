"""The Redis message queue between workers and web processes, listening through any outage."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from socketio import RedisManager

from app.config import Settings
from app.logs import get_logger
from app.redis_client import OUTAGES, connection_options

log = get_logger(__name__)

CHANNEL = "socketio"
TIMEOUT_SECONDS = 2.0
POLL_SECONDS = 1.0
RETRY_SECONDS = 0.5


class _Closed(BaseException):
    """Ends the listening thread; python-socketio's loop around it goes on after any Exception."""


class PatientRedisManager(RedisManager):
    """python-socketio's manager, back within half a second of Redis' return.

    As it comes it doubles its pause up to a minute, in which every event would be missed; and it publishes again
    after a time-out, so that a Redis that was only slow delivers the event twice.
    """

    connected: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._closing = threading.Event()

    def close(self) -> None:
        """From now on the listening thread is silent; it ends within POLL_SECONDS."""
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

    def _redis_listen_with_retries(self) -> Iterator[dict[str, Any]]:
        while True:
            try:
                self._redis_connect()
                self.pubsub.subscribe(self.channel)
                log.debug("listening for events")
                while not self._closing.is_set():
                    if message := self.pubsub.get_message(timeout=POLL_SECONDS):
                        yield message
                raise _Closed  # noqa: TRY301  # passes the handler below
            except Exception as error:  # noqa: BLE001  # whatever it was, a web process must go on listening
                if self._closing.is_set():
                    raise _Closed from None
                log.warning("not listening for events", error=str(error)[:200])
                self._closing.wait(RETRY_SECONDS)


def message_bus(settings: Settings, *, write_only: bool) -> RedisManager:
    """The bus: `write_only` for processes that emit and hold no sockets."""
    return PatientRedisManager(
        settings.redis_url,
        channel=CHANNEL,
        write_only=write_only,
        redis_options=connection_options(settings.redis_url, TIMEOUT_SECONDS),
    )
