"""The most frequent words of languages that share a script, and their distinctive letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from app.checks.tables import table
from app.checks.words import folded


@cache
def known_languages() -> frozenset[str]:
    """Returns the languages with a word list."""
    return frozenset(_table()["words"])


@cache
def languages_by_word() -> dict[str, tuple[str, ...]]:
    """Returns the languages of each frequent word. Words are folded."""
    return _inverted((language, map(folded, words.split())) for language, words in _table()["words"].items())


@cache
def languages_by_letter() -> dict[str, tuple[str, ...]]:
    """Returns the languages of each distinctive letter."""
    return _inverted(_table()["letters"].items())


def _inverted(pairs: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for language, members in pairs:
        for each in members:
            found[each][language] = None
    return {each: tuple(languages) for each, languages in found.items()}


def _table() -> dict[str, dict[str, str]]:
    return table("frequent_words")
