"""Computes the findings about a text. They are stored with each write that changes it, not computed on reads."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from app.checks import repetition
from app.checks.brief import Brief
from app.checks.run import findings_of
from app.checks.subject import Reading, Subject
from app.content import fingerprints

MEASURED = frozenset({"generated_text", "content_type", "title", "prompt", "brief"})
"""Fields on which the checks depend."""


class Whose(NamedTuple):
    """The user and content a text belongs to. `remember` means that it becomes the content's text."""

    user_id: Any
    content_id: Any = None
    remember: bool = False


_long = threading.Lock()
LONG_TEXT = 20_000
"""In characters. Longer texts are measured one at a time, so that they do not slow down other requests."""


def measure(
    reading: Reading, content_type: str, brief: Brief | None, request: str = "", *, whose: Whose | None = None
) -> dict[str, Any]:
    """Returns `checks` and `words` of a text, also comparing it with the user's other texts if `whose` is given.

    Yields to other requests between checks, each of which takes milliseconds.
    """
    subject = Subject(reading, content_type, brief or {}, request)
    if len(reading.text) > LONG_TEXT:
        with _long:
            return _measured(subject, whose)
    return _measured(subject, whose)


def measured(content: Mapping[str, Any], *, remember: bool = True, reading: Reading | None = None) -> dict[str, Any]:
    """Returns the fields `checks` and `words` of a content: None and 0 while it has no text.

    With `remember`, later texts are compared with this one. Pass `reading` if the text was read before.
    """
    text = content.get("generated_text") or ""
    if not text.strip():
        return {"checks": None, "words": 0}
    request = f"{content['title']}\n{content['prompt']}"
    whose = Whose(content["user_id"], content["_id"], remember)
    return measure(reading or Reading(text), content["content_type"], content.get("brief"), request, whose=whose)


def kept(content: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Like `measured`, for a version. Reuses the stored findings if the text is the content's."""
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
        time.sleep(0)  # yields to other greenlets
    return {"checks": checks, "words": subject.reading.word_count}
