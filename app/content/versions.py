"""Versions of a text. A row is written first and becomes a version when an update of its content refers to it.

That update takes the next number and appends `{n, row, source}` to the content's `versions` atomically. So numbers are
per content and never reused, and a row whose update did not happen is never shown. A row that is referred to never
changes.

The text that a content shows is its working text. `text_version` is the number of the version that holds it. If there
is none, the text must be saved before it is replaced (see `saving`). `text_at` is since when it has been edited without
being saved, and `text_by` in which session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from mongoengine import DateTimeField, DictField, Document, IntField, ListField, ObjectIdField, StringField

from app.clock import utcnow
from app.content import fingerprints
from app.content.document import Content
from app.content.measuring import kept
from app.database import collection_of

GENERATED, EDITED, REWRITTEN = "generated", "edited", "rewritten"
RESTORED, PARTIAL, REFUSED = "restored", "partial", "refused"
SOURCES = (GENERATED, EDITED, REWRITTEN, RESTORED, PARTIAL, REFUSED)
MOST_VERSIONS = 200
ORPHANED_AFTER = timedelta(days=1)

Stored = dict[str, Any]
Stage = dict[str, Any]
"""One stage of an update pipeline."""


class Version(Document):
    """A saved text. `asked` is the request, if a model wrote the text in the run `job_id`."""

    id: str = StringField(primary_key=True)
    content_id: ObjectId = ObjectIdField(required=True)
    user_id: ObjectId = ObjectIdField(required=True)
    source: str = StringField(required=True, choices=SOURCES)
    title: str = StringField(required=True)
    text: str = StringField(default="")
    words: int = IntField(default=0)
    checks: list[dict[str, Any]] = ListField(DictField())
    asked: dict[str, Any] | None = DictField(default=None)
    job_id: str | None = StringField()
    created_at: datetime = DateTimeField(required=True, default=utcnow)

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "versions",
        "strict": False,
        "auto_create_index": False,
        "indexes": [
            # the versions of a content, erased with it
            {"fields": ["content_id"]},
            # the size of a user's versions
            {"fields": ["user_id"]},
        ],
    }


def ahead(
    content: Stored,
    source: str,
    text: str,
    row: str | None = None,
    *,
    job_id: str | None = None,
    asked: Mapping[str, Any] | None = None,
) -> str:
    """Writes the row of a future version and returns its id. A row with the same id is replaced."""
    row = row or str(ObjectId())
    values = {
        "content_id": content["_id"],
        "user_id": content["user_id"],
        "source": source,
        "title": content["title"],
        "text": text,
        **kept(content, text),
        "job_id": job_id,
        "asked": asked,
        "created_at": utcnow(),
    }
    _rows().replace_one({"_id": row}, values, upsert=True)
    return row


def named(row: str, source: str, *, working: bool) -> list[Stage]:
    """Returns stages that make a row the content's next version. `working` means that it holds the working text."""
    number = {"$add": [{"$ifNull": ["$version", 0]}, 1]}
    entry = {"n": "$version", "row": {"$literal": row}, "source": source}
    appended: Stage = {"versions": {"$concatArrays": [{"$ifNull": ["$versions", []]}, [entry]]}}
    if working:
        appended["text_version"] = "$version"
    return [{"$set": {"version": number}}, {"$set": appended}, {"$set": {"versions": _thinned()}}]


def saving(content: Stored) -> list[Stage]:
    """Returns stages that save the working text as a version, unless one holds it already. Writes its row.

    The update must match `at_revision(content)`, so that it applies to the text that was read here.
    """
    text = content.get("generated_text") or ""
    if content.get("text_version") is not None or not text.strip():
        return []
    newest = newest_of(content)
    if newest is not None and _rows().count_documents({"_id": newest["row"], "text": text}, limit=1):
        return [{"$set": {"text_version": newest["n"]}}]
    return named(ahead(content, EDITED, text), EDITED, working=True)


