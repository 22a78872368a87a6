"""The `cliches` check: finds worn phrases and counts them. It does not judge who wrote them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from app.checks.finding import Finding
from app.checks.subject import Subject
from app.checks.tables import table
from app.checks.words import Word, words_of


def check(subject: Subject) -> Finding:
    """`passed` is None if there is no list for the text's language, or the language is unknown."""
    phrases = _phrases().get(subject.language or "")
    if phrases is None:
        return Finding("cliches", None, "No list of worn phrases for this language, or it is not known.")
    places = [subject.span(*each) for each in _found(phrases, subject.reading.words)]
    if not places:
        return Finding("cliches", True, "No worn phrases.", value=0)
    message = "A worn phrase." if len(places) == 1 else f"{len(places):,} worn phrases."
    return Finding.at("cliches", False, message, places, value=len(places))


def _found(phrases: dict[str, list[tuple[str, ...]]], words: list[Word]) -> Iterator[tuple[int, int]]:
    """Yields the ranges of phrases in the prose, without overlaps."""
    free_from = 0
    for number, word in enumerate(words):
        for phrase in phrases.get(word.folded, ()) if number >= free_from else ():
            if tuple(each.folded for each in words[number : number + len(phrase)]) == phrase:
                free_from = number + len(phrase)
                yield word.start, words[free_from - 1].end
                break


@cache
def _phrases() -> dict[str, dict[str, list[tuple[str, ...]]]]:
    """Returns the phrases by language and first word, longest first."""
    found: dict[str, dict[str, list[tuple[str, ...]]]] = {}
    for language, phrases in table("cliches").items():
        by_first = found[language] = defaultdict(list)
        for phrase in sorted(phrases, key=len, reverse=True):
            words = tuple(each.folded for each in words_of(phrase))
            by_first[words[0]].append(words)
    return found
