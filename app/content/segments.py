"""Splits a text in any script into words and what is between them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1100, 0x11FF),  # decomposed Hangul
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),
    (0x3021, 0x30FF),  # Hiragana, Katakana
    (0x3100, 0x31FF),
    (0x3400, 0x9FFF),  # Han
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x1B000, 0x1B16F),
    (0x20000, 0x3FFFD),  # Han beyond the basic plane
)
"""Scripts without spaces between words, in which each letter with its marks counts as a word."""
_JOINERS = frozenset("\u00ad\u200c\u200d")
"""Characters inside words and emoji: soft hyphen, zero-width non-joiner and joiner."""
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
_SEGMENT = re.compile(r"w[wmj]*|i[mj]*|s+|n|rr?[mj]*|(?:jp|p|m|j)(?:m|jp|j)*")
_ALONE = frozenset("in")
"""Kinds that always begin a segment."""


def segments(text: str) -> list[str]:
    """Splits a text into words, runs of white space, line breaks and punctuation. Joined, they give the text.

    A letter keeps its marks, and an emoji sequence stays together.
    """
    return [text[match.start() : match.end()] for match in _SEGMENT.finditer(_kinds(text))]


def is_boundary(text: str, place: int) -> bool:
    """Whether a segment is certain to begin at this position."""
    if place in {0, len(text)}:
        return True
    kind = _kind(text[place])
    return kind in _ALONE or (kind == "s" and _kind(text[place - 1]) != "s")


def _kinds(text: str) -> str:
    """Returns a letter for the kind of each character."""
    return text.translate({ord(each): _kind(each) for each in set(text)})


@lru_cache(maxsize=65536)
def _kind(character: str) -> str:
    """w: word, i: ideograph, m: mark, j: joiner, s: space, n: line break, r: regional indicator, p: punctuation."""
    code = ord(character)
    category = unicodedata.category(character)
    kinds = (
        ("n", character == "\n"),
        ("s", character.isspace()),
        ("j", character in _JOINERS),
        ("m", category[0] == "M" or code in _SKIN_TONES or code in _TAGS),
        ("r", code in _FLAG_LETTERS),
        ("p", category[0] not in "LN" and category != "Pc"),
        ("i", any(first <= code <= last for first, last in _UNSPACED)),
    )
    return next((kind for kind, holds in kinds if holds), "w")
