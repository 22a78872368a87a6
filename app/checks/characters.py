r"""Character classes for regular expressions that the `re` module lacks.

Python's `\w` does not match combining marks, so it splits words of Hindi, Thai, pointed Hebrew and decomposed Unicode.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Scripts without spaces between words: Thai, Lao, Tibetan, Burmese, Khmer, Japanese and Chinese."""
NAME_PART = "A-Za-z\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff_0-9"
"""Letters that form names with digits, as in CO2 and Т34: Latin, Greek and Cyrillic. In other scripts words adjoin."""
JOINERS = "\u200c\u200d\u2060\u00ad"
"""Invisible characters inside words: zero-width joiners, the word joiner, the soft hyphen."""
APOSTROPHES = "'\u2019\u02bc\u05f3\uff07"
HYPHENS = "\\-\u2010\u2011\u05be"


def ranges_of(numbers: Iterable[int]) -> str:
    """Returns the sorted code points as ranges for a character class."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return "".join(f"{chr(first)}-{chr(last)}" if last > first else chr(first) for first, last in ranges)


_PLACES_OF_MARKS = (range(0x300, 0x1F000), range(0xE0100, 0xE01F0))
MARKS = ranges_of(
    code for places in _PLACES_OF_MARKS for code in places if unicodedata.category(chr(code)).startswith("M")
)
"""Every combining mark."""
LETTER = rf"[^\W_{UNSPACED}]"
"""A letter or digit of a script with spaces."""
WORD_PART = rf"{LETTER}+(?:[{MARKS}{JOINERS}]+{LETTER}*)*"
"""A word, up to an apostrophe or hyphen. Matches in linear time, because each character fits in only one place."""
