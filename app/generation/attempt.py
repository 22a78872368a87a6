"""Runs one attempt: claim the run, call the model, check the text, settle. The relay handles the consequences."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from mongoengine import Document

from app.clock import iso
from app.config import Settings
from app.content import versions
from app.content.document import UNFINISHED, Content
from app.database import OUTAGES
from app.generation import transitions
from app.generation.backlog import log_ids, next_attempt
from app.generation.counters import Counters
from app.generation.leases import LEASE, Lease, Leases
from app.generation.model_call import CANCELLED_MEANWHILE, LOST, Ended, Interrupted, ModelCall
from app.generation.outcomes import Later
from app.generation.prompts import Prompt
from app.generation.providers.base import Provider
from app.generation.streaming import LiveStreams
from app.generation.transitions import Stored
from app.logs import get_logger
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue
from app.quotas.service import give_back_uncalled
from app.usage.document import Call, UsageRow

log = get_logger(__name__)

T = TypeVar("T")

STORE_PAUSE_SECONDS = 0.5


class Attempts:
    """Runs attempts for the documents `of`: contents, or rewrites together with their own `call`.

    Thread-safe: a worker process has one for all its threads.
    """

    def __init__(
        self,
        provider: Provider,
        queue: GenerationQueue,
        relay: Relay,
        leases: Leases,
        settings: Settings,
        *,
        counters: Counters,
        live: LiveStreams,
        call: ModelCall | None = None,
        of: type[Document] = Content,
    ) -> None:
        self._call = call or ModelCall(provider, settings, live)
        self._of = of
        self._queue = queue
        self._relay = relay
        self._leases = leases
        self._counters = counters

    def run(self, content_id: str, number: int) -> None:
        """Runs attempt `number`. Does nothing unless that attempt of this content is due."""
        with self._leases.held(content_id) as lease:
            content = transitions.claim(content_id, number, lease_owner=lease.owner, lease=LEASE, of=self._of)
            if content is None:
                log.info("nothing to do")
                return
            lease.claimed = True
            with structlog.contextvars.bound_contextvars(user_id=str(content["user_id"]), **log_ids(content)):
                self._relay.carry(content)
                self._run(content | {"attempt": number}, lease)

    def _run(self, content: Stored, lease: Lease) -> None:
        began = time.perf_counter()
        prompt = self._call.prompt_of(content)
        self._open_usage(content, lease, prompt)
        if not self._may_ask(content, lease):
            log.warning("lease lost or run cancelled before the model was called")
            self._not_called(content, lease)
            return
        outcome = self._call.ask(content, prompt, lease.stop)
        if outcome.called:
            _with_retries(lambda: UsageRow.complete(lease.owner, outcome.name, outcome.usage))
        else:
            self._not_called(content, lease)
        settled = self._store(content, lease.owner, outcome)
        name = outcome.name if settled is not None else self._record_lost(content, lease, outcome)
        self._note(content, outcome, name, time.perf_counter() - began)
        if settled is not None:
            self._follow_up(settled, outcome)

    def _may_ask(self, content: Stored, lease: Lease) -> bool:
        """Whether this worker still holds the lease, by MongoDB and by its own clock. Checked before a paid call."""
        holds = _with_retries(lambda: transitions.holds(content["_id"], lease.owner, self._of), "call postponed")
        return holds and not lease.stop.requested and self._leases.lasts(lease.owner)

    def _not_called(self, content: Stored, lease: Lease) -> None:
        """Discards the usage row of a call that was not made, and releases the quota hold if the run has ended.

        Whoever ended the run may have kept the hold because the usage row suggested that the model was called.
        """
        _with_retries(lambda: UsageRow.discard(lease.owner))
        if not _with_retries(lambda: transitions.is_unfinished(content["_id"], content.get("job_id"), self._of)):
            _with_retries(lambda: give_back_uncalled(content["user_id"], content["_id"], content.get("job_id")))

    def _record_lost(self, content: Stored, lease: Lease, outcome: Ended | Interrupted) -> str:
        """Records the cost of an attempt that lost its lease. Returns the outcome: lost or cancelled."""
        cancelled = _with_retries(lambda: transitions.was_cancelled(content["_id"], content.get("job_id")))
        name = CANCELLED_MEANWHILE if cancelled else LOST
        _with_retries(lambda: UsageRow.complete(lease.owner, name, outcome.usage))
        if cancelled and (text := getattr(outcome, "text", "")):
            _with_retries(lambda: versions.append(content["_id"], versions.PARTIAL, text, lease.owner, content))
        return name

    def _note(self, content: Stored, outcome: Ended | Interrupted, name: str, seconds: float) -> None:
        """Logs and counts the outcome of an attempt."""
        log.info(
            "attempt",
            outcome=name,
            reason=getattr(outcome, "reason", None),
            max_attempts=content.get("max_attempts"),
            duration_ms=round(seconds * 1000),
            tokens=outcome.usage.total,
        )
        self._counters.attempt_ended(name, seconds, outcome.usage.total)

    def _follow_up(self, settled: Stored, outcome: Ended | Interrupted) -> None:
        """Schedules the next attempt and relays the outbox entries. The sweep completes whatever fails here."""
        if isinstance(outcome, Later) and settled["generation_status"] in UNFINISHED:
            due = next_attempt(settled)
            log.info("retry scheduled", next_attempt=due.attempt, due_at=iso(due.due_at))
            self._queue.schedule(due)
        self._relay.carry(settled)

    def _store(self, content: Stored, owner: str, outcome: Ended | Interrupted) -> Stored | None:
        """Stores the outcome, retrying until MongoDB responds. Returns None if the lease was lost."""
        if isinstance(outcome, Interrupted):
            return None
        interrupted = False
        while True:
            try:
                settled = transitions.settle(content["_id"], owner, outcome, self._of)
                if settled is None and interrupted:
                    return transitions.settled_by(content["_id"], owner, self._of)
            except OUTAGES as error:
                log.warning("outcome not stored yet", error=str(error)[:200])
                interrupted = True
                time.sleep(STORE_PAUSE_SECONDS)
            else:
                return settled

    def _open_usage(self, content: Stored, lease: Lease, prompt: Prompt) -> None:
        call = Call(
            lease.owner,
            content["user_id"],
            content.get("content_id") or content["_id"],  # a rewrite belongs to another content
            content.get("job_id"),
            content["content_type"],
            content["attempt"],
            self._call.model,
            prompt.estimated_tokens,
            rewrite=self._of is not Content,
        )
        _with_retries(lambda: UsageRow.open(call), "call postponed")


def _with_retries(write: Callable[[], T], otherwise: str = "outcome not stored yet") -> T:
    """Returns the result of `write`, retrying through a MongoDB outage. Logs `otherwise` after each failure."""
    while True:
        try:
            return write()
        except OUTAGES as error:
            log.warning(otherwise, error=str(error)[:200])
            time.sleep(STORE_PAUSE_SECONDS)
