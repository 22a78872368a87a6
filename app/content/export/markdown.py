"""Parses Markdown into tokens for all formats. A text that parsing would lose words of is treated as plain text."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

MOST_LINES = 5_000
MOST_BRACKETS = 2_000
"""A text with more is treated as plain, because parsing takes superlinear time."""
DEEPEST_NESTING = 100
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SAFE_LINK = re.compile(r"(?i)(https?://|mailto:)\S+")
_WORD = re.compile(r"[^\W\d_]{2,}")


@cache
def parser() -> MarkdownIt:
    """Returns a parser of CommonMark with tables and strikethrough. HTML is treated as text."""
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST_NESTING})
    return made.enable(["table", "strikethrough"])


def without_controls(text: str) -> str:
    """Removes the characters that XML does not allow (https://www.w3.org/TR/xml/#charsets)."""
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def tokens_of(text: str) -> list[Token]:
    """Parses a text without control characters. Returns plain paragraphs if parsing would lose words."""
    if text.count("\n") > MOST_LINES or text.count("[") > MOST_BRACKETS:
        return _plain(text)
    try:
        tokens = parser().parse(text)
    except RecursionError:
        return _plain(text)
    return tokens if not _lost(text, tokens) else _plain(text)


def is_safe(link: Any) -> bool:
    """Whether a link is a web address or mailto."""
    return bool(_SAFE_LINK.fullmatch(str(link or "")))


def first_number(ordered_list: Token) -> int:
    """Returns the number of the first item. CommonMark lists may begin with any, including 0."""
    start = ordered_list.attrGet("start")
    return 1 if start is None else int(start)


def _lost(text: str, tokens: Iterable[Token]) -> bool:
    source = Counter(_WORD.findall(html.unescape(text)))
    found = Counter(_WORD.findall(" ".join(_texts(tokens))))
    return any(found[word] < count for word, count in source.items())


def _texts(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        if token.children is not None:
            yield "".join(_inline(token.children))
        else:
            yield f"{token.info} {token.content}"


def _inline(children: Sequence[Token]) -> Iterable[str]:
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif child.type == "link_open":
            yield f" {child.attrGet('href')} {child.attrGet('title') or ''} "
        elif child.type == "image":
            yield f" {child.attrGet('src')} {child.attrGet('title') or ''} {child.content} "
        elif child.type == "link_close":
            yield " "
        else:
            yield child.content


def _plain(text: str) -> list[Token]:
    """Splits a text into paragraphs at blank lines, keeping line breaks."""
    tokens = []
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        children = []
        for number, line in enumerate(part.split("\n")):
            children += [Token("hardbreak", "br", 0)] if number else []
            children.append(Token("text", "", 0, content=line))
        inline = Token("inline", "", 0, children=children, content=part)
        tokens += [Token("paragraph_open", "p", 1), inline, Token("paragraph_close", "p", -1)]
    return tokens
