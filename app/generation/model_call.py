"""Calls the model for an attempt and decides the outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.checks.subject import Reading
from app.clock import utcnow
from app.config import Settings
from app.errors import PermanentFailure, TransientFailure
from app.generation import quality
from app.generation.outcomes import Done, Later, Never
from app.generation.prompts import Prompt, prompt_for
from app.generation.providers.base import Completion, Provider, Stopped, StopSignal
from app.generation.retry_delay import retry_delay
from app.generation.streaming import LiveStreams
from app.generation.transitions import Stored
from app.logs import get_logger
from app.usage.tokens import TokenUsage

log = get_logger(__name__)

LARGEST_TOKEN_BUDGET = 65_536
CRASHED = "The generation failed because of an internal error - please try again"

LOST = "lost"
"""The outcome of an attempt whose lease was lost."""
CANCELLED_MEANWHILE = "cancelled"
"""The outcome of an attempt whose run was cancelled while it was in progress."""

Ended = Done | Later | Never


@dataclass(frozen=True)
class Interrupted:
    """The call was stopped because its lease was lost or its run cancelled. Has the text so far and its cost."""

    text: str
    usage: TokenUsage
    called: bool = True
    name: ClassVar = LOST


class ModelCall:
    """Calls the model and checks its response. Thread-safe: a worker process has one for all its threads."""

    def __init__(self, provider: Provider, settings: Settings, live: LiveStreams) -> None:
        self._provider = provider
        self._live = live
        self._max_tokens = settings.ai_max_tokens
        self._backoff = settings.job_backoff_seconds

    @property
    def model(self) -> str:
        """The name of the model."""
        return self._provider.model

    def prompt_of(self, content: Stored) -> Prompt:
        """Returns the prompt for the current attempt."""
        return prompt_of(content)

    def judged(self, content: Stored, reading: Reading) -> str:
        """Returns the text to store. Raises TransientFailure if the response does not pass the quality checks."""
        asked = asked_of(content)
        request = "\n".join([asked["title"], asked["prompt"], asked.get("instruction") or ""])
        quality.check(content["content_type"], reading, request, asked.get("brief"))
        return reading.text

    def ask(self, content: Stored, prompt: Prompt, stop: StopSignal) -> Ended | Interrupted:
        """Calls the model and returns the outcome. Failures are returned, not raised."""
        budget = content.get("token_budget") or self._max_tokens
        usage, reading = TokenUsage(), None
        try:
            completion = self._completion(content, prompt, budget, stop)
            usage, reading = completion.usage, Reading(completion.text)
            if completion.cut_off:
                raise TransientFailure(quality.CUT_OFF, failure_code="cut_off", cut_off=True)  # noqa: TRY301  # handled below
            text = self.judged(content, reading)
        except Stopped as stopped:
            return Interrupted(stopped.text, stopped.usage, stopped.called)
        except PermanentFailure as failure:
            return Never(failure.message, failure.failure_code, failure.usage or usage, called=failure.called)
        except TransientFailure as failure:
            return self._later_or_never(content, budget, failure, failure.usage or usage, reading)
        except Exception:
            log.exception("attempt crashed")
            return self._later_or_never(content, budget, TransientFailure(CRASHED), usage)
        return Done(text, usage, completion.model, reading)

    def _completion(self, content: Stored, prompt: Prompt, budget: int, stop: StopSignal) -> Completion:
        with self._live.open(str(content.get("job_id") or content["_id"]), content["attempt"]) as preview:
            for each in self._provider.stream(prompt, budget, stop):
                if isinstance(each, Completion):
                    return each
                preview.add(each.text)
        raise RuntimeError("the provider's stream ended without a Completion")

    def _later_or_never(
        self, content: Stored, budget: int, failure: TransientFailure, usage: TokenUsage, reading: Reading | None = None
    ) -> Later | Never:
        """Another attempt if one remains, no sooner than the provider advises, and with twice the budget if cut off."""
        refused = reading.text if reading else ""
        if content["attempt"] >= (content.get("max_attempts") or 1):
            return Never(failure.message, failure.failure_code, usage, refused, failure.called, reading)
        larger = min(budget * 2, max(LARGEST_TOKEN_BUDGET, budget)) if failure.cut_off else content.get("token_budget")
        due_at = utcnow() + retry_delay(self._backoff, content["attempt"], failure.retry_after)
        return Later(failure.message, due_at, failure.feedback, larger, usage, refused, failure.called, reading)


def asked_of(content: Stored) -> Stored:
    """Returns the request's snapshot. Contents stored before there were snapshots are their own."""
    asked: Stored = content.get("asked") or content
    return asked


def prompt_of(content: Stored) -> Prompt:
    asked = asked_of(content)
    return prompt_for(
        content["content_type"],
        asked["title"],
        asked["prompt"],
        content.get("feedback"),
        asked.get("brief"),
        instruction=asked.get("instruction"),
    )
