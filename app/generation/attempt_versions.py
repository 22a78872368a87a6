"""Saves the text of an ended attempt as a version: a finished text, or the one rejected on the last attempt."""

from __future__ import annotations

from typing import Any

from app.content import versions
from app.content.document import Content
from app.content.measuring import measured
from app.content.versions import GENERATED, REFUSED, Stage
from app.database import collection_of
from app.generation.outcomes import Done, Later, Never, Outcome
from app.generation.titles import heading_of


def version_stages(outcome: Outcome, lease_owner: str, held: dict[str, Any]) -> list[Stage]:
    """Returns pipeline stages for the update that settles the attempt that holds the lease as `lease_owner`.

    The version rows are written first, keyed by the owner. `held` is the filter that matches the content while the
    owner holds the lease, during which nothing else changes its text.
    """
    if not isinstance(outcome, Done | Later | Never):
        return []
    text = outcome.text if isinstance(outcome, Done) else outcome.refused
    content = collection_of(Content).find_one(held) if text.strip() or isinstance(outcome, Never) else None
    if content is None:
        return []
    if not text.strip():
        return _refused_before(content)
    finished = isinstance(outcome, Done)
    source = GENERATED if finished else REFUSED
    if finished and content.get("auto_title"):
        content["title"] = heading_of(text) or content["title"]
    asked = versions.asked_in(content)
    found = measured({**content, "generated_text": text}, remember=finished, reading=outcome.reading)
    shown = {**content, "generated_text": text, **found}
    row = versions.ahead(shown, source, text, lease_owner, job_id=content.get("job_id"), asked=asked)
    if isinstance(outcome, Later):
        return [{"$set": {"refused_row": {"$literal": row}}}]
    before = versions.saving(content) if finished else []
    return [*before, *(_checked(content, found) if finished else ()), *versions.named(row, source, working=finished)]


def _refused_before(content: dict[str, Any]) -> list[Stage]:
    """Saves the text of an earlier attempt as a version when the last attempt produced none."""
    row = content.get("refused_row")
    return versions.named(row, REFUSED, working=False) if row else []


def _checked(content: dict[str, Any], found: dict[str, Any]) -> list[Stage]:
    """Stores the new text's findings, unless the brief was edited meanwhile; then the next read computes them."""
    same = {"$eq": [{"$ifNull": ["$revision", 1]}, versions.revision_of(content)]}
    return [{"$set": {name: {"$cond": [same, {"$literal": value}, None]} for name, value in found.items()}}]
