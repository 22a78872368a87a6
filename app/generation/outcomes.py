"""How an attempt at a text can end; `transitions.settle` writes each of them down."""

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


@dataclass(frozen=True)
class Later:
    """Another attempt may succeed; it is due at `due_at`. `feedback` tells the model what to do better."""

    reason: str
    due_at: datetime
    feedback: str | None = None
    token_budget: int | None = None
    usage: TokenUsage = field(default_factory=TokenUsage)
    name: ClassVar = "later"


@dataclass(frozen=True)
class Never:
    """No attempt will succeed, or none is left. `code` is for programs, `reason` for the person.

    `refused` is the text that the last attempt brought and the checks refused; the person may take it all the same.
    """

    reason: str
    code: str = "internal"
    usage: TokenUsage = field(default_factory=TokenUsage)
    refused: str = ""
    name: ClassVar = "never"


@dataclass(frozen=True)
class HandedBack:
    """The worker stops: the attempt is as if it had not begun, and due at once."""


@dataclass(frozen=True)
class Expired:
    """The worker died: its lease ran out. Tried again at once, or failed when it was the last attempt."""

    reason: str
    reason_at_the_end: str


Outcome = Done | Later | Never | HandedBack | Expired
