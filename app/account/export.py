"""Exports all data about a user as a streamed zip, with only one file in memory at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import orjson
from bson import ObjectId

from app.auth.api_keys import ApiKey
from app.auth.models import Session, User
from app.batches.document import Batch
from app.clock import iso, utcnow
from app.content.document import Content
from app.content.export.archive import zipped
from app.content.export.names import base_name
from app.content.versions import Version
from app.database import collection_of
from app.errors import NotFound
from app.generation.run_history import PastRun
from app.rewriting.document import Rewrite
from app.templates.document import Template
from app.usage.document import UsageRow
from app.webhooks.document import Webhook, WebhookDelivery

File = tuple[str, datetime, bytes]
Stored = Mapping[str, Any]

ROWS_A_FILE = 500
LONGEST_NAME = 60
"""The maximum number of characters of a title in a file name. The id makes it unique."""
INTERNAL = frozenset(
    {"user_id", "outbox", "outbox_at", "lease_owner", "lease_expires_at", "ended_by", "wake_at", "folded", "versions",
     "request_id", "owner", "next_at", "token_budget", "feedback", "accepted_by", "tag_keys", "title_key", "text_by",
     "text_at", "text_version", "refused_row", "deleted", "in_trash", "limits", "place",
     "queue_owner", "held_due_at", "made_rows", "begun_rows", "rows_bytes"}
)  # fmt: skip
"""Internal fields, which are left out."""
SECRET = frozenset({"password_hash", "key_hash", "secret", "old_secrets", "token_hash"})
_PART = re.compile(r"_([a-z])")


class AccountExport:
    """Exports accounts. `offload` calls a function off the event loop and returns its result."""

    def __init__(self, offload: Callable[..., Any]) -> None:
        self._offload = offload

    def archive(self, user_id: str) -> Iterator[bytes]:
        """Yields the pieces of the zip. Raises NotFound if the account was deleted."""
        user = collection_of(User).find_one({"_id": ObjectId(user_id), "deleting_at": None})
        if user is None:
            raise NotFound("User not found")
        return zipped(self._files(user))

    def _files(self, user: Stored) -> Iterator[File]:
        yield "profile.json", user["created_at"], self._json(user)
        yield from self._contents(user["_id"])
        for folder, document in (("templates", Template), ("batches", Batch)):
            for row in _own(document, user["_id"]):
                name = f"{folder}/{_named(row, row.get('name') or '')}.json"
                yield name, row.get("updated_at") or row["created_at"], self._json(row)
        for name, document, hidden in (
            ("api-keys", ApiKey, {}),
            ("webhooks", Webhook, {}),
            ("webhook-deliveries", WebhookDelivery, {}),
            ("sessions", Session, {}),
            ("usage", UsageRow, {}),
            ("earlier-requests", PastRun, {}),
            ("rewrites", Rewrite, {"text": 0}),
        ):
            yield from self._rows(name, _own(document, user["_id"], hidden))

    def _contents(self, user_id: ObjectId) -> Iterator[File]:
        for content in _kept(user_id):
            base = _named(content, content["title"])
            yield f"texts/{base}.json", content["updated_at"], self._json(content)
            yield f"texts/{base}.md", content["updated_at"], str(content.get("generated_text") or "").encode()
            numbers = {each["row"]: each["n"] for each in content.get("versions") or ()}
            for row in collection_of(Version).find({"_id": {"$in": list(numbers)}}).batch_size(10):
                shown = {"number": numbers[row["_id"]], **{name: row[name] for name in row if name != "_id"}}
                yield f"versions/{base}/{numbers[row['_id']]}.json", row["created_at"], self._json(shown)

    def _rows(self, name: str, rows: Iterable[Stored]) -> Iterator[File]:
        """Yields files of up to ROWS_A_FILE rows each."""
        number, left = 0, iter(rows)
        while some := list(islice(left, ROWS_A_FILE)):
            number += 1
            yield f"{name}/{number:04}.json", utcnow(), self._json(some)

    def _json(self, value: Any) -> bytes:
        encoded: bytes = self._offload(_encoded, value)
        return encoded


def _own(document: Any, user_id: ObjectId, hidden: Mapping[str, int] | None = None) -> Iterator[Stored]:
    found = collection_of(document).find({"user_id": user_id}, hidden or None).sort("_id", 1).batch_size(20)
    yield from found


def _kept(user_id: ObjectId) -> Iterator[Stored]:
    """Yields the contents, including those in the trash, but not those being deleted permanently."""
    kept = {"user_id": user_id, "$or": [{"deleted": False}, {"in_trash": True}]}
    yield from collection_of(Content).find(kept).sort("_id", 1).batch_size(20)


def _named(row: Stored, title: str) -> str:
    """Returns a unique file name from a title and an id."""
    return f"{base_name(base_name(title)[:LONGEST_NAME])} {row['_id']}"


def _encoded(stored: Stored | list[Stored]) -> bytes:
    shown = [_row(each) for each in stored] if isinstance(stored, list) else _row(stored)
    return orjson.dumps(shown, option=orjson.OPT_INDENT_2)


def _row(row: Stored) -> dict[str, Any]:
    """Converts a stored document for JSON: with the API's field names, without secret and internal fields."""
    return {_name(name): _value(each) for name, each in row.items() if name not in SECRET and name not in INTERNAL}


def _value(value: Any) -> Any:
    """Converts a value. Nested names are kept, because template variables are named by users."""
    match value:
        case dict():
            return {str(name): _value(each) for name, each in value.items()}
        case list():
            return [_value(each) for each in value]
        case datetime():
            return iso(value)
        case ObjectId() | bytes():
            return str(value)
        case _:
            return value


def _name(name: str) -> str:
    return "id" if name == "_id" else _PART.sub(lambda found: found[1].upper(), name)
