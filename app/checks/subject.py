"""A text that is checked, with what several checks ask of it worked out once."""

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


@dataclass(frozen=True)
class Subject:
    """A text, its type, its brief, and what else was asked for: the title and the request."""

    text: str
    content_type: str
    brief: Brief
    request: str = ""

    @cached_property
    def document(self) -> Document:
        return markdown.read(self.text)

    @cached_property
    def prose(self) -> str:
        """What a reader sees, without marks and code."""
        return self.document.prose

    @cached_property
    def words(self) -> list[Word]:
        """The parts of words of scripts with spaces, folded."""
        return words_of(self.prose)

    @cached_property
    def word_count(self) -> int:
        return count_words(self.prose)

    @cached_property
    def shingles(self) -> Shingles:
        """The short sequences by which repetition is found."""
        return shingles_of(self.prose, self.words)

    @cached_property
    def detected(self) -> Detected | None:
        """The language as far as it can be said."""
        return detection.detect(self.prose, self.words, self.word_count)

    @cached_property
    def language(self) -> str | None:
        """The language to take words in: as detected, else as the brief asks."""
        if self.detected:
            return self.detected.language
        asked = self.brief.get("language")
        return primary_of(asked) if asked else None

    @cached_property
    def asked_text(self) -> str:
        """All words of the person's: what stands there is not invented."""
        brief = self.brief
        lists = [*brief.get("keywords", ()), *brief.get("points", ())]
        return "\n".join([self.request, brief.get("audience", ""), brief.get("tone", ""), *lists])

    def span(self, start: int, end: int) -> Span:
        """Where a part of the prose stands in the text."""
        return self.document.in_source(start, end)
