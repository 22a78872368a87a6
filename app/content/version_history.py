"""Lists, gets, saves, restores and compares versions of a content on behalf of its owner."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from bson import ObjectId

from app.content import editing, queries, text_diff, versions
from app.content.document import Content
from app.content.editing import Edit
from app.content.segments import segments
from app.content.text_diff import Change
from app.content.version_usage import NOTHING, usage_of
from app.content.versions import RESTORED, Stored, Version
from app.database import collection_of
from app.errors import FieldError, InvalidInput, NotFound, NothingToSave, Unavailable
from app.outbox.relay import Relay
from app.quotas.service import Quotas
from app.usage.prices import Prices

LONGEST_EXCERPT = 200
LONGEST_COMPARED = 400_000
"""In characters, of both texts together."""
DIFF_PATIENCE_SECONDS = 3.0
_NO_VERSION = "Version not found"
_WITHOUT_TEXT = {**dict.fromkeys(("source", "title", "words", "checks", "job_id", "created_at"), 1)}
_BEGINNING = {"text": {"$substrCP": ["$text", 0, 3 * LONGEST_EXCERPT]}}


@dataclass(frozen=True)
class VersionPage:
    """A page of a content's versions, newest first. `total` counts all versions."""

    versions: list[dict[str, Any]]
    total: int
    page: int
    limit: int

    @property
    def total_pages(self) -> int:
        return -(-self.total // self.limit)


class VersionHistory:
    """Operations on versions. All raise NotFound if the content or version is not this user's or does not exist."""

    def __init__(self, relay: Relay, quotas: Quotas, prices: Prices) -> None:
        self._relay = relay
        self._quotas = quotas
        self._prices = prices
        self._one_at_a_time = threading.Lock()  # concurrent comparisons would slow down other requests

    def page(self, user_id: str, content_id: str, page: int, limit: int) -> VersionPage:
        """Returns a page of the list, newest first."""
        entries = _own(user_id, content_id).get("versions") or []
        wanted = entries[::-1][(page - 1) * limit : page * limit]
        return VersionPage(_shown(content_id, wanted, self._prices), len(entries), page, limit)

    def get(self, user_id: str, content_id: str, number: str) -> dict[str, Any]:
        """Returns a version with its text and request."""
        entry = _entry(_own(user_id, content_id), number)
        row = _rows().find_one({"_id": entry["row"]}, {"text": 1, "asked": 1}) or {}
        return _shown(content_id, [entry], self._prices)[0] | {"text": row["text"], "asked": row.get("asked")}

    def diff(self, user_id: str, content_id: str, a: str, b: str) -> list[Change]:
        """Returns the changes from version `a` to version `b`.

        Raises InvalidInput if the texts are too long, and Unavailable if other comparisons take too long.
        """
        content = _own(user_id, content_id)
        before, after = _text(_entry(content, a)), _text(_entry(content, b))
        if len(before) + len(after) > LONGEST_COMPARED:
            message = f"Texts of more than {LONGEST_COMPARED:,} characters together cannot be compared."
            raise InvalidInput([FieldError("versions", message)])
        if not self._one_at_a_time.acquire(timeout=DIFF_PATIENCE_SECONDS):
            raise Unavailable
        try:
            return text_diff.changes(before, after)
        finally:
            self._one_at_a_time.release()

    def save(self, edit: Edit) -> tuple[dict[str, Any], bool]:
        """Saves the working text as a version if needed. Returns the newest version, and whether it is new.

        Raises NothingToSave if there is no text, and StorageFull.
        """
        newest: list[Any] = []

        def saving(content: Stored) -> list[versions.Stage]:
            if not (content.get("generated_text") or "").strip():
                raise NothingToSave
            newest[:] = [versions.newest_of(content)]
            return versions.saving(content)

        with self._quotas.room(edit.user_id):
            entry = editing.write(edit, saving, of_the_text=False)["versions"][-1]
        return _shown(edit.content_id, [entry], self._prices)[0], newest != [entry]

    def restore(self, edit: Edit, number: str) -> queries.Shown:
        """Makes a version's text the working text and a new version. Returns the content. Raises StorageFull."""

        def restored(content: Stored) -> list[versions.Stage]:
            text = _text(_entry(content, number))
            return editing.replacing(content, text, RESTORED, edit.session_id)

        with self._quotas.room(edit.user_id):
            content = editing.write(edit, restored, of_the_text=True)
        self._relay.carry(content)
        return queries.shown(content)


def _own(user_id: str, content_id: str) -> Stored:
    own = {"_id": queries.content_id(content_id), "user_id": ObjectId(user_id), "deleted": False}
    content = collection_of(Content).find_one(own, {"versions": 1})
    if content is None:
        raise NotFound("Content not found")
    return dict(content)


def _entry(content: Stored, number: str) -> dict[str, Any]:
    for entry in content.get("versions") or ():
        if str(entry["n"]) == number:
            return dict(entry)
    raise NotFound(_NO_VERSION)


def _text(entry: dict[str, Any]) -> str:
    row = _rows().find_one({"_id": entry["row"]}, {"text": 1})
    if row is None:
        raise NotFound(_NO_VERSION)
    return str(row["text"])


def _shown(content_id: str, entries: list[dict[str, Any]], prices: Prices) -> list[dict[str, Any]]:
    """Returns versions in the form for lists, in the order of the entries."""
    found = _rows().find({"_id": {"$in": [each["row"] for each in entries]}}, {**_WITHOUT_TEXT, **_BEGINNING})
    rows = {row["_id"]: row for row in found}
    used = usage_of(content_id, {row.get("job_id") for row in rows.values()} - {None}, prices)
    return [_one(each["n"], rows[each["row"]], used) for each in entries if each["row"] in rows]


def _one(number: int, row: dict[str, Any], used: dict[str, dict[str, Any]]) -> dict[str, Any]:
    usage = used.get(row.get("job_id") or "", {})
    excerpt = _excerpt(row.pop("text"))
    return {**row, "number": number, "excerpt": excerpt, "model": usage.get("model"), "usage": NOTHING | usage}


def _excerpt(beginning: str) -> str:
    """Returns the first words on one line, without splitting a grapheme."""
    excerpt = ""
    for each in segments(" ".join(beginning.split())):
        if len(excerpt) + len(each) > LONGEST_EXCERPT:
            break
        excerpt += each
    return excerpt.rstrip()


def _rows() -> Any:
    return collection_of(Version)
