"""A text to be checked, with cached values that several checks need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.checks import detection, markdown
from app.checks.brief import Brief
from app.checks.detection import Detected
from app.checks.finding import Span
from app.checks.language_tags import primary_of
from app.checks.markdown import Document
from app.checks.shingles import Shingles, shingles_of
from app.checks.words import Word, count_words, words_of


class Reading:
    """A text as the checks read it, with cached values that do not depend on what was asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def document(self) -> Document:
        return markdown.read(self.text)

    @property
    def prose(self) -> str:
        """What readers see, without markup and code."""
        return self.document.prose

    @cached_property
    def words(self) -> list[Word]:
        """The words in scripts with spaces, folded and split at hyphens and apostrophes."""
        return words_of(self.prose)

    @cached_property
    def word_count(self) -> int:
        return count_words(self.prose)

    @cached_property
    def shingles(self) -> Shingles:
        """The sequences used to find repetitions."""
        return shingles_of(self.prose, self.words)

    @cached_property
    def detected(self) -> Detected | None:
        """The detected language, or None if it is uncertain."""
        return detection.detect(self.prose, self.words, self.word_count)


@dataclass(frozen=True)
class Subject:
    """A text, its type, its brief, and its request (title and prompt)."""

    reading: Reading
    content_type: str
    brief: Brief
    request: str = ""

    @cached_property
    def language(self) -> str | None:
        """The language for word rules: the detected one, else that of the brief."""
        if self.reading.detected:
            return self.reading.detected.language
        asked = self.brief.get("language")
        return primary_of(asked) if asked else None

    @cached_property
    def asked_text(self) -> str:
        """All of the user's input. Whatever occurs in it was not invented by the model."""
        brief = self.brief
        lists = [*brief.get("keywords", ()), *brief.get("points", ())]
        return "\n".join([self.request, brief.get("audience", ""), brief.get("tone", ""), *lists])

    def span(self, start: int, end: int) -> Span:
        """Maps a range of the prose to the text."""
        return self.reading.document.in_source(start, end)
