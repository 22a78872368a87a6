"""What the checks say of a content's text, for the write that changes it: stored, so that no reading works it out."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

from app.checks.brief import Brief
from app.checks.run import findings_of
from app.checks.subject import Subject

MEASURED = frozenset({"generated_text", "content_type", "title", "prompt", "brief"})
"""Fields on which the checks depend."""

_long = threading.Lock()
LONG_TEXT = 20_000
"""Characters. Longer texts are measured one after the other: together they would slow the other requests down."""


def measure(text: str, content_type: str, brief: Brief | None, request: str = "") -> dict[str, Any]:
    """`checks` and `words` of a text. Between two checks others may run: one takes milliseconds, all a moment."""
    if len(text) > LONG_TEXT:
        with _long:
            return _measured(Subject(text, content_type, brief or {}, request))
    return _measured(Subject(text, content_type, brief or {}, request))


def measured(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields `checks` and `words` of a content; None and 0 while it has no text."""
    text = content.get("generated_text") or ""
    if not text.strip():
        return {"checks": None, "words": 0}
    request = f"{content['title']}\n{content['prompt']}"
    return measure(text, content["content_type"], content.get("brief"), request)


def kept(content: Mapping[str, Any], text: str) -> dict[str, Any]:
    """As `measured`, for a version: what is known of the content's own text is not worked out again."""
    if text == content.get("generated_text") and content.get("checks") is not None:
        return {"checks": content["checks"], "words": content["words"]}
    found = measured({**content, "generated_text": text})
    return found | {"checks": found["checks"] or []}


def _measured(subject: Subject) -> dict[str, Any]:
    checks = []
    for finding in findings_of(subject):
        checks.append(finding.as_dict())
        time.sleep(0)  # under eventlet this lets other requests on
    return {"checks": checks, "words": subject.word_count}
