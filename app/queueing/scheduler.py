"""The scheduler loop: moves due jobs into the queue on time, and survives Redis outages.

Every worker process runs one; a lock in Redis elects the leader. It replaces rq-scheduler's `run()`, which polls every
60 s and exits at the first lost connection.
"""

from __future__ import annotations

import math
import threading
import time

from redis import Redis
from redis.exceptions import LockError
from redis.lock import Lock

from app.logs import get_logger
from app.queueing.schedule import HAND_OVER_BATCH, DelaySchedule
from app.redis_client import OUTAGES

log = get_logger(__name__)

POLL_SECONDS = 0.05
"""How often the leader polls shortly before a job is due. Jobs it already knows are moved exactly on time."""
LONGEST_WAIT_SECONDS = 1.0
"""How long the leader waits for a job that is due before the others, of which Redis tells it at once."""
REDIS_TICK_SECONDS = 0.1
"""How late Redis may end a wait."""
CANDIDATE_POLL_SECONDS = 0.5
LEADERSHIP_SECONDS = 3.0
RENEW_SECONDS = 1.0
OUTAGE_PAUSE_SECONDS = 0.5


class SchedulerLoop:
    """The loop, which runs until `stopping` is set. Run `run` in a separate thread."""

    def __init__(self, redis: Redis, stopping: threading.Event) -> None:
        self._schedule = DelaySchedule(redis)
        self._lock = Lock(redis, DelaySchedule.scheduler_lock_key, timeout=LEADERSHIP_SECONDS, blocking=False)
        self._stopping = stopping
        self._leader_until = 0.0
        self._away = False

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                pause = self._hand_over_due() if self._lead() else CANDIDATE_POLL_SECONDS
                self._note_outage(None)
            except OUTAGES as error:
                self._leader_until = 0.0
                self._note_outage(error)
                pause = OUTAGE_PAUSE_SECONDS
            except Exception:
                log.exception("scheduler crashed, continuing")
                pause = OUTAGE_PAUSE_SECONDS
            self._stopping.wait(pause)
        self._step_down()

    def _lead(self) -> bool:
        """Acquires or renews the lock when due. Returns whether this loop is the leader."""
        now = time.monotonic()
        if now < self._leader_until - LEADERSHIP_SECONDS + RENEW_SECONDS:
            return True
        try:
            leads = self._lock.reacquire() if self._leader_until else self._lock.acquire()
        except LockError:
            leads = False
        self._leader_until = now + LEADERSHIP_SECONDS if leads else 0.0
        return leads

    def _hand_over_due(self) -> float:
        """Moves due jobs into the queue, or waits for one. Returns the seconds until the next poll."""
        horizon = time.time() + POLL_SECONDS
        upcoming = self._schedule.upcoming(horizon, HAND_OVER_BATCH)
        now = time.time()
        due = [job_id for job_id, due_at in upcoming if due_at <= now]
        if due:
            self._schedule.hand_over(due)
        if len(due) < len(upcoming):
            return max(0.0, upcoming[len(due)][1] - time.time())
        if due:
            return 0.0 if len(due) == HAND_OVER_BATCH else POLL_SECONDS
        return self._await_next()

    def _await_next(self) -> float:
        """Waits until shortly before the next job is due. Returns the seconds until the next poll."""
        first = self._schedule.upcoming(math.inf, 1)
        known = first[0][1] - time.time() if first else math.inf
        wait = min(known - REDIS_TICK_SECONDS - POLL_SECONDS, LONGEST_WAIT_SECONDS)
        if wait < POLL_SECONDS:
            return POLL_SECONDS
        self._schedule.await_earlier(wait)
        return 0.0

    def _note_outage(self, error: Exception | None) -> None:
        """Logs the start and the end of an outage, but not every poll in between."""
        if error is not None and not self._away:
            log.warning("scheduler waits for redis", error=str(error)[:200])
        if error is None and self._away:
            log.info("scheduler carries on")
        self._away = error is not None

    def _step_down(self) -> None:
        if self._leader_until:
            try:
                self._lock.release()
            except OUTAGES:  # LockError is one of them
                log.debug("leadership already expired")
