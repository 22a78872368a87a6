"""The `repetition` check: finds repeated passages, and phrases of five words that recur often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from typing import NamedTuple

from app.checks.finding import Finding
from app.checks.shingles import Shingles
from app.checks.subject import Subject

CHECK = "repetition"
LONGEST_FREE = 7
"""The longest passage, in words, that may occur twice: common phrases, names, titles."""
MOST_TIMES = 2
"""Five consecutive words that occur more often than this are a repetition."""


class _Run(NamedTuple):
    """A range of words that occurred before in the same order, with `last` included."""

    first: int
    last: int


def check(subject: Subject) -> Finding:
    """Marks the repetitions, not the first occurrence. `value` is the number of repeated words."""
    shingles = subject.reading.shingles
    if not shingles.sequences:
        return Finding(CHECK, None, "The text is too short to repeat itself.")
    runs = list(_repeated(shingles)) if len(set(shingles.sequences)) < len(shingles.sequences) else []
    if not runs:
        return Finding(CHECK, True, "No passages are repeated.", value=0)
    places = [subject.span(shingles.bounds[each.first][0], shingles.bounds[each.last][1]) for each in runs]
    words = sum(shingles.words_in(each.last - each.first + 1) for each in runs)
    message = "A passage is repeated." if len(runs) == 1 else f"{len(runs):,} passages are repeated."
    return Finding.at(CHECK, False, message, places, value=words)


def _repeated(shingles: Shingles) -> Iterator[_Run]:
    """Yields runs that are longer than LONGEST_FREE, or begin with a sequence that recurs often."""
    times = Counter(shingles.sequences)
    for run in _runs(shingles):
        words = shingles.words_in(run.last - run.first + 1)
        if words > LONGEST_FREE or times[shingles.sequences[run.first]] > MOST_TIMES:
            yield run


def _runs(shingles: Shingles) -> Iterator[_Run]:
    """Yields stretches in which every sequence occurred before, without overlapping itself."""
    seen: dict[Hashable, int] = {}
    first = None
    for number, sequence in enumerate([*shingles.sequences, None]):
        again = sequence is not None and seen.setdefault(sequence, number) <= number - shingles.size
        if again and first is None:
            first = number
        elif not again and first is not None:
            yield _Run(first, number + shingles.size - 2)
            first = None
