"""Runs all checks of a text."""

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
from app.checks.subject import Reading, Subject

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
    """Yields the findings in display order. The caller may pause between checks."""
    yield length.check(subject)
    yield from keywords.check(subject)
    for check in _ALONE:
        yield check(subject)


def checks_of(text: str, content_type: str, brief: Brief | None = None, request: str = "") -> list[dict[str, Any]]:
    """Returns the findings about a text in the form for responses and storage.

    `request` is the title and the prompt: numbers, links and blanks from it are not reported.
    """
    return [each.as_dict() for each in findings_of(Subject(Reading(text), content_type, brief or {}, request))]
