"""The result of a check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

MOST_SPANS = 100
"""The maximum number of places in a finding. `count` is the total."""


class Span(NamedTuple):
    """A range of code points in a text, from `start` up to but not including `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Finding:
    """The result of a check. `passed` is None if it cannot be determined.

    `value` is what the text has and `target` what was asked for: numbers of words, languages, or a word of the brief.
    `count` is the number of places; `spans` has the first ones.
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
        """Returns a finding with places in the text."""
        spans = sorted(places)
        return cls(check, passed, message, spans=tuple(spans[:MOST_SPANS]), count=len(spans), **more)

    def along_with(self, other: Finding) -> Finding:
        """Merges this finding with a failed one of the same check, keeping everything that failed."""
        if self.passed is not False:
            return other
        value = float(self.value or 0) + float(other.value or 0)
        places = {*self.spans, *other.spans}
        return Finding.at(self.check, False, f"{self.message} {other.message}", places, value=round(value))

    def as_dict(self) -> dict[str, Any]:
        """Returns the form for responses and storage. Has `value` and `target` only if they are not None."""
        shown: dict[str, Any] = {"check": self.check, "passed": self.passed, "message": self.message}
        shown |= {name: each for name in ("value", "target") if (each := getattr(self, name)) is not None}
        return shown | {"spans": [{"start": each.start, "end": each.end} for each in self.spans], "count": self.count}
