"""The duration of the checks of a text: an ordinary one, and worst cases."""

from __future__ import annotations

import statistics
import time

from app.checks.brief import Brief
from app.checks.run import checks_of
from app.checks.words import count_words
from tools.bench.measurement import Measurement, at_most
from tools.bench.stage import Stage
from tools.fake_gemini.texts import PARAGRAPHS

WORDS = 1_500
CHARACTERS = 200_000
BRIEF: Brief = {
    "words": WORDS,
    "language": "en",
    "keywords": ["garden", "old glass", "R&D", "κήπος", "漢字", "a b", "string", "window", "evening", "snow"],
    "avoid": [f"ga{number}" for number in range(20)],
}
WORST = {
    "words": "word ",
    "letters": "a",
    "brackets": "[",
    "blanks": "[Your ",
    "links": "[a](",
    "backticks": "` ",
    "fences": "```\n",
    "stars": "*a ",
    "escapes": "\\",
    "quotes": "> ",
    "lists": "- ",
    "headings": "# a\n",
    "empty lines": "\n",
    "full stops": "a. ",
    "numbers": "1 ",
    "addresses": "http://a ",
    "marks": "e\u0301 ",
    "apostrophes": "a'",
    "Chinese": "漢字は",
    "Thai": "ก็",
    "emoji": "👩\u200d👧",
    "announcements": "here is ",
    "offers": "let me know if you ",
}
"""Patterns that are repeated to fill the text, by name."""


def checks(stage: Stage) -> list[Measurement]:
    """1,500 words with a full brief, and 200,000 characters of each worst case for some check."""
    usual = [_milliseconds(_ordinary_text()) for _ in range(stage.amount(40, 3))]
    kinds = WORST if stage.amount(1, 0) else {}
    slowest = max(
        ((_milliseconds((each * CHARACTERS)[:CHARACTERS]), name) for name, each in kinds.items()), default=(0, "")
    )
    note = f"slowest of {len(kinds)} kinds: {slowest[1]}"
    return [
        at_most("checks of 1,500 words", "ms", statistics.median(usual), 20),
        at_most("checks of 200,000 characters of the worst kind", "ms", slowest[0], 1_000, note=note),
    ]


def _ordinary_text() -> str:
    """Returns a post of about 1,500 words with distinct paragraphs."""
    paragraphs = ["# Gardens"]
    while count_words("\n\n".join(paragraphs)) < WORDS:
        number = len(paragraphs)
        words = PARAGRAPHS["en"].split()
        varied = " ".join(f"{each}{number}" if at % 4 == 0 else each for at, each in enumerate(words))
        paragraphs += [f"## Part {number}", varied.replace(" seedlings", " [seedlings](https://example.com)")]
    return "\n\n".join(paragraphs)


def _milliseconds(text: str) -> float:
    began = time.process_time()
    checks_of(text, "blog", BRIEF)
    return 1000 * (time.process_time() - began)
