"""What a check says of a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

MOST_SPANS = 100
"""So many places are told of each finding at most; `count` has them all."""


class Span(NamedTuple):
    """A place in a text, from code point `start` up to, and without, code point `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Finding:
    """One thing that a check says. `passed` is None where it cannot say.

    `value` is what the text has and `target` what was asked for: numbers of words, languages, or a word of the brief.
    `count` tells how many places there are, of which `spans` has the first ones.
    """

    check: str
    passed: bool | None
    message: str
    value: float | str | None = None
    target: float | str | None = None
    spans: tuple[Span, ...] = ()
    count: int = 0

    @classmethod
    def at(cls, check: str, passed: bool | None, message: str, places: Iterable[Span], **more: Any) -> Finding:
        """A finding with places in the text."""
        spans = sorted(places)
        return cls(check, passed, message, spans=tuple(spans[:MOST_SPANS]), count=len(spans), **more)

    def along_with(self, other: Finding) -> Finding:
        """Both as one finding of the same check that has not passed; nothing is lost of what failed."""
        if self.passed is not False:
            return other
        value = float(self.value or 0) + float(other.value or 0)
        places = {*self.spans, *other.spans}
        return Finding.at(self.check, False, f"{self.message} {other.message}", places, value=round(value))

    def as_dict(self) -> dict[str, Any]:
        """As answers show it and MongoDB has it: `value` and `target` only where there is one."""
        shown: dict[str, Any] = {"check": self.check, "passed": self.passed, "message": self.message}
        shown |= {name: each for name in ("value", "target") if (each := getattr(self, name)) is not None}
        return shown | {"spans": [{"start": each.start, "end": each.end} for each in self.spans], "count": self.count}
