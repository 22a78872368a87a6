"""The rules of one attempt: claim, write, check, settle, tell."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from app.clock import iso, utcnow
from app.config import Settings
from app.content.document import COMPLETED, FAILED, Content
from app.database import OUTAGES
from app.errors import PermanentFailure, TransientFailure
from app.generation import quality
from app.generation.counters import Figures
from app.generation.leases import LEASE, Leases
from app.generation.prompts import Prompt, prompt_for
from app.logs import get_logger
from app.queueing.schedule import GenerationQueue
from app.realtime.events import EventEmitter

log = get_logger(__name__)

LARGEST_TOKEN_BUDGET = 65_536
STORE_PAUSE_SECONDS = 0.5
CRASHED = "The generation failed because of an internal error - please try again"


@dataclass(frozen=True)
class Written:
    """A text from the model. `cut_off`: the token budget ran out before its end."""

    text: str
    tokens: int
    cut_off: bool


class Writer(Protocol):
    """A model provider: turns a prompt into a text, or raises a GenerationError."""

    def write(self, prompt: Prompt, max_output_tokens: int) -> Written: ...


@dataclass(frozen=True)
class Done:
    """The text is there."""

    text: str
    tokens: int


@dataclass(frozen=True)
class Later:
    """Another attempt may succeed."""

    reason: str
    feedback: str | None
    token_budget: int | None
    tokens: int


@dataclass(frozen=True)
class Never:
    """No attempt will succeed, or none is left."""

    reason: str
    tokens: int = 0


Outcome = Done | Later | Never


class Pipeline:
    """Runs attempts. One object serves all threads of a worker process."""

    def __init__(
        self,
        writer: Writer,
        queue: GenerationQueue,
        events: EventEmitter,
        leases: Leases,
        settings: Settings,
        *,
        figures: Figures,
    ) -> None:
        self._writer = writer
        self._queue = queue
        self._events = events
        self._leases = leases
        self._figures = figures
        self._max_tokens = settings.ai_max_tokens
        self._backoff = settings.job_backoff_seconds

    def attempt(self, content_id: str, number: int) -> None:
        """Runs attempt `number`, unless it is not this content's turn: then nothing happens."""
        with self._leases.held(content_id) as owner:
            content = Content.claim(content_id, number, owner=owner, lease=LEASE)
            if content is None:
                log.info("nothing to do")
                return
            with structlog.contextvars.bound_contextvars(user_id=str(content.user_id), **content.log_ids):
                self._run(content, owner)

    def _run(self, content: Content, owner: str) -> None:
        began = time.perf_counter()
        if content.just_started:
            self._events.started(content)
        if not self._leases.lasts(owner):
            log.warning("lease ran out before Gemini was asked")
            return
        outcome = self._write(content)
        settled = self._store(content, owner, outcome)
        name = type(outcome).__name__.lower() if settled else "lost"
        seconds = time.perf_counter() - began
        log.info(
            "attempt",
            outcome=name,
            reason=getattr(outcome, "reason", None),
            max_attempts=content.max_attempts,
            duration_ms=round(seconds * 1000),
            tokens=outcome.tokens,
        )
        self._figures.attempt_ended(name, seconds, outcome.tokens)
        if settled is not None:
            self._tell(settled, outcome)

    def _write(self, content: Content) -> Outcome:
        budget = content.token_budget or self._max_tokens
        prompt = prompt_for(content.content_type, content.title, content.prompt, content.feedback)
        tokens = 0
        try:
            written = self._writer.write(prompt, budget)
            tokens = written.tokens
            if written.cut_off:
                raise TransientFailure("AI service returned a text that was cut off", cut_off=True)  # noqa: TRY301
            quality.check(content.content_type, written.text)
        except PermanentFailure as failure:
            return Never(failure.message, tokens)
        except TransientFailure as failure:
            return _later_or_never(content, budget, failure, tokens)
        except Exception:
            log.exception("attempt crashed")
            return _later_or_never(content, budget, TransientFailure(CRASHED), tokens)
        return Done(written.text, written.tokens)

    def _store(self, content: Content, owner: str, outcome: Outcome) -> Content | None:
        """Writes the outcome; while MongoDB is away, tries until it is back. None when the lease was lost."""
        write = self._transition(content, owner, outcome)
        interrupted = False
        while True:
            try:
                settled = write()
                if settled is None and interrupted:
                    return Content.settled_by(content.id, owner)
            except OUTAGES as error:
                log.warning("outcome not stored yet", error=str(error)[:200])
                interrupted = True
                time.sleep(STORE_PAUSE_SECONDS)
            else:
                return settled

    def _transition(self, content: Content, owner: str, outcome: Outcome) -> Callable[[], Content | None]:
        match outcome:
            case Done(text, tokens):
                return lambda: Content.finish(content.id, owner, text, tokens)
            case Never(reason, tokens):
                return lambda: Content.fail(content.id, owner, reason, tokens)
            case Later(_, feedback, token_budget, tokens):
                due_at = utcnow() + backoff(self._backoff, content.attempt)
                return lambda: Content.retry(
                    content.id, owner, due_at, feedback=feedback, token_budget=token_budget, tokens=tokens
                )

    def _tell(self, content: Content, outcome: Outcome) -> None:
        match outcome:
            case Done():
                self._figures.generation_ended(content.content_type, COMPLETED)
                self._events.completed(content)
            case Never():
                self._figures.generation_ended(content.content_type, FAILED)
                self._events.failed(content)
            case Later(reason=reason):
                log.info("retry scheduled", next_attempt=content.attempt + 1, due_at=iso(content.due_at or utcnow()))
                self._queue.schedule(content)
                self._events.retrying(content, reason)


def _later_or_never(content: Content, budget: int, failure: TransientFailure, tokens: int) -> Later | Never:
    """Another attempt while there is one left, with twice the token budget after a text that was cut off."""
    if content.attempt >= (content.max_attempts or 1):
        return Never(failure.message, tokens)
    larger = min(budget * 2, max(LARGEST_TOKEN_BUDGET, budget)) if failure.cut_off else content.token_budget
    return Later(failure.message, failure.feedback, larger, tokens)


def backoff(first_seconds: float, attempt: int) -> timedelta:
    """The wait after attempt number `attempt`: first, twice that, and so on."""
    return timedelta(seconds=first_seconds * 2 ** (attempt - 1))
