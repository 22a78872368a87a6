"""Edits contents. Each edit is one atomic write to the revision that was read, and no text is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument

from app.clock import utcnow
from app.content import queries, versions
from app.content.document import UNFINISHED, Content
from app.content.folding import refolded, tag_key
from app.content.measuring import MEASURED, measured
from app.content.versions import EDITED, Stage, Stored
from app.database import collection_of
from app.errors import GenerationInProgress, NotFound, RevisionMismatch, Unavailable
from app.outbox import entries
from app.outbox.entries import Entry, pushed

LONGEST_UNSAVED = timedelta(minutes=10)
"""A text edited for longer than this becomes a version before the next change replaces it."""
MOST_TRIES = 100


@dataclass(frozen=True)
class Edit:
    """An edit of a content by a user's session, allowed only at one of these `revisions` (None: at any)."""

    user_id: str
    content_id: str
    session_id: str
    revisions: frozenset[int] | None = None


def write(edit: Edit, stages: Callable[[Stored], list[Stage]], *, of_the_text: bool) -> Stored:
    """Applies an edit and returns the updated content. `stages` returns the update pipeline for the content as read.

    If the content changes between read and write, it is read again. With `of_the_text`, raises GenerationInProgress
    while a generation would overwrite the text. Also raises NotFound and RevisionMismatch.
    """
    own = {"_id": queries.content_id(edit.content_id), "user_id": ObjectId(edit.user_id), "deleted": False}
    finished = {"generation_status": {"$nin": list(UNFINISHED)}} if of_the_text else {}
    for _ in range(MOST_TRIES):
        content = _contents().find_one(own)
        if content is None:
            raise NotFound("Content not found")
        if edit.revisions is not None and versions.revision_of(content) not in edit.revisions:
            raise RevisionMismatch(versions.revision_of(content))
        if of_the_text and content.get("generation_status") in UNFINISHED:
            raise GenerationInProgress
        update = stages(content)
        if not update:
            return dict(content)
        unchanged = own | finished | versions.at_revision(content) | {"text_version": content.get("text_version")}
        edited = _contents().find_one_and_update(unchanged, update, return_document=ReturnDocument.AFTER)
        if edited is not None:
            versions.forget_thinned(edited)
            return dict(edited)
    raise Unavailable("Too many changes of this content at once - please try again")


def changing(values: Mapping[str, Any], session_id: str) -> Callable[[Stored], list[Stage]]:
    """Returns stages that set fields, saving the replaced text as a version if needed, and any published text."""

    def stages(content: Stored) -> list[Stage]:
        text = values.get("generated_text")
        replaced = text is not None and text != content.get("generated_text")
        published = values.get("status") == "published"
        found = measured({**content, **values}) if MEASURED & values.keys() else {}
        keys = {"tag_keys": [tag_key(tag) for tag in values["tags"]]} if "tags" in values else {}
        assigned: dict[str, Any] = {name: {"$literal": value} for name, value in {**values, **found, **keys}.items()}
        assigned |= counted() | ({"auto_title": "$$REMOVE"} if "title" in values else {}) | refolded(values)
        if not replaced:
            return [*(versions.saving(content) if published else ()), {"$set": assigned}]
        before = versions.saving(content) if published or is_save_point(content, session_id) else []
        new = {"text_version": "$$REMOVE", "text_by": session_id, "text_at": _since(content, bool(before))}
        done: list[Stage] = [*before, {"$set": assigned | new}]
        if published and text and text.strip():
            row = versions.ahead({**content, **values, **found}, EDITED, text)
            done += versions.named(row, EDITED, working=True)
        return done

    return stages


def is_save_point(content: Stored, session_id: str) -> bool:
    """Whether an edit must save the working text first: it is unedited, from another session, or ten minutes old.

    The text of POST /content, and one from before there were versions, counts as unedited.
    """
    since = content.get("text_at")
    return since is None or content.get("text_by") != session_id or utcnow() - since > LONGEST_UNSAVED


def replacing(content: Stored, text: str, source: str, session_id: str, **of_the_row: Any) -> list[Stage]:
    """Returns stages that make a text the working text and a new version. The replaced text is kept."""
    found = measured({**content, "generated_text": text})
    new: dict[str, Any] = {name: {"$literal": value} for name, value in {"generated_text": text, **found}.items()}
    row = versions.ahead({**content, "generated_text": text, **found}, source, text, **of_the_row)
    return [
        *versions.saving(content),
        {"$set": new | {"text_by": session_id, "text_at": utcnow()} | counted() | refolded({"generated_text": text})},
        *versions.named(row, source, working=True),
    ]


def counted() -> dict[str, Any]:
    """Returns members of a `$set` stage for every edit: revision, date and the outbox entry."""
    now = utcnow()
    return {"updated_at": now, **versions.revised(), **pushed(Entry.of(entries.CHANGED, now))}


def _since(content: Stored, saved: bool) -> Any:
    """Returns since when the text of an edit has been worked on."""
    if saved or content.get("text_version") is not None or content.get("text_at") is None:
        return utcnow()
    return content["text_at"]


def _contents() -> Any:
    return collection_of(Content)
