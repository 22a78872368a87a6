"""Parses the inline markup of a paragraph, following CommonMark, to find what readers do not see."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from app.checks.characters import NAME_PART
from app.checks.finding import Span


class Cut(NamedTuple):
    """A range of a text that readers do not see, and its replacement."""

    start: int
    end: int
    instead: str


@dataclass
class Inline:
    """The cuts of a text, in order and without overlaps, and the ranges of code and link targets."""

    cuts: list[Cut] = field(default_factory=list)
    code: list[Span] = field(default_factory=list)
    links: list[Span] = field(default_factory=list)


_CJK_PUNCTUATION = "\u3000-\u3004\u3008-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
"""Ends an address, because no space follows it."""
_TICKS = re.compile(r"`+")
_MARK = re.compile(
    rf"""
      (?P<escape>\\[!-/:-@\[-`{{-~])
    | (?P<autolink><(?:https?|mailto):[^\s<>]{{1,2000}}>)
    | (?P<break><br\s?/?>)
    | (?P<entity>&(?:[A-Za-z][A-Za-z0-9]{{1,30}}|\#[0-9]{{1,7}}|\#[xX][0-9A-Fa-f]{{1,6}});)
    | (?P<url>(?<![{NAME_PART}])https?://[^\s<>)\]{_CJK_PUNCTUATION}]{{1,2000}})
    | (?P<open>!?\[)
    | (?P<close>\])
    | (?P<stars>\*+|~~+|(?<![^\W_])_+|_+(?![^\W_]))
    """,
    re.VERBOSE,
)
_AIM = re.compile(
    r"""\(\s{0,9}(?:<(?P<pointed>[^<>\n]{0,2000})>|(?P<plain>(?:[^()\s<>]|\([^()\s]{0,200}\)){0,2000}))"""
    r"""(?:\s{1,9}(?:"[^"]{0,200}"|'[^']{0,200}'))?\s{0,9}\)"""
)
_REFERENCE = re.compile(r"\[[^\[\]\n]{0,100}\]")


def cuts_in(text: str) -> Inline:
    """Finds the inline markup in the text of one block."""
    inline = Inline()
    if not re.search(r"[`\\<&\[*_~]|https?:", text):
        return inline
    _cut_code(text, inline)
    spans = iter([*inline.code, Span(len(text), len(text))])
    code = next(spans)
    open_brackets: list[re.Match[str]] = []
    at = 0
    while found := _MARK.search(text, at):
        while found.start() >= code.end and code.end < len(text):
            code = next(spans)
        if found.start() >= code.start and found.start() < code.end:
            at = code.end
            continue
        at = _cut_mark(text, found, inline, open_brackets)
    inline.cuts.sort()
    return _without_overlaps(inline)


def _cut_code(text: str, inline: Inline) -> None:
    """Finds code spans between equally long runs of backticks. Unpaired runs are text."""
    runs = list(_TICKS.finditer(text))
    by_length: dict[int, list[int]] = defaultdict(list)
    for number in range(len(runs) - 1, -1, -1):
        by_length[len(runs[number][0])].append(number)
    number = 0
    while number < len(runs):
        later = by_length[len(runs[number][0])]
        while later and later[-1] <= number:
            later.pop()
        if later:
            span = Span(runs[number].start(), runs[later[-1]].end())
            inline.code.append(span)
            inline.cuts.append(Cut(*span, " "))
            number = later[-1]
        number += 1


def _cut_mark(text: str, found: re.Match[str], inline: Inline, open_brackets: list[re.Match[str]]) -> int:
    """Records what one mark hides. Returns where to continue."""
    start, end = found.span()
    match found.lastgroup:
        case "escape":
            inline.cuts.append(Cut(start, start + 1, ""))
        case "autolink":
            inline.links.append(Span(start + 1, end - 1))
            inline.cuts += [Cut(start, start + 1, ""), Cut(end - 1, end, "")]
        case "break":
            inline.cuts.append(Cut(start, end, "\n"))
        case "entity":
            if (instead := html.unescape(found[0])) != found[0]:
                inline.cuts.append(Cut(start, end, instead[:1]))
        case "url":
            end = start + len(found[0].rstrip(".,;:!?*_~'\"»”’。，、；：！？"))  # trailing punctuation
            inline.links.append(Span(start, end))
        case "open":
            open_brackets.append(found)
        case "close":
            return _close_bracket(text, found, inline, open_brackets)
        case _:
            inline.cuts.append(Cut(start, end, ""))
    return end


def _close_bracket(text: str, found: re.Match[str], inline: Inline, open_brackets: list[re.Match[str]]) -> int:
    """Handles a closing bracket: of a link, an image, a footnote mark, or plain brackets."""
    end = found.end()
    if not open_brackets:
        return end
    opening = open_brackets.pop()
    if aim := _AIM.match(text, end):
        name = "plain" if aim["plain"] is not None else "pointed"
        if aim.start(name) < aim.end(name):
            inline.links.append(Span(*aim.span(name)))
        if opening[0] == "![":
            inline.cuts.append(Cut(opening.start(), aim.end(), " "))
        else:
            inline.cuts += [Cut(*opening.span(), ""), Cut(found.start(), aim.end(), "")]
        return aim.end()
    if text.startswith("[^", opening.start()):
        inline.cuts.append(Cut(opening.start(), end, ""))
    elif reference := _REFERENCE.match(text, end):
        inline.cuts += [Cut(*opening.span(), ""), Cut(found.start(), reference.end(), "")]
        return reference.end()
    return end


def _without_overlaps(inline: Inline) -> Inline:
    """Removes overlaps: an image hides the markup in its description."""
    kept: list[Cut] = []
    for cut in inline.cuts:
        if not kept or cut.start >= kept[-1].end:
            kept.append(cut)
        elif cut.end > kept[-1].end:
            kept[-1] = Cut(kept[-1].start, cut.end, kept[-1].instead)
    inline.cuts = kept
    return inline
