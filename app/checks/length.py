"""`length`: how many words a reader counts, beside what the brief asks for."""

from __future__ import annotations

from app.checks.finding import Finding
from app.checks.subject import Subject

TOLERANCE = 0.15
"""So far from the asked number of words a text may be."""


def check(subject: Subject) -> Finding:
    """Words of the rendered text, without marks and code. Without a number in the brief nothing can be said."""
    words, asked = subject.word_count, subject.brief.get("words")
    if asked is None:
        return Finding("length", None, f"{_words(words)}; the brief names no number.", value=words)
    passed = abs(words - asked) <= TOLERANCE * asked
    if passed:
        message = f"{_words(words)}, {asked:,} asked for."
    else:
        off = f"{abs(words - asked):,} {'more' if words > asked else 'fewer'}"
        message = f"{_words(words)}, {off} than the {asked:,} asked for."
    return Finding("length", passed, message, value=words, target=asked)


def _words(amount: int) -> str:
    return f"{amount:,} word{'' if amount == 1 else 's'}"
