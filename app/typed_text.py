"""Text as people type it. Its length is checked first, and only then is it brought into Unicode's composed form.

Composing takes time that grows with the square of the length of a run of combining marks, in C code that holds the
interpreter's lock (https://github.com/python/cpython/issues/149079). Nobody else is served meanwhile, not even from
another thread. So lengths and runs are checked before anything is composed.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_RUN_OF_MARKS = 30
"""As in Unicode's Stream-Safe Text Format (UAX #15); words of living languages have three or four."""
MOST_EXPANSION = 4
"""A composed character can be typed as up to four code points: U+1F82 is alpha with three marks."""

_RUN = re.compile(rb"[^\x00]{%d}" % (LONGEST_RUN_OF_MARKS + 1))
_HIDDEN_MARKS = str.maketrans(dict.fromkeys("\u0f73\u0f75\u0f81", "\u0f71\u0f72"))
"""The only characters that are not marks themselves but decompose into two of them."""
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159")
"""Characters of visible categories that show nothing: Hangul fillers, the empty Braille pattern, a null notehead."""
_SEEN_CATEGORIES = frozenset("LNPS")
"""Marks are visible too, but only on a visible character."""
_EMOJI = range(0x1F000, 0x1FC00)
"""These count as visible even if they are newer than the version of Unicode that this Python knows."""


class UnusableText(ValueError):
    """Why a text cannot be taken, in words for the person who typed it."""


def composed(text: str, maximum: int) -> str:
    """The text in NFC and without the white space around it.

    Raises UnusableText for a text that cannot have `maximum` characters or fewer, or has a run of more than 30
    combining marks. Whether the composed text has them is for the caller to check.
    """
    text = text.strip()
    if len(text) > maximum * MOST_EXPANSION:
        raise UnusableText(f"Must be at most {maximum:,} characters.")
    refuse_long_runs_of_marks(text)
    return unicodedata.normalize("NFC", text).strip()


def refuse_long_runs_of_marks(text: str) -> None:
    """Raises UnusableText for a run of more than 30 combining marks."""
    if not text.isascii() and _RUN.search(bytes(map(unicodedata.combining, text.translate(_HIDDEN_MARKS)))):
        raise UnusableText(f"Must not have more than {LONGEST_RUN_OF_MARKS} combining marks in a row.")


def has_visible_character(text: str) -> bool:
    """Whether a reader sees anything: not when it is all spaces, joiners, fillers, tags and the like."""
    return any(map(_is_visible, text))


def _is_visible(character: str) -> bool:
    return (
        unicodedata.category(character)[0] in _SEEN_CATEGORIES or ord(character) in _EMOJI
    ) and character not in _INVISIBLE
