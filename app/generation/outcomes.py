"""How an attempt at a text can end. `transitions.settle` writes each of these outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from app.usage.tokens import TokenUsage


@dataclass(frozen=True)
class Done:
    """The text is there."""

    text: str
    usage: TokenUsage = field(default_factory=TokenUsage)
    model: str | None = None
    name: ClassVar = "done"
    called: ClassVar = True


@dataclass(frozen=True)
class Later:
    """Another attempt may succeed, and is due at `due_at`. `feedback` tells the model what to do better.

    `refused` is the text that this attempt brought and the checks refused. `called`: the model was reached.
    """

    reason: str
    due_at: datetime
    feedback: str | None = None
    token_budget: int | None = None
    usage: TokenUsage = field(default_factory=TokenUsage)
    refused: str = ""
    called: bool = True
    name: ClassVar = "later"


@dataclass(frozen=True)
class Never:
    """No attempt will succeed, or none is left. `code` is for programs, `reason` for the person.

    `refused` is the text of the last attempt if the checks refused it. The person may use it all the same. `called` as
    above.
    """

    reason: str
    code: str = "internal"
    usage: TokenUsage = field(default_factory=TokenUsage)
    refused: str = ""
    called: bool = True
    name: ClassVar = "never"


@dataclass(frozen=True)
class Released:
    """The worker is stopping. The attempt does not count, and is due again at once."""


@dataclass(frozen=True)
class Expired:
    """The worker died, so the lease expired. It is tried again at once, or has failed if this was the last attempt."""

    reason: str
    reason_at_the_end: str


Outcome = Done | Later | Never | Released | Expired
