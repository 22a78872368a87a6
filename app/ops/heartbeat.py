"""The heartbeats of worker processes, in Redis.

A sorted set has the process names by the time of their last heartbeat. Only Redis's clock is used, so that hosts with
different clocks agree on which are alive. A process that shuts down removes its name.
"""

from __future__ import annotations

import threading
from typing import Any

from redis import Redis

from app.generation.counters import Counters
from app.logs import get_logger
from app.redis_client import OUTAGES

log = get_logger(__name__)

KEY = "workers:alive"
BEAT_SECONDS = 2.0
ALIVE_SECONDS = 10
"""A process without a heartbeat for this long counts as dead."""

_BEAT = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
"""


class Heartbeat:
    """Sends the heartbeats and the counters of the process `name`."""

    def __init__(self, redis: Redis, name: str, counters: Counters) -> None:
        self._redis = redis
        self._name = name
        self._counters = counters

    def keep_beating(self, stopping: threading.Event) -> None:
        """Sends a heartbeat now and every 2 s until `stopping` is set, also through outages. Run it in a thread."""
        while True:
            try:
                self.beat()
            except OUTAGES as error:
                log.debug("no heartbeat", error=str(error)[:200])
            if stopping.wait(BEAT_SECONDS):
                return

    def beat(self) -> None:
        """Sends one heartbeat. Raises one of redis_client.OUTAGES."""
        self._redis.eval(_BEAT, 1, KEY, self._name, ALIVE_SECONDS)
        self._counters.send(self._redis)

    def end(self) -> None:
        """Removes the process and sends the remaining counts."""
        try:
            self._redis.zrem(KEY, self._name)
            self._counters.send(self._redis)
        except OUTAGES as error:
            log.warning("last heartbeat not sent", error=str(error)[:200])


def count_workers(redis: Redis) -> int | None:
    """Returns the number of live worker processes, or None during a Redis outage."""
    try:
        return len(living_workers(redis))
    except OUTAGES:
        return None


def living_workers(redis: Redis) -> list[str]:
    """Returns the names of live worker processes. Raises one of redis_client.OUTAGES."""
    with redis.pipeline() as pipe:
        pipe.time()
        pipe.zrange(KEY, 0, -1, withscores=True)
        answers: Any = pipe.execute()
    (now, _), beats = answers
    return [name.decode() for name, beat in beats if beat >= now - ALIVE_SECONDS]
