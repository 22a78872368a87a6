"""The Redis message queue between workers and web processes, listening through any outage."""

from __future__ import annotations

import time
from collections.abc import Iterator
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


class PatientRedisManager(RedisManager):
    """python-socketio's manager, back within half a second of Redis' return.

    As it comes it doubles its pause up to a minute, in which every event would be missed; and it publishes again
    after a time-out, so that a Redis that was only slow delivers the event twice.
    """

    connected: bool

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
                while True:
                    if message := self.pubsub.get_message(timeout=POLL_SECONDS):
                        yield message
            except Exception as error:  # noqa: BLE001  # whatever it was, a web process must go on listening
                log.warning("not listening for events", error=str(error)[:200])
                time.sleep(RETRY_SECONDS)


def message_bus(settings: Settings, *, write_only: bool) -> RedisManager:
    """The bus: `write_only` for processes that emit and hold no sockets."""
    return PatientRedisManager(
        settings.redis_url,
        channel=CHANNEL,
        write_only=write_only,
        redis_options=connection_options(settings.redis_url, TIMEOUT_SECONDS),
    )
