"""`repetition`: passages that stand in a text twice, and five words that come again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from typing import NamedTuple

from app.checks.finding import Finding
from app.checks.shingles import Shingles
from app.checks.subject import Subject

CHECK = "repetition"
LONGEST_FREE = 7
"""So many words in a row may stand in a text twice: turns of phrase, names, titles."""
MOST_TIMES = 2
"""Five words in a row that come more often than this are a repetition, however few they are."""


class _Run(NamedTuple):
    """Words, from the first to the last one, all of which stood there before in the same order."""

    first: int
    last: int


def check(subject: Subject) -> Finding:
    """Marks what comes again, not where it stands first. `value` is how many words that are."""
    shingles = subject.shingles
    if not shingles.sequences:
        return Finding(CHECK, None, "The text is too short to repeat itself.")
    runs = list(_repeated(shingles)) if len(set(shingles.sequences)) < len(shingles.sequences) else []
    if not runs:
        return Finding(CHECK, True, "No passage stands there twice.", value=0)
    places = [subject.span(shingles.bounds[each.first][0], shingles.bounds[each.last][1]) for each in runs]
    words = sum(shingles.words_in(each.last - each.first + 1) for each in runs)
    message = "A passage comes again." if len(runs) == 1 else f"{len(runs):,} passages come again."
    return Finding.at(CHECK, False, message, places, value=words)


def _repeated(shingles: Shingles) -> Iterator[_Run]:
    """Runs that are longer than a turn of phrase, or begin with what comes again and again."""
    times = Counter(shingles.sequences)
    for run in _runs(shingles):
        words = shingles.words_in(run.last - run.first + 1)
        if words > LONGEST_FREE or times[shingles.sequences[run.first]] > MOST_TIMES:
            yield run


def _runs(shingles: Shingles) -> Iterator[_Run]:
    """Stretches in which every sequence was there before, and not only a word ago."""
    seen: dict[Hashable, int] = {}
    first = None
    for number, sequence in enumerate([*shingles.sequences, None]):
        again = sequence is not None and seen.setdefault(sequence, number) <= number - shingles.size
        if again and first is None:
            first = number
        elif not again and first is not None:
            yield _Run(first, number + shingles.size - 2)
            first = None
