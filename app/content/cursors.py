"""Cursors: strings that say where the next page of a list begins. They are opaque to clients.

A cursor has the sort order, and the sort value and id of the last content shown. The value is a time in milliseconds or
a title in UTF-8, in hexadecimal digits. Every string that matches PATTERN can be parsed, so the reference can describe
cursors exactly.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bson import ObjectId

from app.errors import Conflict

PATTERN = "^((newest|oldest|updated)-[0-9a-f]{1,11}-[0-9a-f]{24}|title-(none|([0-9a-f]{2}){0,1000})-[0-9a-f]{24})?$"
"""Matches a cursor, or the empty string, which stands for the first page."""
_NONE = "none"
"""The value of a content stored before titles had a sort key."""

Value = datetime | str | None


class CursorMismatch(Conflict):
    code = "cursor_mismatch"
    default_message = "This cursor belongs to another sort order - start again with an empty one"


def of(sort: str, value: Value, last_id: ObjectId) -> str:
    """Returns the cursor after a content."""
    if isinstance(value, datetime):
        return f"{sort}-{round(value.timestamp() * 1000):x}-{last_id}"
    return f"{sort}-{_NONE if value is None else value.encode().hex()}-{last_id}"


def read(cursor: str, sort: str) -> tuple[Value, ObjectId]:
    """Parses a cursor that matches PATTERN. Raises CursorMismatch if it belongs to another sort order."""
    of_sort, value, last_id = cursor.split("-")
    if of_sort != sort:
        raise CursorMismatch
    if sort != "title":
        return datetime.fromtimestamp(int(value, 16) / 1000, UTC), ObjectId(last_id)
    return None if value == _NONE else bytes.fromhex(value).decode(errors="replace"), ObjectId(last_id)
