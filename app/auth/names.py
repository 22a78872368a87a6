"""Validates names of people: letters of any script, and other characters that occur in names."""

from __future__ import annotations

import re
import unicodedata

from app.typed_text import UnusableText, has_visible_character

MAX_NAME = 50

_APOSTROPHES = "'`\u00b4\u2018\u2019\u201b"
_HYPHENS = "-\u2010\u2011\u2013\u05be\u1806\u30a0"
_DOTS = ".\u00b7\u2022\u2027\u30fb\uff65\u0f0b\u0f0c\u1361"
"""Full stop; middle dots of Catalan, Chinese and Japanese; separators of Tibetan syllables and Ethiopic words."""
_SPACES = " \u00a0\u202f\u3000"
_JOINERS = "\u200c\u200d"
"""Zero-width joiners, used in Persian and Indic names."""
_QUOTES_OF_HEBREW = "\u05f3\u05f4"
_COMMAS = ",\u060c"
_SIGNS = frozenset(_APOSTROPHES + _HYPHENS + _DOTS + _SPACES + _JOINERS + _QUOTES_OF_HEBREW + _COMMAS)
_ESCAPED = "".join(f"\\u{ord(sign):04x}" for sign in sorted(_SIGNS))
_LETTERS = r"\p{L}\u3007\u2160-\u2188"
NAME_PATTERN = rf"^[{_ESCAPED}]*[{_LETTERS}][{_LETTERS}\p{{M}}{_ESCAPED}]*$"
"""The rule for the reference, in the syntax of ECMA-262 and without the ordinals."""
_MARKS_TO_COME = range(0x20F1, 0x2100)
"""The rest of a block of combining marks, which a newer version of Unicode may assign."""
_ORDINAL = re.compile(r"(?<![^\W_])\d{1,2}(?:st|nd|rd|th|\u00ba|\u00aa)(?![^\W_])", re.IGNORECASE)
"""Ordinals such as `3rd`, the only digits allowed in names."""


def check_name(name: str) -> None:
    """Raises UnusableText unless it has 1 to 50 allowed characters, with at least one visible letter."""
    if not 1 <= len(name) <= MAX_NAME:
        raise UnusableText(f"Must be 1 to {MAX_NAME} characters.")
    if not all(map(_belongs, _ORDINAL.sub("", name))):
        raise UnusableText("May hold letters, spaces, hyphens, apostrophes, full stops and commas only.")
    if not any(_is_letter(c) and has_visible_character(c) for c in name):
        raise UnusableText("Must hold at least one letter that can be seen.")


def _belongs(character: str) -> bool:
    is_mark = unicodedata.category(character)[0] == "M" or ord(character) in _MARKS_TO_COME
    return is_mark or character in _SIGNS or _is_letter(character)


def _is_letter(character: str) -> bool:
    """Whether it is a letter, or a letter-like number such as the Japanese zero and the Roman three."""
    category = unicodedata.category(character)
    return category[0] == "L" or category == "Nl"
