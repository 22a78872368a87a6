"""The workers' counters, kept in one Redis hash from which any web process exports them to Prometheus.

Workers may have no port that Prometheus can reach, and there may be any number of them. So each worker adds its counts
to one hash (HINCRBY) with its heartbeat, and every web process exports the same totals. Counts that cannot be sent are
kept for the next heartbeat. If Redis loses its data, the totals restart at 0, which Prometheus treats as a reset.
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
"""Succeeded; will be retried; failed for good; void because the lease was lost or the worker died; cancelled."""
DELIVERY_OUTCOMES = ("delivered", "later", "failed")
"""What attempts to send a webhook's message led to: acknowledged; will be retried; given up."""
ATTEMPT_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0)
"""Upper bounds of the attempt histogram, in seconds. A last bucket (+Inf) holds longer attempts."""
REMEMBERED_SECONDS = 24 * 3600
"""How long a repeated outbox entry is recognised and not counted again."""
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
    """Counts of this process that were not sent yet. Thread-safe."""

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
        """Counts an attempt whose worker died. Its duration is unknown."""
        self._add({"attempts:lost": 1})

    def delivery_tried(self, outcome: str) -> None:
        """Counts an attempt to send a webhook's message, by its outcome, one of DELIVERY_OUTCOMES."""
        self._add({f"deliveries:{outcome}": 1})

    def send(self, redis: Redis) -> None:
        """Sends the counts. Keeps them if it raises one of redis_client.OUTAGES."""
        with redis.pipeline() as pipe:
            taken = self.put(pipe)
            try:
                pipe.execute()
            except Exception:
                self._add(taken)
                raise

    def put(self, pipe: Pipeline) -> dict[str, int]:
        """Adds the commands that send the counts to `pipe`. Returns the counts, to be restored if the pipe fails."""
        with self._lock:
            taken, self._unsent = dict(self._unsent), Counter()
        for name, amount in taken.items():
            pipe.hincrby(KEY, name, amount)
        return taken

    def _add(self, amounts: dict[str, int]) -> None:
        with self._lock:
            self._unsent.update(amounts)


class GenerationCounter:
    """An outbox handler that counts each finished generation once. Thread-safe."""

    def __init__(self, redis: Redis) -> None:
        self._count = redis.register_script(_COUNT_ONCE)

    def count(self, entry: Entry, content: dict[str, Any]) -> None:
        """Counts a generation's end. Raises one of redis_client.OUTAGES."""
        field_name = f"generations:{content['content_type']}:{_OUTCOME_OF[entry.kind]}"
        self._count(keys=[f"counted:{entry.id}", KEY], args=[REMEMBERED_SECONDS, field_name])


@dataclass(frozen=True)
class Totals:
    """The totals of all workers. `attempt_buckets` are not cumulative; the last one is +Inf."""

    generations: dict[tuple[str, str], int] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    attempt_buckets: tuple[int, ...] = ()
    attempt_seconds: float = 0.0
    tokens: int = 0
    deliveries: dict[str, int] = field(default_factory=dict)


def read_totals(redis: Redis) -> Totals:
    """Returns the totals. Raises one of redis_client.OUTAGES."""
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
        deliveries={outcome: counted[f"deliveries:{outcome}"] for outcome in DELIVERY_OUTCOMES},
    )
