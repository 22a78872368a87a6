"""The possible outcomes of an attempt, stored by `transitions.settle`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from app.checks.subject import Reading
from app.usage.tokens import TokenUsage


@dataclass(frozen=True)
class Done:
    """The attempt succeeded. `reading` is that of the model's text, so that the checks need not parse it again."""

    text: str
    usage: TokenUsage = field(default_factory=TokenUsage)
    model: str | None = None
    reading: Reading | None = field(default=None, repr=False, compare=False)
    name: ClassVar = "done"
    called: ClassVar = True


@dataclass(frozen=True)
class Later:
    """The attempt failed and is retried at `due_at`.

    `feedback` goes into the next prompt. `refused` is the text that the quality checks rejected. `called` is whether
    the model was reached.
    """

    reason: str
    due_at: datetime
    feedback: str | None = None
    token_budget: int | None = None
    usage: TokenUsage = field(default_factory=TokenUsage)
    refused: str = ""
    called: bool = True
    reading: Reading | None = field(default=None, repr=False, compare=False)
    name: ClassVar = "later"


@dataclass(frozen=True)
class Never:
    """The generation failed for good, or on its last attempt. `code` is for programs, `reason` for people.

    `refused` is the last attempt's text if the quality checks rejected it; the user can still use it. `called` is
    whether the model was reached.
    """

    reason: str
    code: str = "internal"
    usage: TokenUsage = field(default_factory=TokenUsage)
    refused: str = ""
    called: bool = True
    reading: Reading | None = field(default=None, repr=False, compare=False)
    name: ClassVar = "never"


@dataclass(frozen=True)
class Released:
    """The worker is shutting down. The attempt is not counted and is due again at once."""


@dataclass(frozen=True)
class Expired:
    """The worker died and the lease expired. The run is due again at once, or failed if this was the last attempt."""

    reason: str
    reason_at_the_end: str


Outcome = Done | Later | Never | Released | Expired
