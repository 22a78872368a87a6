"""Compares two texts by words, in every script. Its time is bounded by app.content.common_parts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from app.content.common_parts import Match, Search, give_way
from app.content.segments import is_boundary, segments

EQUAL, INSERT, DELETE = "equal", "insert", "delete"
OPS = (EQUAL, INSERT, DELETE)
CHARACTERS_IN_A_ROW = 5_000
PIECES_IN_A_ROW = 2_000


@dataclass(frozen=True)
class Change:
    """A piece of text that is equal in both texts, inserted or deleted."""

    op: str
    text: str


def changes(a: str, b: str) -> list[Change]:
    """Returns the changes from `a` to `b`. Equal and deleted pieces make up `a`, equal and inserted ones `b`."""
    head = _common_head(a, b)
    tail = _common_tail(a[head:], b[head:])
    a_end, b_end = len(a) - tail, len(b) - tail
    pieces = [Change(EQUAL, a[:head]), *_between(a[head:a_end], b[head:b_end]), Change(EQUAL, a[a_end:])]
    found = []
    for number, piece in enumerate(_joined(piece for piece in pieces if piece.text)):
        found.append(piece)
        if number % PIECES_IN_A_ROW == 0:
            give_way()
    return found


def _between(a: str, b: str) -> Iterator[Change]:
    cut_a, cut_b = _cut(a), _cut(b)
    numbers: dict[str, int] = {}
    ids_a = [numbers.setdefault(each, len(numbers)) for each in cut_a]
    give_way()
    ids_b = [numbers.setdefault(each, len(numbers)) for each in cut_b]
    give_way()
    matches = [*Search(ids_a, ids_b).matches(), Match(len(ids_a), len(ids_b), 0)]
    return _changes(a, b, matches, _ends(cut_a), _ends(cut_b))


def _cut(text: str) -> list[str]:
    """Returns the segments of a text. Yields to other requests between parts."""
    cut: list[str] = []
    begin = 0
    while begin < len(text):
        end = min(begin + CHARACTERS_IN_A_ROW, len(text))
        while not is_boundary(text, end):
            end += 1
        cut += segments(text[begin:end])
        begin = end
        give_way()
    return cut


def _common_head(a: str, b: str) -> int:
    """Returns the length of the common prefix, up to a segment boundary of both texts."""
    size = bisect_left(range(min(len(a), len(b))), True, key=lambda last: a[: last + 1] != b[: last + 1])
    while size and not (is_boundary(a, size) and is_boundary(b, size)):
        size -= 1
    return size


def _common_tail(a: str, b: str) -> int:
    """Returns the length of the common suffix, from a segment boundary of both texts."""
    shorter = min(len(a), len(b))
    size = bisect_left(range(shorter), True, key=lambda last: a[len(a) - last - 1 :] != b[len(b) - last - 1 :])
    while size and not (is_boundary(a, len(a) - size) and is_boundary(b, len(b) - size)):
        size -= 1
    return size


def _ends(pieces: list[str]) -> list[int]:
    """Returns where each segment begins, and where the last one ends."""
    return list(accumulate(map(len, pieces), initial=0))


def _changes(a: str, b: str, matches: list[Match], at_a: list[int], at_b: list[int]) -> Iterator[Change]:
    """Yields the pieces between and in the matches."""
    a_from = b_from = 0
    for match, after in pairwise([*matches, Match(len(at_a), len(at_b), 0)]):
        a_to, b_to = at_a[match.a], at_b[match.b]
        equal = a[a_to : at_a[match.a + match.size]]
        if a_from < a_to and b_from < b_to and _is_space_between(equal, match, after):
            continue
        if a_from < a_to:
            yield Change(DELETE, a[a_from:a_to])
        if b_from < b_to:
            yield Change(INSERT, b[b_from:b_to])
        if equal:
            yield Change(EQUAL, equal)
        a_from, b_from = a_to + len(equal), b_to + len(equal)


def _joined(pieces: Iterable[Change]) -> Iterator[Change]:
    """Joins adjacent pieces of the same kind."""
    for op, group in groupby(pieces, key=lambda piece: piece.op):
        yield Change(op, "".join(piece.text for piece in group))


def _is_space_between(equal: str, match: Match, after: Match) -> bool:
    """Whether this is a space between two changed words, which then counts as changed too."""
    replaced = match.a + match.size < after.a and match.b + match.size < after.b
    return replaced and equal.isspace() and "\n" not in equal
