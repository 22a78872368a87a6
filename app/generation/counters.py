"""What the workers count, where any web process can show it to Prometheus: one hash of whole numbers in Redis.

A worker may have no port that Prometheus could reach, and there may be any number of them. So each adds what it
counted to the same hash (HINCRBY) with its heartbeat, and every web process shows the same totals. What cannot be
sent is kept for the next time; a Redis that lost everything begins at 0 again, which Prometheus takes for a reset.
"""

from __future__ import annotations

import bisect
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from redis.client import Pipeline

from app.content.document import CANCELLED, COMPLETED, CONTENT_TYPES, FAILED
from app.outbox import entries
from app.outbox.entries import Entry

KEY = "figures"
GENERATION_OUTCOMES = (COMPLETED, FAILED, CANCELLED)
ATTEMPT_OUTCOMES = ("done", "later", "never", "lost", "cancelled")
"""A text; tried again; the end without a text; void, as the lease was lost or the worker died; called off."""
ATTEMPT_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)
"""Upper bounds of the histogram of attempts; what took longer is in a last bucket without bound."""
REMEMBERED_SECONDS = 24 * 3600
"""For so long an outbox entry that was counted is not counted again."""
_OUTCOME_OF = {
    entries.COMPLETED: COMPLETED,
    entries.FAILED: FAILED,
    entries.VOIDED: CANCELLED,
    entries.CANCELLED: CANCELLED,
}
_COUNT_ONCE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
return 1
"""
_TOKENS = "tokens"
_MILLISECONDS = "attempt-ms"


class Counters:
    """What this process counted and has not sent yet. Thread-safe."""

    def __init__(self) -> None:
        self._unsent: Counter[str] = Counter()
        self._lock = threading.Lock()

    def attempt_ended(self, outcome: str, seconds: float, tokens: int) -> None:
        bucket = bisect.bisect_left(ATTEMPT_SECONDS, seconds)
        counted = {
            f"attempts:{outcome}": 1,
            f"bucket:{bucket}": 1,
            _MILLISECONDS: round(seconds * 1000),
            _TOKENS: tokens,
        }
        self._add(counted)

    def attempt_lost(self) -> None:
        """An attempt whose worker died: nobody knows how long it took."""
        self._add({"attempts:lost": 1})

    def send(self, redis: Redis) -> None:
        """Sends what there is. Raises one of redis_client.OUTAGES, and keeps it, while Redis is away."""
        with redis.pipeline() as pipe:
            taken = self.put(pipe)
            try:
                pipe.execute()
            except Exception:
                self._add(taken)
                raise

    def put(self, pipe: Pipeline) -> dict[str, int]:
        """Adds the commands that send it to `pipe`; what was taken, for the case that the pipe fails."""
        with self._lock:
            taken, self._unsent = dict(self._unsent), Counter()
        for name, amount in taken.items():
            pipe.hincrby(KEY, name, amount)
        return taken

    def _add(self, amounts: dict[str, int]) -> None:
        with self._lock:
            self._unsent.update(amounts)


class GenerationCounter:
    """A handler of outbox entries: counts each generation that ended, once. Thread-safe."""

    def __init__(self, redis: Redis) -> None:
        self._count = redis.register_script(_COUNT_ONCE)

    def count(self, entry: Entry, content: dict[str, Any]) -> None:
        """Raises one of redis_client.OUTAGES."""
        field_name = f"generations:{content['content_type']}:{_OUTCOME_OF[entry.kind]}"
        self._count(keys=[f"counted:{entry.id}", KEY], args=[REMEMBERED_SECONDS, field_name])


@dataclass(frozen=True)
class Totals:
    """What all workers counted since Redis was last empty. `attempt_buckets` are not cumulative, the last is +Inf."""

    generations: dict[tuple[str, str], int] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    attempt_buckets: tuple[int, ...] = ()
    attempt_seconds: float = 0.0
    tokens: int = 0


def read_totals(redis: Redis) -> Totals:
    """Raises one of redis_client.OUTAGES."""
    stored: Any = redis.hgetall(KEY)
    counted = Counter({name.decode(): int(amount) for name, amount in stored.items()})
    return Totals(
        generations={
            (content_type, outcome): counted[f"generations:{content_type}:{outcome}"]
            for content_type in CONTENT_TYPES
            for outcome in GENERATION_OUTCOMES
        },
        attempts={outcome: counted[f"attempts:{outcome}"] for outcome in ATTEMPT_OUTCOMES},
        attempt_buckets=tuple(counted[f"bucket:{number}"] for number in range(len(ATTEMPT_SECONDS) + 1)),
        attempt_seconds=counted[_MILLISECONDS] / 1000,
        tokens=counted[_TOKENS],
    )
