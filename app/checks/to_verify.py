"""The `to-verify` check: finds numbers and links that are not from the request and should be verified."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from app.checks.characters import NAME_PART
from app.checks.finding import Finding, Span
from app.checks.markdown import read
from app.checks.subject import Subject

_NUMBER = re.compile(rf"(?<![{NAME_PART}\d])\d+(?:[.,:\u066b\u066c'\u2019\u00a0\u202f]\d+)*")
"""Digits of any script with separators, except inside names such as CO2."""
_SEPARATORS = re.compile(r"\D+")
_SMALL = 10
"""Numbers up to this are ignored: five tips, 3 steps."""


def check(subject: Subject) -> Finding:
    """Marks each number and link that is neither in the request nor in the brief."""
    links = _unknown_links(subject)
    numbers = _unknown_numbers(subject)
    places = [*links, *numbers]
    if not places:
        return Finding("to-verify", True, "All numbers and links are from the request.", value=0)
    named = [_amount(found, name) for name, found in (("number", numbers), ("link", links)) if found]
    them = "it" if len(places) == 1 else "them"
    message = f"Look up {' and '.join(named)}: the request does not have {them}."
    return Finding.at("to-verify", False, message, places, value=len(places))


def _amount(found: list[Span], name: str) -> str:
    return f"{len(found):,} {name}{'' if len(found) == 1 else 's'}"


def _unknown_links(subject: Subject) -> list[Span]:
    asked = read(subject.asked_text)
    known = {_address(asked.source[each.start : each.end]) for each in asked.links}
    found = []
    for span in dict.fromkeys(subject.reading.document.links):
        address = subject.reading.text[span.start : span.end]
        if address.lower().startswith(("http:", "https:")) and _address(address) not in known:
            found.append(span)
    return found


def _unknown_numbers(subject: Subject) -> list[Span]:
    known = {_digits(each[0]) for each in _NUMBER.finditer(subject.asked_text)}
    links = sorted(subject.reading.document.links)
    starts = [each.start for each in links]
    found = []
    for number in _NUMBER.finditer(subject.reading.prose):
        digits = _digits(number[0])
        if digits in known or (len(digits) <= len(str(_SMALL)) and int(digits) <= _SMALL):
            continue
        span = subject.span(*number.span())
        before = bisect_right(starts, span.start) - 1
        if before < 0 or links[before].end <= span.start:
            found.append(span)
    return found


def _address(link: str) -> str:
    """Normalises a link for comparison: without scheme, www and trailing slash."""
    return re.sub(r"^https?://(?:www\.)?", "", link.lower()).rstrip("/")


def _digits(number: str) -> str:
    """Normalises a number for comparison: 1,000, 1.000 and ١٠٠٠ are 1000."""
    digits = _SEPARATORS.sub("", number)
    return digits if digits.isascii() else "".join(str(unicodedata.digit(each, 0)) for each in digits)
