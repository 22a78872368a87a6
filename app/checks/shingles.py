"""Splits a text into overlapping short sequences (shingles), used to find repeated passages."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import islice

from app.checks.characters import UNSPACED
from app.checks.words import UNSPACED_CHARACTERS_PER_WORD, Word

WORDS = 5
"""The number of words in a sequence."""
_CHARACTER = re.compile(f"[{UNSPACED}]")


@dataclass(frozen=True)
class Shingles:
    """All sequences of five words, or of ten characters if most of the text is in a script without spaces.

    `bounds` are the ranges of each word or character in the prose.
    """

    sequences: Sequence[Hashable]
    bounds: Sequence[tuple[int, int]]
    size: int

    def words_in(self, units: int) -> int:
        """Converts a number of units (words or characters) to words."""
        return units * WORDS // self.size


def shingles_of(prose: str, spaced: Sequence[Word]) -> Shingles:
    """Returns the sequences of a text in order. `spaced` are its words in scripts with spaces."""
    text = "".join(_CHARACTER.findall(prose))
    if len(text) > UNSPACED_CHARACTERS_PER_WORD * len(spaced):
        size = WORDS * UNSPACED_CHARACTERS_PER_WORD
        sequences: Sequence[Hashable] = [text[at : at + size] for at in range(len(text) - size + 1)]
        return Shingles(sequences, [each.span() for each in _CHARACTER.finditer(prose)], size)
    words = [each.folded for each in spaced]
    sequences = list(zip(*(islice(words, at, None) for at in range(WORDS)), strict=False))
    return Shingles(sequences, [(each.start, each.end) for each in spaced], WORDS)