def append(content_id: Any, source: str, text: str, row: str, run: Stored | None = None) -> int | None:
    """Saves a text other than the working text as a version and returns its number. Idempotent by `row`.

    Used for the text of a cancelled run (PARTIAL), with the lease's owner as the row. `run` is the content as it was in
    that run, as it may have a new one. Returns None if the text is empty or the content does not exist.
    """
    content = _contents().find_one({"_id": ObjectId(content_id)})
    if content is None or not text.strip():
        return None
    if not any(each["row"] == row for each in content.get("versions") or ()):
        run = run or content
        ahead(content, source, text, row, job_id=run.get("job_id"), asked=asked_in(run))
        unnamed = {"_id": content["_id"], "versions.row": {"$ne": row}}
        _contents().update_one(unnamed, named(row, source, working=False))
        content = _contents().find_one({"_id": content["_id"]}, {"versions": 1}) or {}
    return next((int(each["n"]) for each in content.get("versions") or () if each["row"] == row), None)


def asked_in(content: Stored) -> dict[str, Any]:
    """Returns the request of the content's run. For older contents it is taken from their fields."""
    return dict(content.get("asked") or {"title": content["title"], "prompt": content["prompt"]})


def newest_of(content: Stored) -> dict[str, Any] | None:
    """Returns the entry of a content's newest version, or None."""
    versions: list[dict[str, Any]] = content.get("versions") or []
    return versions[-1] if versions else None


def revision_of(content: Stored) -> int:
    """Returns the content's revision, which is 1 for contents from before there were revisions."""
    return int(content.get("revision") or 1)


def at_revision(content: Stored) -> dict[str, Any]:
    """Returns the filter that matches the content only if it was not edited since it was read."""
    revision = revision_of(content)
    return {"revision": {"$in": [1, None]} if revision == 1 else revision}


def revised() -> dict[str, Any]:
    """Returns the member of a `$set` stage that increments the revision."""
    return {"revision": {"$add": [{"$ifNull": ["$revision", 1]}, 1]}}


def erase(content_ids: Iterable[Any]) -> None:
    """Deletes all versions of permanently deleted contents."""
    gone = list(content_ids)
    _rows().delete_many({"content_id": {"$in": gone}})
    fingerprints.erase(gone)


def forget_thinned(content: Stored) -> None:
    """Deletes the rows of versions that were dropped because the content reached MOST_VERSIONS."""
    entries = content.get("versions") or []
    if len(entries) >= MOST_VERSIONS:
        unnamed = {"$nin": [each["row"] for each in entries]}
        old = {"$lt": utcnow() - ORPHANED_AFTER}
        _rows().delete_many({"content_id": content["_id"], "_id": unnamed, "created_at": old})


def _thinned() -> Any:
    """Returns an expression that drops one entry beyond MOST_VERSIONS: the oldest edit, else the oldest.

    The versions of the working text and the newest one are kept.
    """
    others = {
        "$filter": {"input": "$versions", "cond": {"$not": [{"$in": ["$$this.n", ["$text_version", "$version"]]}]}}
    }
    edited = {"$filter": {"input": "$$others", "cond": {"$eq": ["$$this.source", EDITED]}}}
    first = {"$ifNull": [{"$arrayElemAt": ["$$edited.n", 0]}, {"$arrayElemAt": ["$$others.n", 0]}]}
    which = {"$let": {"vars": {"others": others}, "in": {"$let": {"vars": {"edited": edited}, "in": first}}}}
    rest = {"$filter": {"input": "$versions", "cond": {"$ne": ["$$this.n", "$$gone"]}}}
    without = {"$let": {"vars": {"gone": which}, "in": rest}}
    return {"$cond": [{"$gt": [{"$size": "$versions"}, MOST_VERSIONS]}, without, "$versions"]}


def _rows() -> Any:
    return collection_of(Version)


def _contents() -> Any:
    return collection_of(Content)
