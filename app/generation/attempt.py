"""The rules of one attempt: claim, ask the model, check, settle. What follows from each is the relay's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

import structlog

from app.clock import iso, utcnow
from app.config import Settings
from app.database import OUTAGES
from app.errors import PermanentFailure, TransientFailure
from app.generation import quality, transitions
from app.generation.backlog import next_attempt
from app.generation.counters import Counters
from app.generation.leases import LEASE, Lease, Leases
from app.generation.outcomes import Done, Later, Never
from app.generation.prompts import Prompt, prompt_for
from app.generation.providers.base import LONGEST_ADVISED_WAIT_SECONDS, Completion, Provider, Stopped, StopSignal
from app.generation.transitions import Stored
from app.logs import get_logger
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue
from app.usage.document import Call, UsageRow
from app.usage.tokens import TokenUsage

log = get_logger(__name__)

LARGEST_TOKEN_BUDGET = 65_536
STORE_PAUSE_SECONDS = 0.5
CUT_OFF = "AI service returned a text that was cut off"
CRASHED = "The generation failed because of an internal error - please try again"

LOST = "lost"
"""What becomes of an attempt whose lease was lost."""

Ended = Done | Later | Never
T = TypeVar("T")


@dataclass(frozen=True)
class Interrupted:
    """The call was told to stop, because its lease was lost: nothing is to be written but what it cost."""

    usage: TokenUsage
    name: ClassVar = LOST


class Attempts:
    """Runs attempts. One object serves all threads of a worker process."""

    def __init__(
        self,
        provider: Provider,
        queue: GenerationQueue,
        relay: Relay,
        leases: Leases,
        settings: Settings,
        *,
        counters: Counters,
    ) -> None:
        self._provider = provider
        self._queue = queue
        self._relay = relay
        self._leases = leases
        self._counters = counters
        self._max_tokens = settings.ai_max_tokens
        self._backoff = settings.job_backoff_seconds

    def run(self, content_id: str, number: int) -> None:
        """Runs attempt `number`, unless it is not this content's turn: then nothing happens."""
        with self._leases.held(content_id) as lease:
            content = transitions.claim(content_id, number, owner=lease.owner, lease=LEASE)
            if content is None:
                log.info("nothing to do")
                return
            lease.claimed = True
            with structlog.contextvars.bound_contextvars(user_id=str(content["user_id"]), **log_ids(content)):
                self._relay.carry(content)
                self._run(content | {"attempt": number}, lease)

    def _run(self, content: Stored, lease: Lease) -> None:
        began = time.perf_counter()
        prompt = _prompt_for(content)
        self._open_usage(content, lease, prompt)
        if not self._leases.lasts(lease.owner):
            log.warning("lease ran out before the model was asked")
            _patiently(lambda: UsageRow.discard(lease.owner))
            return
        outcome = self._ask(content, prompt, lease.stop)
        _patiently(lambda: UsageRow.complete(lease.owner, outcome.name, outcome.usage))
        settled = self._store(content, lease.owner, outcome)
        if settled is None:
            _patiently(lambda: UsageRow.complete(lease.owner, LOST, outcome.usage))
        self._note(content, outcome, LOST if settled is None else outcome.name, time.perf_counter() - began)
        if settled is not None:
            self._follow_up(settled, outcome)

    def _note(self, content: Stored, outcome: Ended | Interrupted, name: str, seconds: float) -> None:
        """Logs and counts what became of an attempt."""
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
        """Has the next attempt scheduled, and the consequences carried out; the sweep does what fails here."""
        if isinstance(outcome, Later):
            due = next_attempt(settled)
            log.info("retry scheduled", next_attempt=due.attempt, due_at=iso(due.due_at))
            self._queue.schedule(due)
        self._relay.carry(settled)

    def _ask(self, content: Stored, prompt: Prompt, stop: StopSignal) -> Ended | Interrupted:
        """What became of the call to the model."""
        budget = content.get("token_budget") or self._max_tokens
        usage = TokenUsage()
        try:
            completion = self._completion(prompt, budget, stop)
            usage = completion.usage
            if completion.cut_off:
                raise TransientFailure(CUT_OFF, failure_code="cut_off", cut_off=True)  # noqa: TRY301  # it is judged below, with the others
            quality.check(content["content_type"], completion.text, _asked(content)["prompt"])
        except Stopped as stopped:
            return Interrupted(stopped.usage)
        except PermanentFailure as failure:
            return Never(failure.message, failure.failure_code, failure.usage or usage)
        except TransientFailure as failure:
            return self._later_or_never(content, budget, failure, failure.usage or usage)
        except Exception:
            log.exception("attempt crashed")
            return self._later_or_never(content, budget, TransientFailure(CRASHED), usage)
        return Done(completion.text, usage)

    def _completion(self, prompt: Prompt, budget: int, stop: StopSignal) -> Completion:
        for each in self._provider.stream(prompt, budget, stop):
            if isinstance(each, Completion):
                return each
        raise RuntimeError("a provider's stream ended without its Completion")

    def _later_or_never(
        self, content: Stored, budget: int, failure: TransientFailure, usage: TokenUsage
    ) -> Later | Never:
        """Another attempt while one is left, not before the provider advises; twice the budget after a cut-off."""
        if content["attempt"] >= (content.get("max_attempts") or 1):
            return Never(failure.message, failure.failure_code, usage)
        larger = min(budget * 2, max(LARGEST_TOKEN_BUDGET, budget)) if failure.cut_off else content.get("token_budget")
        due_at = utcnow() + wait(self._backoff, content["attempt"], failure.retry_after)
        return Later(failure.message, due_at, failure.feedback, larger, usage)

    def _store(self, content: Stored, owner: str, outcome: Ended | Interrupted) -> Stored | None:
        """Writes the outcome; while MongoDB is away, tries until it is back. None when the lease was lost."""
        if isinstance(outcome, Interrupted):
            return None
        interrupted = False
        while True:
            try:
                settled = transitions.settle(content["_id"], owner, outcome)
                if settled is None and interrupted:
                    return transitions.settled_by(content["_id"], owner)
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
            content["_id"],
            content.get("job_id"),
            content["content_type"],
            content["attempt"],
            self._provider.model,
            prompt.estimated_tokens,
        )
        _patiently(lambda: UsageRow.open(call), "call put off")


