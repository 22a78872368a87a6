"""Replaces a passage with a model's answer without changing the rest of the text. Pure functions.

Every character outside the range is preserved, as is the white space at the passage's edges. Block types are preserved
too: an answer cannot turn a list item into a heading or break the line that contains it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKER = re.compile(
    r"[ \t]*(?:>[ \t]?)*(?:(?P<heading>\#{1,6}[ \t]+)|(?P<item>[-*+][ \t]+(?:\[[ xX]\][ \t]+)?|\d{1,9}[.)][ \t]+))?"
)
"""The marker at the start of a line that determines its block type: https://spec.commonmark.org/0.31.2/."""
_RULE = re.compile(r"[ \t]*(?:=+[ \t]*|-+[ \t]*|(?:[-*_][ \t]*){3,})")
"""A setext heading underline or a thematic break."""
_BULLET = re.compile(r"[-*+][ \t]+")
_FENCE = re.compile(r"^[ \t]{0,3}(```+|~~~+)", re.MULTILINE)
_FENCED = re.compile(r"\A(```+|~~~+)[^\n]*\n(.*?)\n?\1\s*\Z", re.DOTALL)
_PIPE = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"\]\(\s*<?([^\s<>()]+)|(https?://[^\s<>()\[\]]+)")
_QUOTES = ('""', "\u201c\u201d", "\u201e\u201c", "\u00ab\u00bb", "''", "\u2018\u2019", "\u300c\u300d")


@dataclass(frozen=True)
class Passage:
    """The part of a text from `start` to `end`, in code points."""

    text: str
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.text[self.start : self.end]

    @property
    def before(self) -> str:
        """The text before the passage on its first line."""
        return self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start]

    @property
    def is_in_code(self) -> bool:
        """Whether the passage is in, or overlaps, a fenced code block, where Markdown does not apply."""
        fences = _FENCE.findall(self.text[: self.start])
        return len(fences) % 2 == 1 or bool(_FENCE.search(self.before + self.quote))


def spliced(passage: Passage, replacement: str) -> str:
    """Returns the text with the passage replaced."""
    return passage.text[: passage.start] + replacement + passage.text[passage.end :]


def fitted(passage: Passage, answer: str) -> str:
    """Returns the replacement from a model's answer; empty if the answer contains none that fits."""
    quote = passage.quote
    core = quote.strip()
    body = _bare(core, answer)
    if body and not passage.is_in_code:
        body = _in_its_block(passage, core, body)
    if not body.strip():
        return ""
    lead = len(quote) - len(quote.lstrip())
    replacement = quote[:lead] + body + quote[lead + len(core) :]
    return replacement if keeps_its_kind(passage, replacement) else ""


def keeps_its_kind(passage: Passage, replacement: str) -> bool:
    """Whether the passage's first line keeps its block type with the replacement. Always True in code."""
    if passage.is_in_code:
        return True
    begin = passage.start - len(passage.before)
    line = spliced(passage, replacement)[begin:].partition("\n")[0]
    return _kind(line) == _kind(passage.text[begin:].partition("\n")[0])


def lost_links(passage: Passage, replacement: str) -> list[str]:
    """Returns the URLs in the passage that are missing from the replacement."""
    kept = set(_links(replacement))
    return [link for link in _links(passage.quote) if link not in kept]


def _links(text: str) -> list[str]:
    return [(inside or bare).rstrip(".,;:!?") for inside, bare in _LINK.findall(text)]


def _bare(core: str, answer: str) -> str:
    """Returns the answer without the fence, quotation marks or white space that models often add around it."""
    body = answer.strip()
    if not core.startswith(("```", "~~~")) and (fenced := _FENCED.match(body)):
        body = fenced[2].strip()
    inside = body[1:-1]
    for marks in _QUOTES:
        quoted = len(body) > 1 and body[0] + body[-1] == marks and not set(marks) & set(inside)
        if quoted and core[:1] != marks[0]:
            return inside.strip()
    return body


def _in_its_block(passage: Passage, core: str, body: str) -> str:
    """Returns the body with the block markers of the passage's lines, and no others."""
    begin = passage.start + passage.quote.index(core)
    line_begin = passage.text.rfind("\n", 0, begin) + 1
    line = passage.text[line_begin:].partition("\n")[0]
    own = _marker(line)
    at_the_beginning = begin - line_begin <= len(own)
    lines = _without_foreign_lines(core, body)
    if "\n" not in core and (own.strip() or _is_row(line)):
        lines = [" ".join(bare for each in lines if (bare := each[len(_marker(each)) :].strip()))]
    if _is_row(line) and "|" not in core:
        lines = [_PIPE.sub(r"\\|", each) for each in lines]
    first, *rest = lines
    if at_the_beginning or _kind(first) == "heading" or _BULLET.match(first):
        first = (own[begin - line_begin :] if at_the_beginning else "") + first[len(_marker(first)) :].lstrip()
    return "\n".join([first, *_in_their_blocks(core.split("\n")[1:], rest)]).rstrip()


def _without_foreign_lines(core: str, body: str) -> list[str]:
    """Returns the body's lines without fences and rules, which affect other lines, unless the passage has some."""
    lines = body.split("\n")
    for foreign in (_RULE, _FENCE):
        if not any(_is(foreign, line) for line in core.split("\n")):
            lines = [line for line in lines if not _is(foreign, line)]
    return lines or [""]


def _is(foreign: re.Pattern[str], line: str) -> bool:
    return bool(line.strip()) and bool(foreign.fullmatch(line) if foreign is _RULE else foreign.match(line))


def _in_their_blocks(before: list[str], after: list[str]) -> list[str]:
    """Returns the lines after the first, each with the marker of the line it replaces, or without a new block type."""
    if len(before) == len(after):
        return [
            _marker(old) + new[len(_marker(new)) :].lstrip() if new.strip() and old.strip() else new
            for old, new in zip(before, after, strict=True)
        ]
    kinds = {_kind(line) for line in before}
    return [_as_before(line, kinds) for line in after]


def _as_before(line: str, kinds: set[str]) -> str:
    """Returns the line without its marker if no line of that block type is in the passage."""
    return line if _kind(line) in kinds | {""} else line[len(_marker(line)) :]


def _marker(line: str) -> str:
    found = _MARKER.match(line)
    return found[0] if found else ""


def _kind(line: str) -> str:
    """Returns "heading", "item", "quote", or an empty string for a paragraph."""
    found = _MARKER.match(line)
    if found is None:
        return ""
    return found.lastgroup or ("quote" if ">" in found[0] else "")


def _is_row(line: str) -> bool:
    """Whether the line is a table row."""
    return line.lstrip().startswith("|")
