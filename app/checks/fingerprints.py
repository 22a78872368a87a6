"""Computes fingerprints of a text, to find passages shared with other texts without reading those.

Winnowing, after S. Schleimer, D. Wilkerson and A. Aiken, "Winnowing: Local Algorithms for Document Fingerprinting"
(SIGMOD 2003): of every window of consecutive sequences the smallest hash is kept, so any passage of eight or more words
that two texts share has the same fingerprint in both. For a long text only the smallest hashes are kept.
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
"""Sequences per window. With five words per sequence, eight consecutive words contain a whole window."""
MOST = 400
"""The maximum number of fingerprints of a text."""
FEWEST_SHARED = 2
"""A single one may be a common phrase."""


def fingerprints_of(subject: Subject) -> dict[int, list[int]]:
    """Returns the fingerprints of a text, each with the indexes of the sequences that have it."""
    hashes = [_hash(each) for each in subject.reading.shingles.sequences]
    smallest = set(map(min, *(hashes[first:] for first in range(WINDOW))))
    chosen: dict[int, list[int]] = {each: [] for each in nsmallest(MOST, smallest)}
    for number, each in enumerate(hashes):
        if each in chosen:
            chosen[each].append(number)
    return chosen


def shared_passages(
    subject: Subject, mine: dict[int, list[int]], shared: Collection[int], title: str
) -> Finding | None:
    """Returns the finding about fingerprints shared with a text of this title, or None if there are too few."""
    if len(shared) < FEWEST_SHARED:
        return None
    shingles = subject.reading.shingles
    runs = _joined(sorted(number for each in shared for number in mine.get(each, ())), shingles)
    places = [subject.span(shingles.bounds[first][0], shingles.bounds[last][1]) for first, last in runs]
    words = sum(shingles.words_in(last - first + 1) for first, last in runs)
    return Finding.at(CHECK, False, f"Your text “{title}” has the same passage.", places, value=words)


def _joined(numbers: list[int], shingles: Shingles) -> list[Span]:
    """Joins sequences into runs of words if they are at most a window apart."""
    runs: list[Span] = []
    for number in numbers:
        last = number + shingles.size - 1
        if runs and number <= runs[-1].end + WINDOW:
            runs[-1] = Span(runs[-1].start, last)
        else:
            runs.append(Span(number, last))
    return runs


def _hash(sequence: Hashable) -> int:
    """Returns a 32-bit hash, which is enough because two must match between two texts of one user."""
    words = sequence if isinstance(sequence, str) else "\0".join(sequence)  # type: ignore[arg-type]  # a tuple of words
    return zlib.crc32(words.encode("utf-8", "surrogatepass"))
