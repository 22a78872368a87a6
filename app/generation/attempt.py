"""The rules of one attempt: claim, ask the model, check, settle. The relay carries out what follows from each step."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from mongoengine import Document

from app.clock import iso
from app.config import Settings
from app.content import versions
from app.content.document import UNFINISHED, Content
from app.database import OUTAGES
from app.generation import transitions
from app.generation.backlog import next_attempt
from app.generation.counters import Counters
from app.generation.leases import LEASE, Lease, Leases
from app.generation.model_call import CALLED_OFF, LOST, Ended, Interrupted, ModelCall
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
    """Runs attempts at texts `of` contents, or with another `call` of rewrites.

    One object serves all threads of a worker process.
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
        """Runs attempt `number`. Does nothing if that attempt is not due for this content."""
        with self._leases.held(content_id) as lease:
            content = transitions.claim(content_id, number, owner=lease.owner, lease=LEASE, of=self._of)
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
            log.warning("lease ran out, or the run was called off, before the model was asked")
            self._not_called(content, lease)
            return
        outcome = self._call.ask(content, prompt, lease.stop)
        if outcome.called:
            _patiently(lambda: UsageRow.complete(lease.owner, outcome.name, outcome.usage))
        else:
            self._not_called(content, lease)
        settled = self._store(content, lease.owner, outcome)
        name = outcome.name if settled is not None else self._in_vain(content, lease, outcome)
        self._note(content, outcome, name, time.perf_counter() - began)
        if settled is not None:
            self._follow_up(settled, outcome)

    def _may_ask(self, content: Stored, lease: Lease) -> bool:
        """Whether the attempt is still ours, both in MongoDB and by our own clock. What follows costs money."""
        holds = _patiently(lambda: transitions.holds(content["_id"], lease.owner, self._of), "call put off")
        return holds and not lease.stop.requested and self._leases.lasts(lease.owner)

    def _not_called(self, content: Stored, lease: Lease) -> None:
        """The model was not called after all: nothing is counted, and what was reserved for a run that is over returns.

        Whoever ended the run may have seen the row of the call, and have taken it for one that was made.
        """
        _patiently(lambda: UsageRow.discard(lease.owner))
        if not _patiently(lambda: transitions.is_unfinished(content["_id"], content.get("job_id"), self._of)):
            _patiently(lambda: give_back_uncalled(content["user_id"], content["_id"], content.get("job_id")))

    def _in_vain(self, content: Stored, lease: Lease, outcome: Ended | Interrupted) -> str:
        """The outcome under which the cost of an attempt is recorded that was no longer ours when it ended."""
        cancelled = _patiently(lambda: transitions.was_cancelled(content["_id"], content.get("job_id")))
        name = CALLED_OFF if cancelled else LOST
        _patiently(lambda: UsageRow.complete(lease.owner, name, outcome.usage))
        if cancelled and (text := getattr(outcome, "text", "")):
            _patiently(lambda: versions.append(content["_id"], versions.PARTIAL, text, lease.owner, content))
        return name

    def _note(self, content: Stored, outcome: Ended | Interrupted, name: str, seconds: float) -> None:
        """Logs and counts how an attempt ended."""
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
        """Schedules the next attempt and carries out the consequences. The sweep does whatever fails here."""
        if isinstance(outcome, Later) and settled["generation_status"] in UNFINISHED:
            due = next_attempt(settled)
            log.info("retry scheduled", next_attempt=due.attempt, due_at=iso(due.due_at))
            self._queue.schedule(due)
        self._relay.carry(settled)

    def _store(self, content: Stored, owner: str, outcome: Ended | Interrupted) -> Stored | None:
        """Writes the outcome, trying until MongoDB answers. Returns None if the lease was lost."""
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
            content.get("content_id") or content["_id"],  # of a rewrite: the content that it is for
            content.get("job_id"),
            content["content_type"],
            content["attempt"],
            self._call.model,
            prompt.estimated_tokens,
            rewrite=self._of is not Content,
        )
        _patiently(lambda: UsageRow.open(call), "call put off")


def log_ids(content: Stored) -> dict[str, Any]:
    """The ids that all log lines about this content have."""
    return {
        "request_id": content.get("request_id"),
        "content_id": str(content["_id"]),
        "job_id": content.get("job_id"),
    }


def _patiently(write: Callable[[], T], otherwise: str = "outcome not stored yet") -> T:
    """Does a write. While MongoDB is away, logs `otherwise` and tries until it is back."""
    while True:
        try:
            return write()
        except OUTAGES as error:
            log.warning(otherwise, error=str(error)[:200])
            time.sleep(STORE_PAUSE_SECONDS)
