"""The sweep: finds what MongoDB says should be happening and Redis, or a dead worker, has forgotten."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

from app.clock import utcnow
from app.content.document import FAILED, Content, Overdue
from app.database import OUTAGES as DATABASE_OUTAGES
from app.generation.counters import Figures
from app.logs import get_logger
from app.queueing.schedule import GenerationQueue
from app.realtime.events import EventEmitter
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)

SWEEP_SECONDS = 2.0
LOOK_AHEAD = timedelta(seconds=5)
"""A request that Redis lost before its due time is scheduled again this long before it."""
IN_FLIGHT = timedelta(seconds=2)
"""How long a due attempt may be in neither schedule nor queue because a worker is just taking it."""
BATCH = 500
WORKER_DIED = "The worker stopped unexpectedly on every attempt - please try again"
WORKER_DIED_ONCE = "The worker stopped unexpectedly"


class Recovery:
    """Safe to run in every worker at once: all it does is atomic writes and scheduling the same job id again."""

    def __init__(self, queue: GenerationQueue, events: EventEmitter, figures: Figures) -> None:
        self._queue = queue
        self._figures = figures
        self._events = events

    def keep_sweeping(self, stopping: threading.Event) -> None:
        """Sweeps every 2 s until `stopping` is set, through any outage. Call it in a thread of its own."""
        while not stopping.wait(SWEEP_SECONDS):
            try:
                self.sweep()
            except (*DATABASE_OUTAGES, *REDIS_OUTAGES) as error:
                log.warning("sweep put off", error=str(error)[:200])
            except Exception:
                log.exception("sweep carries on after a crash")

    def sweep(self) -> int:
        """Looks once through all that is due or whose lease ran out; how many generations it set going again."""
        until = utcnow() + LOOK_AHEAD
        after: tuple[Any, Any] | None = None
        rescued = 0
        while True:
            batch = Content.overdue(until, after, BATCH)
            rescued += self._take_over(batch) + self._schedule_forgotten(batch)
            if len(batch) < BATCH:
                return rescued
            after = (batch[-1].wake_at, batch[-1].id)

    def _take_over(self, batch: list[Overdue]) -> int:
        """Ends the attempts whose lease ran out, and has them tried again or failed."""
        now = utcnow()
        expired = [c for c in batch if c.lease_owner and c.lease_expires_at and c.lease_expires_at <= now]
        taken = [content for each in expired if (content := Content.take_expired(each, WORKER_DIED))]
        for content in taken:
            log.warning("attempt lost its worker", **content.log_ids, attempt=content.attempt)
            self._figures.attempt_lost()
            if content.generation_status == FAILED:
                self._figures.generation_ended(content.content_type, FAILED)
                self._events.failed(content)
            else:
                self._queue.must_schedule(content)
                self._events.retrying(content, WORKER_DIED_ONCE)
        return len(taken)

    def _schedule_forgotten(self, batch: list[Overdue]) -> int:
        now = utcnow()
        waiting = [
            content for content in batch if not content.lease_owner and not now - IN_FLIGHT <= content.due_at <= now
        ]
        forgotten = self._queue.forgotten(waiting) if waiting else []
        for content in forgotten:
            log.warning("rescheduled", **content.log_ids, attempt=content.attempt + 1)
            self._queue.must_schedule(content)
        return len(forgotten)
