"""Extracts the prose of a Markdown text and maps each of its characters to the source.

Blocks are parsed by markdown-it-py, whose block tokens have line numbers. Inline markup is parsed by app.checks.inline,
because markdown-it-py's inline tokens have no positions. Takes linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.checks.finding import Span
from app.checks.inline import Cut, cuts_in

MOST_LINES = 5_000
"""A text with more lines is treated as one paragraph, because block parsing takes time in lines times nesting."""
_GAP = "\n\n"
_CODE = {"fence", "code_block"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_TABLE_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item etc. `level` is a heading's, else 0; `span` is in the prose."""

    kind: str
    level: int
    span: Span


@dataclass(frozen=True)
class Document:
    """A parsed text. `prose` is what readers see, without markup and code, with a blank line between blocks."""

    source: str
    prose: str
    blocks: tuple[Block, ...]
    code: tuple[Span, ...]
    """Ranges of code blocks and code spans in the source."""
    links: tuple[Span, ...]
    """Ranges of link targets in the source."""
    _from: tuple[int, ...] = field(repr=False)
    _to: tuple[int, ...] = field(repr=False)

    def in_source(self, start: int, end: int) -> Span:
        """Maps a non-empty range of the prose to the source."""
        return Span(self._source_of(start), min(self._source_of(end - 1) + 1, len(self.source)))

    def _source_of(self, offset: int) -> int:
        piece = bisect_right(self._from, offset) - 1
        return min(self._to[piece] + offset - self._from[piece], max(len(self.source) - 1, 0))


def read(source: str) -> Document:
    """Parses a text."""
    text = source.replace("\r\n", " \n").replace("\r", "\n").replace("\x00", "\ufffd")
    writer = _Writer(source)
    if text.count("\n") > MOST_LINES:
        writer.block("paragraph", 0, [(0, line) for line in [text]])
    else:
        lines = text.split("\n")
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        for token, kind, level in _content_of(_parser().parse(text)):
            first, last = token.map or (0, 0)
            if kind in _CODE:
                writer.code.append(Span(starts[first], min(starts[last], len(source))))
            else:
                places = _places(token.content.split("\n"), lines[first:last], starts[first:last])
                writer.block(kind, level, places)
    return writer.document()


@cache
def _parser() -> MarkdownIt:
    """Returns a parser for CommonMark blocks only. Tables are parsed as lines: their rule pads rows without a limit."""
    parser = MarkdownIt("commonmark")
    parser.core.ruler.disable(["normalize", "inline", "text_join"])
    return parser


def _content_of(tokens: list[Token]) -> Iterator[tuple[Token, str, int]]:
    """Yields the tokens with content, each with its block's kind and heading level (or 0)."""
    kind, level = "paragraph", 0
    items = 0
    for token in tokens:
        items += token.nesting if token.type.startswith("list_item") else 0
        if token.type == "heading_open":
            kind, level = "heading", _HEADINGS[token.tag]
        elif token.type == "paragraph_open":
            kind, level = "list_item" if items else "paragraph", 0
        elif token.type == "inline":
            yield token, kind, level
        elif token.type in _CODE:
            yield token, token.type, 0
        elif token.type == "html_block":
            yield token, "paragraph", 0


def _places(contents: list[str], lines: list[str], starts: list[int]) -> list[tuple[int, str]]:
    """Returns each line of a block's content with its start in the source, after quote and list markers."""
    found = []
    for content, line, start in zip(contents, lines, starts, strict=False):
        shown = content.strip()
        if shown and not ("-" in shown and "|" in shown and _TABLE_RULE.fullmatch(shown)):
            found.append((start + max(line.rfind(shown), 0), shown))
    return found


class _Writer:
    """Assembles the prose and records where its pieces come from."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts: list[str] = []
        self._length = 0
        self._from: list[int] = [0]
        self._to: list[int] = [0]
        self._blocks: list[Block] = []
        self.code: list[Span] = []
        self._links: list[Span] = []

    def block(self, kind: str, level: int, places: list[tuple[int, str]]) -> None:
        """Adds a block whose lines are at these places in the source."""
        text = "\n".join(line for _, line in places)
        bounds = [0, *accumulate(len(line) + 1 for _, line in places)]
        inline = cuts_in(text)
        if self._blocks:
            self._add(_GAP, places[0][0] if places else 0)
        begin, done = self._length, 0
        cuts = [*inline.cuts, Cut(len(text), len(text), "")]
        for cut in cuts:
            self._keep(text, done, cut.start, places, bounds)
            if cut.instead:
                self._add(cut.instead, _at(cut.start, places, bounds))
            done = cut.end
        self._blocks.append(Block(kind, level, Span(begin, self._length)))
        for found, into in ((inline.code, self.code), (inline.links, self._links)):
            into += [Span(_at(each.start, places, bounds), _at(each.end - 1, places, bounds) + 1) for each in found]

    def _keep(self, text: str, start: int, end: int, places: list[tuple[int, str]], bounds: list[int]) -> None:
        """Adds part of a block unchanged, line by line, because each line has its own place in the source."""
        while start < end:
            line = bisect_right(bounds, start) - 1
            until = min(end, bounds[line + 1])
            self._add(text[start:until], places[line][0] + start - bounds[line])
            start = until

    def _add(self, text: str, source: int) -> None:
        if text:
            self._parts.append(text)
            self._from.append(self._length)
            self._to.append(source)
            self._length += len(text)

    def document(self) -> Document:
        prose = "".join(self._parts)
        return Document(
            self._source,
            prose,
            tuple(self._blocks),
            tuple(self.code),
            tuple(self._links),
            tuple(self._from),
            tuple(self._to),
        )


def _at(offset: int, places: list[tuple[int, str]], bounds: list[int]) -> int:
    """Maps an offset in a block's text to the source."""
    line = min(bisect_right(bounds, offset) - 1, len(places) - 1)
    return places[line][0] + offset - bounds[line]
