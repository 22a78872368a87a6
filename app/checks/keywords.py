"""The `keyword` and `avoid` checks: a finding for each word of the brief that must, or must not, occur in the text."""

from __future__ import annotations

from collections.abc import Iterator

from app.checks.finding import Finding
from app.checks.subject import Subject
from app.checks.terms import Terms


def check(subject: Subject) -> Iterator[Finding]:
    """Matches whole words and their forms, or characters in scripts without spaces.

    `target` is the word, `value` how often it occurs.
    """
    terms = Terms(subject)
    for word in subject.brief.get("keywords", []):
        places = terms.find(word)
        message = f"“{word}” occurs {_times(len(places))}." if places else f"“{word}” does not occur."
        yield Finding.at("keyword", bool(places), message, places, value=len(places), target=word)
    for word in subject.brief.get("avoid", []):
        places = terms.find(word)
        message = f"“{word}” occurs {_times(len(places))}, and should not." if places else f"“{word}” does not occur."
        yield Finding.at("avoid", not places, message, places, value=len(places), target=word)


def _times(amount: int) -> str:
    return {1: "once", 2: "twice"}.get(amount, f"{amount:,} times")
