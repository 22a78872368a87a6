"""Derives a title from a text: its first heading."""

from __future__ import annotations

import re

from app.typed_text import UnusableText, composed, has_visible_character

LONGEST_TITLE = 200
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"(\*\*|__|[*`]|~~|(?<!\w)_|_(?!\w))(?=\S)|(?<=\S)(\*\*|__|[*`]|~~|_(?!\w))")
_NO_PARAGRAPH = re.compile(r" {0,3}(?:[#>]|[-*+][ \t]|\d{1,9}[.)][ \t])")


def heading_of(text: str) -> str | None:
    """Returns the first heading of a Markdown text, without markup, or None if there is none usable as a title.

    Follows CommonMark: https://spec.commonmark.org/0.31.2/#atx-headings and #setext-headings.
    """
    fence, above = "", ""
    for line in text.splitlines():
        if opened := _FENCE.match(line):
            fence = "" if fence and opened[1].startswith(fence) else fence or opened[1]
            above = ""
        elif fence:
            continue
        elif heading := _HEADING.fullmatch(line):
            if title := _title(heading[1]):
                return title
        elif above and _UNDERLINE.fullmatch(line):
            return _title(above)
        else:
            above = "" if _NO_PARAGRAPH.match(line) else line.strip()
    return None


def _title(heading: str) -> str | None:
    try:
        title = composed(_MARKS.sub("", _LINK.sub(r"\1", heading)), len(heading))
    except UnusableText:
        return None
    if len(title) > LONGEST_TITLE:
        title = title[: LONGEST_TITLE - 1].rstrip() + "…"
    return title if has_visible_character(title) and "\x00" not in title else None
