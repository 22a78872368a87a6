"""The findings about a content's text. They are stored with each write that changes it, not computed by readers."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.checks import repetition
from app.checks.brief import Brief
from app.checks.run import findings_of
from app.checks.subject import Subject
from app.content import fingerprints

MEASURED = frozenset({"generated_text", "content_type", "title", "prompt", "brief"})
"""Fields on which the checks depend."""


class Whose(NamedTuple):
    """Whose text is measured, of which content, and whether it becomes that one's text."""

    user_id: Any
    content_id: Any = None
    remember: bool = False


_long = threading.Lock()
LONG_TEXT = 20_000
"""In characters. Longer texts are measured one at a time, because several would slow down other requests."""


def measure(
    text: str, content_type: str, brief: Brief | None, request: str = "", *, whose: Whose | None = None
) -> dict[str, Any]:
    """`checks` and `words` of a text, compared with other texts of the person whose it is.

    Between two checks others may run: one takes milliseconds, all a moment.
    """
    subject = Subject(text, content_type, brief or {}, request)
    if len(text) > LONG_TEXT:
        with _long:
            return _measured(subject, whose)
    return _measured(subject, whose)


def measured(content: Mapping[str, Any], *, remember: bool = True) -> dict[str, Any]:
    """The fields `checks` and `words` of a content; None and 0 while it has no text.

    `remember`: this text becomes the content's, and later texts are compared with it.
    """
    text = content.get("generated_text") or ""
    if not text.strip():
        return {"checks": None, "words": 0}
    request = f"{content['title']}\n{content['prompt']}"
    whose = Whose(content["user_id"], content["_id"], remember)
    return measure(text, content["content_type"], content.get("brief"), request, whose=whose)


def kept(content: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Like `measured`, for a version. What is known about the content's own text is not computed again."""
    if text == content.get("generated_text") and content.get("checks") is not None:
        return {"checks": content["checks"], "words": content["words"]}
    found = measured({**content, "generated_text": text}, remember=False)
    return found | {"checks": found["checks"] or []}


def _measured(subject: Subject, whose: Whose | None) -> dict[str, Any]:
    checks = []
    for each in findings_of(subject):
        finding = each
        if whose and each.check == repetition.CHECK:
            shared = fingerprints.compare(subject, whose.user_id, whose.content_id, remember=whose.remember)
            finding = each.along_with(shared) if shared else each
        checks.append(finding.as_dict())
        time.sleep(0)  # under eventlet this lets other requests run
    return {"checks": checks, "words": subject.word_count}
