"""Counts syllables by vowels, for the readability formulas.

Uses a rule for each language. Hyphenation patterns would undercount: not every syllable boundary allows a break.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_ROMANCE = re.compile(r"[aáàâeéèêoóòô]|(?<![aeoáàéèóò])[iu](?![aeoáàéèóò])|[íìúùïü]")
_VOWELS = {
    "en": re.compile(r"[aeiouy]+"),
    "de": re.compile(r"aa|ai|au|ay|äu|ee|ei|eu|ey|ie|oo|[aeiouyäöü]"),
    "fr": re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+"),
    "es": _ROMANCE,
    "it": _ROMANCE,
    "ru": re.compile(r"[аеиоуыэюя]"),
}
_SILENT = {
    "en": re.compile(r"(?<=[^aeiouyl])es?$|(?<=[^aeiouytd])ed$|(?<=[aeiouy]l)es?$"),
    "fr": re.compile(r"(?<=[^aeiouyàâéèêîïôûœ])(?:e|es|ent)$|(?<=[éiu])es?$"),
}
"""Silent endings."""
_TWO_IN_ENGLISH = re.compile(r"(?<![ct])i[ao](?!us|n)|eo(?!p)|(?<![gq])ua|[ye]ing|ism$")
"""Adjacent vowels that are separate syllables."""
_SIBILANT = re.compile(r"(?:[sxz]|ch|sh|[cg])es$")


def count_syllables(words: Iterable[str], language: str) -> int:
    """Returns the number of syllables of folded words, at least one each."""
    return sum(times * syllables_of(word, language) for word, times in Counter(words).items())


def syllables_of(word: str, language: str) -> int:
    """Returns the number of syllables of a folded word."""
    spoken = word
    if language in _SILENT and not (language == "en" and _SIBILANT.search(word)):
        spoken = _SILENT[language].sub("", word) or word
    amount = len(_VOWELS[language].findall(spoken))
    if language == "en" and amount:
        amount += len(_TWO_IN_ENGLISH.findall(word))
    return max(amount, 1)
