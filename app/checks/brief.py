"""The measurable brief of a text."""

from __future__ import annotations

from typing import TypedDict

LONGEST_AUDIENCE = 200
LONGEST_TONE = 60
FEWEST_WORDS, MOST_WORDS = 5, 3_000
MOST_KEYWORDS = 10
MOST_AVOIDED = 20
LONGEST_TERM = 60
"""The maximum length of a keyword, and of a word to avoid."""
MOST_POINTS = 10
LONGEST_POINT = 300


class Brief(TypedDict, total=False):
    """A brief, with only the fields that were given. It is part of the prompt, and the checks measure texts by it."""

    audience: str
    tone: str
    language: str  # a BCP 47 tag
    words: int
    keywords: list[str]
    avoid: list[str]
    points: list[str]
