"""A text as overlapping short sequences, by which passages that come again are found."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import islice

from app.checks.characters import UNSPACED
from app.checks.words import UNSPACED_CHARACTERS_PER_WORD, Word

WORDS = 5
"""In a sequence."""
_CHARACTER = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True)
class Shingles:
    """Every sequence of five words, or of ten characters where most of a text is in a script without spaces.

    `bounds` are where each word or character stands in the prose.
    """

    sequences: Sequence[Hashable]
    bounds: Sequence[tuple[int, int]]
    size: int

    def words_in(self, units: int) -> int:
        """How many words so many words or characters are."""
        return units * WORDS // self.size


def shingles_of(prose: str, spaced: Sequence[Word]) -> Shingles:
    """The sequences of a text in order; none when it is shorter than one. `spaced` are its words of other scripts."""
    text = "".join(_CHARACTER.findall(prose))
    if len(text) > UNSPACED_CHARACTERS_PER_WORD * len(spaced):
        size = WORDS * UNSPACED_CHARACTERS_PER_WORD
        sequences: Sequence[Hashable] = [text[at : at + size] for at in range(len(text) - size + 1)]
        return Shingles(sequences, [each.span() for each in _CHARACTER.finditer(prose)], size)
    words = [each.folded for each in spaced]
    sequences = list(zip(*(islice(words, at, None) for at in range(WORDS)), strict=False))
    return Shingles(sequences, [(each.start, each.end) for each in spaced], WORDS)
