"""The heartbeat of worker processes, in Redis.

A sorted set has the names of the processes by the time of their last beat. Only Redis' own clock is used, so that hosts
whose clocks differ agree on who is alive. A process that is told to stop removes its name at once.
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
"""A process without a beat for this long counts as dead."""

_BEAT = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[2])
"""


class Heartbeat:
    """Sends the beats of the process `name`, and what it has counted."""

    def __init__(self, redis: Redis, name: str, counters: Counters) -> None:
        self._redis = redis
        self._name = name
        self._counters = counters

    def keep_beating(self, stopping: threading.Event) -> None:
        """Beats at once and every 2 s until `stopping` is set, through any outage. Call it in its own thread."""
        while True:
            try:
                self.beat()
            except OUTAGES as error:
                log.debug("no heartbeat", error=str(error)[:200])
            if stopping.wait(BEAT_SECONDS):
                return

    def beat(self) -> None:
        """Raises one of redis_client.OUTAGES."""
        self._redis.eval(_BEAT, 1, KEY, self._name, ALIVE_SECONDS)
        self._counters.send(self._redis)

    def end(self) -> None:
        """The last beat: sends what was counted and removes the name."""
        try:
            self._redis.zrem(KEY, self._name)
            self._counters.send(self._redis)
        except OUTAGES as error:
            log.warning("last heartbeat not sent", error=str(error)[:200])


def count_workers(redis: Redis) -> int | None:
    """How many worker processes are alive. None while Redis is away."""
    try:
        return len(living_workers(redis))
    except OUTAGES:
        return None


def living_workers(redis: Redis) -> list[str]:
    """The names of the worker processes that are alive. Raises one of redis_client.OUTAGES."""
    with redis.pipeline() as pipe:
        pipe.time()
        pipe.zrange(KEY, 0, -1, withscores=True)
        answers: Any = pipe.execute()
    (now, _), beats = answers
    return [name.decode() for name, beat in beats if beat >= now - ALIVE_SECONDS]
