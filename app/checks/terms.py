"""Finds a word or phrase of a brief in a text, in any script and in any of its forms."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from app.checks.characters import APOSTROPHES, HYPHENS, LETTER, MARKS
from app.checks.finding import Span
from app.checks.stems import Forms, beginning_of
from app.checks.subject import Subject
from app.checks.words import Word, is_unspaced, words_of

_BETWEEN = re.compile(rf"[\s{APOSTROPHES}{HYPHENS}\u2013/_]{{1,3}}")
"""What may separate the words of a phrase: no full stop, no comma."""
_PLAIN = re.compile(rf"[\w\s{APOSTROPHES}{HYPHENS}]*")
_EDGE = re.compile(LETTER)
_CLUSTER = re.compile(rf".[{MARKS}\uff9e\uff9f]*", re.DOTALL)
_ENGLISH = "en"
MOST_STEMS = 3_000
"""The maximum number of words stemmed (0.2 s). Beyond it only equal words are found."""


class Terms:
    """Finds terms in one text, caching what several terms need."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._stems_left = MOST_STEMS

    @cached_property
    def _at(self) -> dict[str, list[int]]:
        """The indexes of each word in the text."""
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self._subject.reading.words):
            numbers[word.folded].append(number)
        return numbers

    def find(self, term: str) -> list[Span]:
        """Returns the places of a term in the source, in order.

        Matches characters in scripts without spaces and for terms such as C++ or R&D, else whole words and their forms.
        """
        words = words_of(term)
        if is_unspaced(term) or not words or not _only_marks_between(term):
            return [self._subject.span(*each) for each in self._find_characters(term)]
        return [self._subject.span(*each) for each in self._find_words(words)]

    def _find_words(self, term: list[Word]) -> Iterator[tuple[int, int]]:
        all_words, prose = self._subject.reading.words, self._subject.reading.prose
        forms = [self._forms_of(each.folded) for each in term]
        starts = sorted(number for word in forms[0] for number in self._at[word])
        end = -1
        for number in starts:
            found = all_words[number : number + len(term)]
            fits = len(found) == len(term) and all(each.folded in form for each, form in zip(found, forms, strict=True))
            gaps = all(_BETWEEN.fullmatch(prose, one.end, two.start) for one, two in pairwise(found))
            if number > end and fits and gaps:
                yield found[0].start, found[-1].end
                end = number + len(term) - 1

    def _forms_of(self, word: str) -> set[str]:
        """Returns the words of the text that are forms of this one."""
        language = self._subject.language
        if language is None and word.isascii():
            language = _ENGLISH
        forms = Forms(word, language)
        near = self._at if forms.may_begin_otherwise else self._by_beginning[forms.beginning]
        likely = [each for each in near if forms.may_have(each)]
        likely, self._stems_left = likely[: self._stems_left], max(0, self._stems_left - len(likely))
        return {word} | {each for each in likely if forms.has(each)}

    @cached_property
    def _by_beginning(self) -> dict[str, list[str]]:
        """The words of the text by their first letters."""
        words: dict[str, list[str]] = defaultdict(list)
        for each in self._at:
            words[beginning_of(each)].append(each)
        return words

    def _find_characters(self, term: str) -> Iterator[tuple[int, int]]:
        text, offsets = self._folded_characters
        wanted = _folded_literal(term)
        if not wanted:
            return
        at = text.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            if not (_joins(text, at) or _joins(text, end)):
                yield offsets[at], offsets[end - 1] + 1
            at = text.find(wanted, end)

    @cached_property
    def _folded_characters(self) -> tuple[str, Sequence[int]]:
        """The folded prose, and the offset in the prose of each of its characters."""
        prose = self._subject.reading.prose
        plain = prose.casefold()
        if len(plain) == len(prose) and unicodedata.is_normalized("NFKC", plain):
            return plain, range(len(prose))
        parts = [(found.start(), _folded_literal(found[0])) for found in _CLUSTER.finditer(prose)]
        return "".join(part for _, part in parts), [at for at, part in parts for _ in part]


def _only_marks_between(term: str) -> bool:
    """Whether a term consists of words, spaces, hyphens and apostrophes only."""
    return bool(_PLAIN.fullmatch("".join(words_and_gaps(term))))


def words_and_gaps(term: str) -> Iterator[str]:
    """Yields a term with each word replaced by one letter, so that marks inside words do not count."""
    end = 0
    for word in words_of(term):
        yield term[end : word.start]
        yield "w"
        end = word.end
    yield term[end:]


def _folded_literal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _joins(text: str, at: int) -> bool:
    """Whether a word in a script with spaces continues across this position."""
    return 0 < at < len(text) and bool(_EDGE.match(text, at - 1) and _EDGE.match(text, at))
