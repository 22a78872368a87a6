"""Splits, folds and counts words, in scripts with and without spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from app.checks.characters import APOSTROPHES, HYPHENS, JOINERS, LETTER, UNSPACED, WORD_PART

UNSPACED_CHARACTERS_PER_WORD = 2
"""The average length of a word in scripts without spaces (Chinese, Japanese, Thai, …)."""
LONGEST_WORD = 60
"""Longer runs of letters are not words: they are neither folded nor stemmed."""

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
"""Letters with more than one common spelling."""
_STRESS = re.compile(r"(?<=[\u0370-\u03ff\u0400-\u04ff])[\u0300\u0301\u0313\u0314\u0342\u0345]+|(?<=i)\u0307")
"""Greek accents (omitted in capitals), Cyrillic stress, and the dot of a lower-cased Turkish İ."""


class Word(NamedTuple):
    """A word in a script with spaces, split at hyphens and apostrophes."""

    start: int
    end: int
    folded: str


def count_words(text: str) -> int:
    """Returns the number of words in a text. Hyphenated words, addresses and numbers count as one each."""
    spaced = unspaced = 0
    for found in _COUNTED.finditer(text):
        if found["unspaced"]:
            unspaced += len(found[0])
        else:
            spaced += 1
    return spaced + unspaced // UNSPACED_CHARACTERS_PER_WORD


def words_of(text: str) -> list[Word]:
    """Returns the words of a text in scripts with spaces, in order and folded for comparison."""
    if text.isascii():
        lowered = text.lower()
        return [Word(at.start(), at.end(), lowered[at.start() : at.end()]) for at in _ASCII_PART.finditer(text)]
    return [Word(found.start(), found.end(), folded(found[0])) for found in _PART.finditer(text)]


def is_unspaced(text: str) -> bool:
    """Whether any character is of a script without spaces."""
    return bool(_ANY_UNSPACED.search(text))


_ANY_UNSPACED = re.compile(f"[{UNSPACED}]")
_ANY_LETTER = re.compile(LETTER)


def has_spaced_letter(text: str) -> bool:
    """Whether any character is a letter or digit of a script with spaces."""
    return bool(_ANY_LETTER.search(text))


def folded(word: str) -> str:
    """Folds a word for comparison: removes case, vowel points and differences of Unicode composition.

    Accents on Latin letters are kept: `schon` and `schön` are different words.
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
