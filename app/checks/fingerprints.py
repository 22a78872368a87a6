"""Fingerprints of a text, by which passages are found that it shares with others, without reading those.

Winnowing, after S. Schleimer, D. Wilkerson and A. Aiken, "Winnowing: Local Algorithms for Document Fingerprinting"
(SIGMOD 2003): of every few sequences in a row that with the smallest hash is kept, so that any passage of eight words
or more that two texts share leaves the same fingerprint in both. Of a long text only the smallest hashes are kept.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Hashable
from heapq import nsmallest

from app.checks.finding import Finding, Span
from app.checks.repetition import CHECK
from app.checks.shingles import Shingles
from app.checks.subject import Subject

WINDOW = 4
"""Sequences of which one is kept: with five words each, eight words in a row hold a whole window."""
MOST = 400
"""Fingerprints of a text."""
FEWEST_SHARED = 2
"""One alone may be a turn of phrase."""


def fingerprints_of(subject: Subject) -> dict[int, list[int]]:
    """The fingerprints of a text, each with the numbers of the sequences that have it."""
    hashes = [_hash(each) for each in subject.shingles.sequences]
    smallest = set(map(min, *(hashes[first:] for first in range(WINDOW))))
    chosen: dict[int, list[int]] = {each: [] for each in nsmallest(MOST, smallest)}
    for number, each in enumerate(hashes):
        if each in chosen:
            chosen[each].append(number)
    return chosen


def shared_passages(
    subject: Subject, mine: dict[int, list[int]], shared: Collection[int], title: str
) -> Finding | None:
    """What is said of a text that shares these fingerprints with another one of this title; None when they are few."""
    if len(shared) < FEWEST_SHARED:
        return None
    shingles = subject.shingles
    runs = _joined(sorted(number for each in shared for number in mine.get(each, ())), shingles)
    places = [subject.span(shingles.bounds[first][0], shingles.bounds[last][1]) for first, last in runs]
    words = sum(shingles.words_in(last - first + 1) for first, last in runs)
    return Finding.at(CHECK, False, f"Your text “{title}” has the same passage.", places, value=words)


def _joined(numbers: list[int], shingles: Shingles) -> list[Span]:
    """The words from sequence to sequence, where no more than a window lies between them."""
    runs: list[Span] = []
    for number in numbers:
        last = number + shingles.size - 1
        if runs and number <= runs[-1].end + WINDOW:
            runs[-1] = Span(runs[-1].start, last)
        else:
            runs.append(Span(number, last))
    return runs


def _hash(sequence: Hashable) -> int:
    """Thirty-two bits are enough: two of them have to agree between two texts of one person."""
    words = sequence if isinstance(sequence, str) else "\0".join(sequence)  # type: ignore[arg-type]  # a tuple of words
    return zlib.crc32(words.encode("utf-8", "surrogatepass"))