def backoff(first_seconds: float, attempt: int) -> timedelta:
    """The wait after attempt number `attempt`: first, twice that, and so on."""
    return timedelta(seconds=first_seconds * 2 ** (attempt - 1))


def wait(first_seconds: float, attempt: int, advice: float | None) -> timedelta:
    """The wait after attempt number `attempt`: as the provider advises, within a limit, and never less than usual."""
    advised = timedelta(seconds=min(advice or 0.0, LONGEST_ADVISED_WAIT_SECONDS))
    return max(backoff(first_seconds, attempt), advised)


def log_ids(content: Stored) -> dict[str, Any]:
    """The ids by which the log's lines about this content are found."""
    return {
        "request_id": content.get("request_id"),
        "content_id": str(content["_id"]),
        "job_id": content.get("job_id"),
    }


def _asked(content: Stored) -> Stored:
    """What was asked at the moment of the request; contents from before that was kept have it in their fields."""
    asked: Stored = content.get("asked") or content
    return asked


def _prompt_for(content: Stored) -> Prompt:
    asked = _asked(content)
    return prompt_for(content["content_type"], asked["title"], asked["prompt"], content.get("feedback"))


def _patiently(write: Callable[[], T], otherwise: str = "outcome not stored yet") -> T:
    """Does a write; while MongoDB is away, says `otherwise` and tries until it is back."""
    while True:
        try:
            return write()
        except OUTAGES as error:
            log.warning(otherwise, error=str(error)[:200])
            time.sleep(STORE_PAUSE_SECONDS)
