"""The sweep: finds generations in MongoDB that Redis or a dead worker lost, and reschedules them."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

from mongoengine import Document

from app import periodic
from app.clock import utcnow
from app.content.document import FAILED, Content
from app.generation import backlog, transitions
from app.generation.backlog import Overdue, next_attempt
from app.generation.counters import Counters
from app.generation.leases import LEASE
from app.generation.outcomes import Expired
from app.logs import get_logger
from app.outage_grace import OutageGrace
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue
from app.usage.document import UsageRow

log = get_logger(__name__)

SWEEP_SECONDS = 2.0
LOOK_AHEAD = timedelta(seconds=5)
"""How long before its due time a generation that Redis lost is rescheduled."""
IN_FLIGHT = timedelta(seconds=2)
"""How long a due attempt may be in neither the schedule nor the queue, because a worker is taking it."""
BATCH = 500
WORKER_DIED = "The worker stopped unexpectedly on every attempt - please try again"
WORKER_DIED_ONCE = "The worker stopped unexpectedly"


class Sweep:
    """Safe to run in all workers at once: its writes are atomic, and scheduling a job id again is idempotent."""

    def __init__(self, queue: GenerationQueue, relay: Relay, counters: Counters, of: type[Document] = Content) -> None:
        self._of = of
        self._queue = queue
        self._relay = relay
        self._counters = counters
        self._grace = OutageGrace(LEASE.total_seconds())

    def keep_sweeping(self, stopping: threading.Event) -> None:
        """Sweeps every 2 s until `stopping` is set, also through outages. Run it in a separate thread."""
        while not stopping.wait(SWEEP_SECONDS):
            for sweep in (self.sweep, self._relay.carry_left_behind):
                periodic.attempt("sweep", sweep)

    def sweep(self) -> int:
        """Checks everything that is overdue or has an expired lease. Returns the number of rescued generations."""
        until = utcnow() + LOOK_AHEAD
        after: tuple[datetime, Any] | None = None
        rescued = 0
        while True:
            with self._grace.watching():
                batch = backlog.overdue(until, after, BATCH, self._of)
            rescued += self._take_over(batch) + self._schedule_forgotten(batch)
            if len(batch) < BATCH:
                return rescued
            after = (batch[-1].wake_at, batch[-1].id)

    def _take_over(self, batch: list[Overdue]) -> int:
        """Ends attempts whose lease expired; their runs are retried or fail. Returns how many.

        For one lease duration after an outage none is ended: the workers renew their leases, or store their texts.
        """
        if self._grace.lasts:
            return 0
        now = utcnow()
        expired = [
            each for each in batch if each.lease_owner and each.lease_expires_at and each.lease_expires_at <= now
        ]
        return sum(self._end(each) for each in expired)

    def _end(self, expired: Overdue) -> bool:
        """Ends an attempt. Returns False if another sweep or its own worker did so first."""
        owner = expired.lease_owner or ""
        UsageRow.lose(owner)  # first, in case this worker dies in between; an attempt that is still running corrects it
        content = transitions.settle(expired.id, owner, Expired(WORKER_DIED_ONCE, WORKER_DIED), self._of)
        if content is None:
            return False
        log.warning("attempt lost its worker", **expired.next_attempt.log_ids, attempt=expired.attempt)
        self._counters.attempt_lost()
        if content["generation_status"] != FAILED:
            self._queue.schedule(next_attempt(content))
        self._relay.carry(content)
        return True

    def _schedule_forgotten(self, batch: list[Overdue]) -> int:
        now = utcnow()
        waiting = [
            each.next_attempt for each in batch if not each.lease_owner and not now - IN_FLIGHT <= each.due_at <= now
        ]
        forgotten = self._queue.forgotten(waiting) if waiting else []
        for due in forgotten:
            log.warning("rescheduled", **due.log_ids, attempt=due.attempt)
            self._queue.must_schedule(due)
        return len(forgotten)
