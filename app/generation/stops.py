"""Tells workers about cancelled runs, through a Redis channel that all of them subscribe to.

A message names the owner of the lease that was withdrawn, so it cannot affect a later run of the same content. A lost
message only delays the stop by a few seconds, because the next renewal of the leases finds the same out from MongoDB.
"""

from __future__ import annotations

import threading

from redis import Redis

from app.generation.leases import Leases
from app.logs import get_logger
from app.redis_client import OUTAGES

log = get_logger(__name__)

CHANNEL = "generation:stops"
POLL_SECONDS = 1.0
RETRY_SECONDS = 0.5


def publish_stop(redis: Redis, owner: str) -> None:
    """Tells the worker whose attempt has this owner to stop it. Raises one of redis_client.OUTAGES."""
    redis.publish(CHANNEL, owner)


class StopListener:
    """Stops the attempts of this process whose runs are cancelled."""

    def __init__(self, redis: Redis, *leases: Leases) -> None:
        self._redis = redis
        self._leases = leases

    def keep_listening(self, stopping: threading.Event) -> None:
        """Listens until `stopping` is set, reconnecting after outages. Run it in a separate thread."""
        while not stopping.is_set():
            try:
                self._listen(stopping)
            except OUTAGES as error:
                log.debug("not subscribed to stops", error=str(error)[:200])
                stopping.wait(RETRY_SECONDS)
            except Exception:
                log.exception("stop listener crashed, restarting")
                stopping.wait(RETRY_SECONDS)

    def _listen(self, stopping: threading.Event) -> None:
        with self._redis.pubsub() as channel:  # type: ignore[no-untyped-call]  # redis-py does not type it
            channel.subscribe(CHANNEL)
            while not stopping.is_set():
                message = channel.get_message(timeout=POLL_SECONDS)
                if message is None:
                    continue
                if message["type"] == "subscribe":
                    for leases in self._leases:
                        leases.renew()  # finds runs cancelled before the subscription
                else:
                    for leases in self._leases:
                        leases.stop(message["data"].decode(errors="replace"))
