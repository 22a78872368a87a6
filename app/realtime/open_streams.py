"""Limits the streams that a user may have open across all web processes.

Each open stream holds a slot in the Redis sorted set `streams:<user id>` and renews it. The slots of a process that
died expire after a minute. During a Redis outage each process counts only its own streams.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from redis import Redis

from app.errors import RateLimited
from app.logs import get_logger
from app.redis_client import OUTAGES

MOST_STREAMS = 20
"""Per user."""
PLACE_SECONDS = 60
RENEW_SECONDS = 20.0
RETRY_AFTER_SECONDS = 5

_TAKE = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""
"""Takes or renews a slot. Returns 0 if all are taken."""

log = get_logger(__name__)


def key_of(user_id: str) -> str:
    return f"streams:{user_id}"


class OpenStreams:
    """The streams open in this process. Thread-safe."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._take = redis.register_script(_TAKE)
        self._lock = threading.Lock()
        self._open: Counter[str] = Counter()

    def counted(self, user_id: str, parts: Callable[[], Iterator[bytes]]) -> CountedStream:
        """Returns a response body that holds a slot until it is closed. Raises RateLimited if all slots are taken."""
        self._count(user_id)
        place = uuid.uuid4().hex
        if not self._taken(user_id, place):
            self._discount(user_id)
            raise _too_many()
        return CountedStream(parts(), lambda: self._taken(user_id, place), lambda: self._close(user_id, place))

    def _count(self, user_id: str) -> None:
        with self._lock:
            if self._open[user_id] >= MOST_STREAMS:
                raise _too_many()
            self._open[user_id] += 1

    def _discount(self, user_id: str) -> None:
        with self._lock:
            self._open[user_id] -= 1
            if not self._open[user_id]:
                del self._open[user_id]

    def _taken(self, user_id: str, place: str) -> bool:
        try:
            return bool(self._take(keys=[key_of(user_id)], args=[place, MOST_STREAMS, PLACE_SECONDS]))
        except OUTAGES as error:
            log.debug("counting streams of this process only", error=str(error)[:200])
            return True

    def _close(self, user_id: str, place: str) -> None:
        self._discount(user_id)
        try:
            self._redis.zrem(key_of(user_id), place)
        except OUTAGES as error:
            log.debug("stream slot not released", error=str(error)[:200])


class CountedStream:
    """A response body. The server closes it, even if the client disconnects before the first byte."""

    def __init__(self, parts: Iterator[bytes], renew: Callable[[], object], closed: Callable[[], None]) -> None:
        self._parts: Any = parts
        self._renew = renew
        self._closed: Callable[[], None] | None = closed
        self._renewed = time.monotonic()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        part: bytes = next(self._parts)
        if time.monotonic() - self._renewed >= RENEW_SECONDS:
            self._renewed = time.monotonic()
            self._renew()
        return part

    def close(self) -> None:
        """Ends the stream and releases its slot. Idempotent."""
        closed, self._closed = self._closed, None
        if closed:
            self._parts.close()
            closed()


def _too_many() -> RateLimited:
    return RateLimited(f"Too many streams: at most {MOST_STREAMS} for one person", retry_after=RETRY_AFTER_SECONDS)
