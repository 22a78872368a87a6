"""Cursors: where the next page of a list begins, as a text. For clients they are opaque.

A cursor names the order, the value in that order and the id of the last content that was shown: a time in milliseconds
as hexadecimal digits, or a title in UTF-8 as hexadecimal digits. Every text of this form can be read, so that the
reference can say which texts are cursors.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bson import ObjectId

from app.errors import Conflict

PATTERN = "^((newest|oldest|updated)-[0-9a-f]{1,11}-[0-9a-f]{24}|title-(none|([0-9a-f]{2}){0,1000})-[0-9a-f]{24})?$"
"""Of a cursor, or of nothing: that is the one before the first page."""
_NONE = "none"
"""Of a title that was stored before titles were sorted."""

Value = datetime | str | None


class CursorMismatch(Conflict):
    code = "cursor_mismatch"
    default_message = "This cursor belongs to another sort order - begin again with an empty one"


def of(sort: str, value: Value, last_id: ObjectId) -> str:
    """The cursor behind a content."""
    if isinstance(value, datetime):
        return f"{sort}-{round(value.timestamp() * 1000):x}-{last_id}"
    return f"{sort}-{_NONE if value is None else value.encode().hex()}-{last_id}"


def read(cursor: str, sort: str) -> tuple[Value, ObjectId]:
    """The value and the id of a cursor that matches PATTERN. Raises CursorMismatch for one of another order."""
    of_sort, value, last_id = cursor.split("-")
    if of_sort != sort:
        raise CursorMismatch
    if sort != "title":
        return datetime.fromtimestamp(int(value, 16) / 1000, UTC), ObjectId(last_id)
    return None if value == _NONE else bytes.fromhex(value).decode(errors="replace"), ObjectId(last_id)
