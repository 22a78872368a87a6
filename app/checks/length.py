"""The `length` check: compares the number of words with the brief."""

from __future__ import annotations

from app.checks.finding import Finding
from app.checks.subject import Subject

TOLERANCE = 0.15
"""The permitted deviation from the requested number of words."""


def check(subject: Subject) -> Finding:
    """Counts the words of the rendered text, without code. `passed` is None if the brief has no number."""
    words, asked = subject.reading.word_count, subject.brief.get("words")
    if asked is None:
        return Finding("length", None, f"{_words(words)}; the brief does not ask for a number.", value=words)
    passed = abs(words - asked) <= TOLERANCE * asked
    if passed:
        message = f"{_words(words)}, {asked:,} asked for."
    else:
        off = f"{abs(words - asked):,} {'more' if words > asked else 'fewer'}"
        message = f"{_words(words)}, {off} than the {asked:,} asked for."
    return Finding("length", passed, message, value=words, target=asked)


def _words(amount: int) -> str:
    return f"{amount:,} word{'' if amount == 1 else 's'}"
