"""Parses Markdown into tokens for all formats, which show the lines that the app shows and lose no word of the text."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

MOST_LINES = 5_000
MOST_BRACKETS = 2_000
"""A text with more is treated as plain, because parsing takes superlinear time."""
DEEPEST_NESTING = 100
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SAFE_LINK = re.compile(r"(?i)(https?://|mailto:)\S+")
_LINE_BREAK = re.compile(r"(?i)<br\s*/?>")
_LANGUAGE = re.compile(r"[\w+#.-]*", re.ASCII)
_WORD = re.compile(r"[^\W_]{2,}|[^\W_A-Za-z]")
_NUMBER_OF_LINK = re.compile(r"(?m)(?<=\])\[\d+\]|^ {0,3}\[\d+\](?=:)")


@cache
def parser() -> MarkdownIt:
    """Returns a parser of CommonMark with tables and strikethrough. HTML is treated as text."""
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST_NESTING})
    return made.enable(["table", "strikethrough"])


def without_controls(text: str) -> str:
    """Removes the characters that XML does not allow (https://www.w3.org/TR/xml/#charsets)."""
    return _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def tokens_of(text: str) -> list[Token]:
    """Parses a text without control characters. Returns plain paragraphs if parsing would lose words.

    All links lead to a web address or mailto. There are no images, and line breaks are hard.
    """
    if text.count("\n") > MOST_LINES or text.count("[") > MOST_BRACKETS:
        return _plain(text)
    try:
        tokens = parser().parse(text)
    except RecursionError:
        return _plain(text)
    return [shown for token in tokens for shown in _shown(token)] if not _lost(text, tokens) else _plain(text)


def address_of(link: Token, words: str = "") -> str:
    """Returns what stands in parentheses after the words of a link: its address unless the words are it, and its title.

    The address of a place in the text itself, or of an embedded image, would tell a reader nothing.
    """
    address = str(link.attrGet("href") or "")
    is_shown = words in {address, address.removeprefix("mailto:"), parser().normalizeLinkText(address)}
    title = link.attrGet("title")
    parts = ["" if is_shown or address.startswith(("#", "data:")) else address, f'"{title}"' if title else ""]
    shown = " ".join(filter(None, parts))
    return f" ({shown})" if shown else ""


def first_number(ordered_list: Token) -> int:
    """Returns the number of the first item. CommonMark lists may begin with any, including 0."""
    start = ordered_list.attrGet("start")
    return 1 if start is None else int(start)


def _lost(text: str, tokens: Iterable[Token]) -> bool:
    source = Counter(_WORD.findall(html.unescape(_NUMBER_OF_LINK.sub("", text))))
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
        elif child.type in {"link_open", "image"}:
            address = str(child.attrGet("href") or child.attrGet("src") or "")
            yield f" {address} {parser().normalizeLinkText(address)} {child.attrGet('title') or ''} {child.content} "
        elif child.type == "link_close":
            yield " "
        else:
            yield child.content


def _shown(token: Token) -> Iterator[Token]:
    """Yields a block as all formats show it."""
    if token.children is not None:
        token.children = list(_lines(_links(token.children)))
    elif token.type == "fence":
        yield from _info(token)
    yield token


def _info(fence: Token) -> Iterator[Token]:
    """Shows the words after the opening fence unless they name the language of the code: `~~~ Summer sale ~~~`."""
    words = unescapeAll(fence.info.strip())
    if not fence.content:
        fence.content, fence.info = words, ""
    elif not _LANGUAGE.fullmatch(words):
        fence.info = ""
        yield from _paragraph([_text(words)])


def _links(children: Iterable[Token]) -> Iterator[Token]:
    """Makes images links, since showing one would load it. A link that is not safe becomes its text and its address."""
    link: Token | None = None
    has_words = False
    for child in children:
        if child.type == "link_open":
            link, has_words = child, False
            if _is_safe(link):
                yield link
        elif child.type == "link_close" and link is not None:
            yield from _end(link, child, has_words=has_words)
            link = None
        else:
            has_words = has_words or bool(child.content) or child.type == "image"
            yield from _image(child, is_in_link=link is not None) if child.type == "image" else [child]


def _image(image: Token, *, is_in_link: bool) -> Iterator[Token]:
    link = Token("link_open", "a", 1, attrs={"href": str(image.attrGet("src") or "")} | _titled(image))
    words = _text(image.content or str(link.attrGet("href")))
    if _is_safe(link) and not is_in_link:
        yield from (link, words, Token("link_close", "a", -1))
    else:
        yield from (words, _text(address_of(link, words.content)))


def _titled(image: Token) -> dict[str, Any]:
    title = image.attrGet("title")
    return {"title": title} if title else {}


def _end(link: Token, close: Token, *, has_words: bool) -> Iterator[Token]:
    if not has_words:
        yield _text(str(link.attrGet("href") or ""))
    if _is_safe(link):
        yield close
    elif has_words:
        yield _text(address_of(link))


def _is_safe(link: Token) -> bool:
    return bool(_SAFE_LINK.fullmatch(str(link.attrGet("href") or "")))


def _lines(children: Iterable[Token]) -> Iterator[Token]:
    """Ends a line wherever the app does: at each line break of the text, and at `<br>`."""
    for child in children:
        if child.type == "softbreak":
            yield _line_break()
        elif child.type == "text":
            yield from _broken(_LINE_BREAK.split(child.content))
        else:
            yield child


def _plain(text: str) -> list[Token]:
    """Splits a text into paragraphs at blank lines, keeping line breaks."""
    tokens: list[Token] = []
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        tokens += _paragraph(list(_broken(part.split("\n"))))
    return tokens


def _broken(lines: Iterable[str]) -> Iterator[Token]:
    """Yields the lines with a line break between each two of them."""
    for number, line in enumerate(lines):
        if number:
            yield _line_break()
        yield _text(line)


def _paragraph(children: list[Token]) -> list[Token]:
    return [
        Token("paragraph_open", "p", 1, block=True),
        Token("inline", "", 0, children=children, block=True),
        Token("paragraph_close", "p", -1, block=True),
    ]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _line_break() -> Token:
    return Token("hardbreak", "br", 0)
