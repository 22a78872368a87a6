"""Normalization of user input to Unicode's composed form (NFC), after checking its length.

Composing takes quadratic time in the length of a run of combining marks, in C code that holds the GIL
(https://github.com/python/cpython/issues/149079) and so blocks all requests of the process. Lengths and runs are
therefore checked before anything is composed.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_RUN_OF_MARKS = 30
"""As in Unicode's Stream-Safe Text Format (UAX #15); natural languages use three or four."""
MOST_EXPANSION = 4
"""A composed character can be typed as up to four code points: U+1F82 is alpha with three marks."""

_RUN = re.compile(rb"[^\x00]{%d}" % (LONGEST_RUN_OF_MARKS + 1))
_HIDDEN_MARKS = str.maketrans(dict.fromkeys("\u0f73\u0f75\u0f81", "\u0f71\u0f72"))
"""The only characters that are not marks but decompose into two marks."""
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\U0001d159")
"""Characters in visible categories that are invisible: Hangul fillers, the blank Braille pattern, a null notehead."""
_SEEN_CATEGORIES = frozenset("LNPS")
"""Marks are not included: they are visible only on a visible character."""
_EMOJI = range(0x1F000, 0x1FC00)
"""Treated as visible even if newer than this Python's version of Unicode."""


class UnusableText(ValueError):
    """A text is invalid. The message is shown to the user."""


def composed(text: str, maximum: int) -> str:
    """Returns the text in NFC without surrounding white space.

    Raises UnusableText if the text is too long to compose to `maximum` characters, or has a run of more than 30
    combining marks. The caller must check the length of the result.
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
    """Whether the text has a visible character, i.e. not only spaces, joiners, fillers, tags and the like."""
    return any(map(_is_visible, text))


def _is_visible(character: str) -> bool:
    return (
        unicodedata.category(character)[0] in _SEEN_CATEGORIES or ord(character) in _EMOJI
    ) and character not in _INVISIBLE
