"""Words, in scripts with and without spaces between them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from app.checks.characters import APOSTROPHES, HYPHENS, JOINERS, LETTER, UNSPACED, WORD_PART

UNSPACED_CHARACTERS_PER_WORD = 2
"""In scripts without spaces between words (Chinese, Japanese, Thai, …) about two characters make a word."""
LONGEST_WORD = 60
"""Longer runs of letters are no words of any language: they are neither folded nor stemmed."""

_URL = r"https?://[^\s<>]+"
_COUNTED = re.compile(
    rf"{_URL}|{WORD_PART}(?:(?:[{APOSTROPHES}{HYPHENS}]|[.,:](?=\d)|(?<=\d)[.,](?=\d)){WORD_PART})*|(?P<unspaced>[{UNSPACED}]+)"
)
_PART = re.compile(WORD_PART)
_ASCII_PART = re.compile(r"[A-Za-z0-9]+")
_LOOKS_SIMPLE = re.compile(r"[a-z0-9]*")
_STRIPPED = re.compile(
    "[\u0640\u064b-\u065f\u0670\u06d6-\u06ed"  # the stretch and vowel marks of Arabic
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # points and accents of Hebrew
    f"{JOINERS}]"
)
_ALIKE = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ۀ": "ه", "ة": "ه", "ё": "е", "ı": "i"}
)
"""Letters that keyboards and habits write in more than one way."""
_STRESS = re.compile(r"(?<=[\u0370-\u03ff\u0400-\u04ff])[\u0300\u0301\u0313\u0314\u0342\u0345]+|(?<=i)\u0307")
"""Greek accents, which capitals leave out, Cyrillic stress, and the dot that lower case gives to a Turkish İ."""


class Word(NamedTuple):
    """A part of a word between spaces, hyphens and apostrophes, in a script with spaces."""

    start: int
    end: int
    folded: str


def count_words(text: str) -> int:
    """How many words a text has. A word with hyphens, an address and a number are one each."""
    spaced = unspaced = 0
    for found in _COUNTED.finditer(text):
        if found["unspaced"]:
            unspaced += len(found[0])
        else:
            spaced += 1
    return spaced + unspaced // UNSPACED_CHARACTERS_PER_WORD


def words_of(text: str) -> list[Word]:
    """The parts of words in order, folded so that equal ones are equal however they are written.

    What is written in scripts without spaces is not among them.
    """
    if text.isascii():
        lowered = text.lower()
        return [Word(at.start(), at.end(), lowered[at.start() : at.end()]) for at in _ASCII_PART.finditer(text)]
    return [Word(found.start(), found.end(), folded(found[0])) for found in _PART.finditer(text)]


def is_unspaced(text: str) -> bool:
    """Whether any of it is in a script without spaces."""
    return bool(_ANY_UNSPACED.search(text))


_ANY_UNSPACED = re.compile(f"[{UNSPACED}]")
_ANY_LETTER = re.compile(LETTER)


def has_spaced_letter(text: str) -> bool:
    """Whether any of it is a letter or digit of a script with spaces."""
    return bool(_ANY_LETTER.search(text))


def folded(word: str) -> str:
    """A word without case, and without what does not make it another word: composed or not, pointed or not.

    Accents of Latin letters stay: `schon` and `schön` are two words.
    """
    lowered = word.lower()
    if _LOOKS_SIMPLE.fullmatch(lowered) or len(word) > LONGEST_WORD:
        return lowered
    return _folded(word)


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold()
    apart = _STRESS.sub("", unicodedata.normalize("NFD", _STRIPPED.sub("", plain)))
    return unicodedata.normalize("NFC", apart).translate(_ALIKE)
