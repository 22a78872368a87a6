"""All checks of a text, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from app.checks import (
    cliches,
    keywords,
    language,
    length,
    placeholders,
    readability,
    repetition,
    structure,
    task_talk,
    to_verify,
)
from app.checks.brief import Brief
from app.checks.finding import Finding
from app.checks.subject import Subject

_ALONE: tuple[Callable[[Subject], Finding], ...] = (
    language.check,
    structure.check,
    readability.check,
    repetition.check,
    cliches.check,
    to_verify.check,
    placeholders.check,
    task_talk.check,
)


def findings_of(subject: Subject) -> Iterator[Finding]:
    """What each check says, in the order in which it is shown. Whoever takes them may pause between two."""
    yield length.check(subject)
    yield from keywords.check(subject)
    for check in _ALONE:
        yield check(subject)


def checks_of(text: str, content_type: str, brief: Brief | None = None, request: str = "") -> list[dict[str, Any]]:
    """The findings about a text as answers show them and MongoDB has them.

    `request` is what the text was made from, title and prompt: numbers, links and blanks in it are not invented.
    """
    return [each.as_dict() for each in findings_of(Subject(text, content_type, brief or {}, request))]
