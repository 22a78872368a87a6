"""Where a generation stands among those of its owner that wait."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.content.document import PENDING, Content
from app.database import collection_of

NEEDED = ("user_id", "generation_status", "due_at")
"""What has to be known of a content for that, besides its id."""


def add_positions(contents: Iterable[dict[str, Any]]) -> None:
    """Says of each content that waits, all of one person, how many of theirs are ahead: its `position`."""
    waiting = [each for each in contents if each.get("generation_status") == PENDING and each.get("due_at")]
    if not waiting:
        return
    own = {"user_id": waiting[0]["user_id"], "generation_status": PENDING, "deleted": False}
    line = sorted(map(_place, collection_of(Content).find(own, {"due_at": 1})))
    for each in waiting:
        each["position"] = bisect_left(line, _place(each))


def _place(content: Mapping[str, Any]) -> tuple[datetime, Any]:
    due: datetime = content["due_at"]
    return due.replace(microsecond=due.microsecond // 1000 * 1000), content["_id"]  # as precise as MongoDB stores it
