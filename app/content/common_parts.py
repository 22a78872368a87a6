"""Finds the common parts of two sequences within a bounded number of steps.

Uses Myers' algorithm ("An O(ND) Difference Algorithm and Its Variations", 1986, https://doi.org/10.1007/BF01840446),
with these bounds:

* long sequences are first split at passages that occur once in each of them (as in Cohen's patience diff);
* if a part takes too many edits, the search keeps the matches found so far and restarts after them;
* all parts together may take MOST_STEPS steps; the rest counts as having nothing in common.

This is CPU-bound Python, so a thread would not help other requests. Instead it yields every few milliseconds: under
eventlet, `time.sleep(0)` lets other greenlets run.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_STEPS = 150_000
"""A step takes less than 0.5 µs."""
FEWEST_EDITS, MOST_EDITS = 16, 800
LONG = 2_000
"""Texts with more segments in total are first split at common passages."""
PASSAGE = 8
"""The number of segments in a passage."""
STEPS_IN_A_ROW = 10_000

Segments = Sequence[int]
"""Segments as numbers, equal for equal segments."""


@dataclass(frozen=True)
class Match:
    """`size` segments that both texts have, starting at `a` and `b`."""

    a: int
    b: int
    size: int


class Search:
    """A search for the common parts of two sequences, within MOST_STEPS."""

    def __init__(self, a: Segments, b: Segments) -> None:
        self._a, self._b = a, b
        self._left = MOST_STEPS
        self._in_a_row = 0
        self._most_edits = max(FEWEST_EDITS, min(MOST_EDITS, MOST_STEPS // (len(a) + len(b) + 1)))

    def matches(self) -> list[Match]:
        """Returns the matches in order. No two of them are adjacent in both texts."""
        found: list[Match] = []
        at_a = at_b = 0
        for passage in [*self._passages(), Match(len(self._a), len(self._b), 0)]:
            for match in [*self._between(at_a, passage.a, at_b, passage.b), passage]:
                last = found[-1] if found else Match(0, 0, 0)
                if found and (last.a + last.size, last.b + last.size) == (match.a, match.b):
                    found[-1] = Match(last.a, last.b, last.size + match.size)
                elif match.size:
                    found.append(match)
            at_a, at_b = passage.a + passage.size, passage.b + passage.size
        return found

    def _passages(self) -> Iterator[Match]:
        """Yields passages that occur once in each text, in the same order. Tries every eighth position of `a`."""
        if len(self._a) + len(self._b) <= LONG:
            return
        here, there = _places(self._a), _places(self._b)
        give_way()
        pairs = [(a, there[each]) for each, a in here.items() if a >= 0 == a % PASSAGE and there.get(each, -1) >= 0]
        give_way()
        at_a = at_b = 0
        for a, b in _rising(pairs):
            skip = max(at_a - a, at_b - b, 0)
            if skip < PASSAGE and (not skip or at_a - at_b == a - b):
                yield Match(a + skip, b + skip, PASSAGE - skip)
                at_a, at_b = a + PASSAGE, b + PASSAGE

    def _between(self, a: int, a_end: int, b: int, b_end: int) -> Iterator[Match]:
        """Yields the matches of a part of `a` and a part of `b`."""
        tail = self._common_tail(a, a_end, b, b_end)
        a_end, b_end = a_end - tail, b_end - tail
        while a < a_end and b < b_end and self._left > 0:
            matches, a, b = self._search(a, a_end, b, b_end)
            yield from matches
        yield Match(a_end, b_end, tail)

    def _common_tail(self, a: int, a_end: int, b: int, b_end: int) -> int:
        size = 0
        while a_end - size > a and b_end - size > b and self._a[a_end - size - 1] == self._b[b_end - size - 1]:
            size += 1
        return size

    def _search(self, a: int, a_end: int, b: int, b_end: int) -> tuple[list[Match], int, int]:
        """Returns the matches, up to the end or as far as the allowed edits reach, and where that is."""
        ids_a, ids_b, furthest, trace = self._a, self._b, {1: 0}, list[dict[int, int]]()
        width, height = a_end - a, b_end - b
        for edits in range(self._most_edits + 1):
            trace.append(dict(furthest))
            steps = 0
            for diagonal in range(max(-edits, edits - 2 * height), min(edits, 2 * width - edits) + 1, 2):
                above, below = furthest.get(diagonal + 1, -1), furthest.get(diagonal - 1, -1)
                start = x = above if diagonal == -edits or (diagonal != edits and below < above) else below + 1
                end, shift = min(width, height + diagonal), b - a - diagonal
                x += a
                while x < end + a and ids_a[x] == ids_b[x + shift]:
                    x += 1
                furthest[diagonal] = x = x - a
                steps += x - start + 1
                if x >= width and x - diagonal >= height:
                    return _followed(trace, diagonal, x, Match(a, b, 0)), a_end, b_end
            self._count(steps)
            if self._left <= 0:
                break
        there = {k: x for k, x in furthest.items() if x <= width and 0 <= x - k <= height and (k - edits) % 2 == 0}
        best = max(there, key=lambda diagonal: 2 * there[diagonal] - diagonal)
        x = there[best]
        return _followed(trace, best, x, Match(a, b, 0)), a + x, b + x - best

    def _count(self, steps: int) -> None:
        self._left -= steps
        self._in_a_row += steps
        if self._in_a_row > STEPS_IN_A_ROW:
            self._in_a_row = 0
            give_way()


def _comes_from_above(furthest: dict[int, int], diagonal: int, edits: int) -> bool:
    """Whether a diagonal is reached by an insertion from the one above, rather than a deletion from the one below."""
    return diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])


def _followed(trace: list[dict[int, int]], diagonal: int, x: int, origin: Match) -> list[Match]:
    """Returns the matches on the path that led to `x` on a diagonal, in order."""
    matches = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest = trace[edits]
        inserted = _comes_from_above(furthest, diagonal, edits)
        before = furthest[diagonal + (1 if inserted else -1)]
        start = before if inserted else before + 1
        if x > start:
            matches.append(Match(origin.a + start, origin.b + start - diagonal, x - start))
        diagonal, x = diagonal + (1 if inserted else -1), before
    return matches[::-1]


def _places(ids: Segments) -> dict[str, int]:
    """Returns the position of each passage (one character per segment), or -1 if it occurs more than once."""
    written = "".join(map(chr, ids))
    places: dict[str, int] = {}
    for place in range(len(written) - PASSAGE + 1):
        passage = written[place : place + PASSAGE]
        places[passage] = place if passage not in places else -1
        if place % STEPS_IN_A_ROW == 0:
            give_way()
    return places


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Returns a longest subsequence in which the second number increases too (the first one always does)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, b) in enumerate(pairs):
        place = bisect_left(ends, b)
        before.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [b]
        last[place : place + 1] = [number]
    rising = []
    number = last[-1] if last else -1
    while number >= 0:
        rising.append(pairs[number])
        number = before[number]
    return rising[::-1]


def give_way() -> None:
    """Yields to other requests of this process."""
    time.sleep(0)
