"""Varied texts: invented words with the frequencies of natural language, different in each text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate

VOCABULARY = 6_000
_ONSETS = ("b", "ch", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "w")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_CODAS = ("", "", "l", "n", "r", "s", "t", "nd", "ck")
_SENTENCE = 14
_PARAGRAPH = 70
_SEED = 20261126


def vocabulary() -> list[str]:
    """Returns distinct words, the most frequent first."""
    chance = random.Random(_SEED)  # noqa: S311  # the same texts in each run
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = chance.choices((1, 2, 3, 4), (2, 5, 4, 1))[0]
        parts = (chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(syllables))
        words["".join(parts)] = None
    return list(words)


def texts(words: int, seed: int = _SEED) -> Iterator[str]:
    """Yields Markdown texts of this many words without end. The same seed yields the same texts.

    The word of rank n is used with a frequency proportional to 1/n (Zipf's law).
    """
    chance = random.Random(seed)  # noqa: S311  # as above
    known = vocabulary()
    weights = list(accumulate(1 / rank for rank in range(1, len(known) + 1)))
    while True:
        yield _laid_out(chance.choices(known, cum_weights=weights, k=words))


def _laid_out(words: list[str]) -> str:
    paragraphs = []
    for start in range(0, len(words), _PARAGRAPH):
        part = words[start : start + _PARAGRAPH]
        sentences = (" ".join(part[at : at + _SENTENCE]).capitalize() for at in range(0, len(part), _SENTENCE))
        paragraphs.append(". ".join(sentences) + ".")
    return f"# {' '.join(words[:4]).title()}\n\n" + "\n\n".join(paragraphs)
