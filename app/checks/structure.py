"""The `structure` check: headings in order, and paragraphs that are not too long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from app.checks.finding import Finding, Span
from app.checks.markdown import Block
from app.checks.subject import Subject
from app.checks.words import count_words

WORDS_THAT_NEED_HEADINGS = 300
"""Blog posts with more words than this need at least one heading below the title."""
LONGEST_PARAGRAPH = 200
"""In words. Longer paragraphs are reported."""


class _Problem(NamedTuple):
    what: str
    place: Span | None


def check(subject: Subject) -> Finding:
    """Reports the first problem and how many more there are. `passed` is None for a text without words."""
    if not subject.reading.word_count:
        return Finding("structure", None, "There is no text yet.")
    problems = list(_problems(subject))
    if not problems:
        return Finding("structure", True, "Headings and paragraphs are in order.")
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    places = [subject.span(*each.place) for each in problems if each.place]
    found = Finding.at("structure", False, f"{problems[0].what}{more}", places)
    return Finding(found.check, found.passed, found.message, spans=found.spans, count=len(problems))


def _problems(subject: Subject) -> Iterator[_Problem]:
    blocks = [each for each in subject.reading.document.blocks if each.span.end > each.span.start]
    headings = [each for each in blocks if each.kind == "heading"]
    if subject.content_type == "social":
        yield from (_Problem("Social media posts do not render headings.", each.span) for each in headings)
    else:
        yield from _of_headings(headings, blocks)
        enough = len(headings) > sum(each.level == 1 for each in headings)
        if subject.content_type == "blog" and subject.reading.word_count > WORDS_THAT_NEED_HEADINGS and not enough:
            yield _Problem(f"More than {WORDS_THAT_NEED_HEADINGS} words have no heading between them.", None)
    for block in blocks:
        text = subject.reading.prose[block.span.start : block.span.end]
        if block.kind == "paragraph" and len(text) > LONGEST_PARAGRAPH and count_words(text) > LONGEST_PARAGRAPH:
            yield _Problem(f"A paragraph has more than {LONGEST_PARAGRAPH} words.", block.span)


def _of_headings(headings: list[Block], blocks: list[Block]) -> Iterator[_Problem]:
    titles = [each for each in headings if each.level == 1]
    yield from (_Problem("There is more than one title (first-level heading).", each.span) for each in titles[1:])
    for before, after in pairwise(headings):
        if after.level > before.level + 1:
            yield _Problem("A heading skips a level.", after.span)
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block.kind == "heading" and _is_bare(block, following):
            yield _Problem("A heading has nothing below it.", block.span)


def _is_bare(heading: Block, after: Block | None) -> bool:
    """Whether a heading is followed by nothing, or by a heading of the same or a higher level."""
    return after is None or (after.kind == "heading" and after.level <= heading.level)
