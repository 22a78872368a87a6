"""Brings older contents up to date in the background: the fields for searching and sorting, and the keys of tags."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from app import periodic
from app.content.document import Content
from app.content.folding import FOLDED_FIELDS, folded, tag_key
from app.database import collection_of
from app.logs import get_logger

log = get_logger(__name__)

BATCH = 100
AGAIN_SECONDS = 3600.0
"""Repeated because processes of the previous release may still be writing."""

_Stored = Mapping[str, Any]
_NOT_SEARCHABLE = {"title_key": None, "deleted": False}
_TAGS_WITH_ACCENTS = {"tags": {"$regex": r"[^\x00-\x7f]"}}
"""Or with other letters than English ones. The keys of all other tags have never changed."""


def keep_backfilling(stopping: threading.Event) -> None:
    """Migrates such contents now and every hour until `stopping` is set. Run it in a separate thread."""
    run = partial(backfill, stopping)
    periodic.attempt("older contents", run)
    periodic.keep_doing("older contents", run, AGAIN_SECONDS, stopping)


def backfill(stopping: threading.Event) -> int:
    """Migrates all contents once. Returns the number migrated. Raises one of database.OUTAGES."""
    done = sum(_make_searchable(each) for each in _found(_NOT_SEARCHABLE, (*FOLDED_FIELDS, "updated_at"), stopping))
    done += sum(_compare_tags(each) for each in _found(_TAGS_WITH_ACCENTS, ("tags", "tag_keys"), stopping))
    if done:
        log.info("older contents made searchable", count=done)
    return done


def _found(which: _Stored, read: tuple[str, ...], stopping: threading.Event) -> Iterator[_Stored]:
    """Yields the contents in batches, so that no cursor stays open while they are migrated."""
    last: _Stored = {}
    while not stopping.is_set():
        cursor = collection_of(Content).find({**which, **last}, dict.fromkeys(read, 1), sort=[("_id", 1)], limit=BATCH)
        found = list(cursor)
        yield from found
        if len(found) < BATCH:
            return
        last = {"_id": {"$gt": found[-1]["_id"]}}


def _make_searchable(content: _Stored) -> int:
    unchanged = {"_id": content["_id"], "updated_at": content.get("updated_at"), "title_key": None}
    return collection_of(Content).update_one(unchanged, {"$set": folded(content)}).modified_count


def _compare_tags(content: _Stored) -> int:
    """Replaces the keys of earlier versions, in which tags that differ only in accents were the same."""
    keys = [tag_key(tag) for tag in content["tags"]]
    if keys == content.get("tag_keys"):
        return 0
    unchanged = {"_id": content["_id"], "tags": content["tags"]}
    return collection_of(Content).update_one(unchanged, {"$set": {"tag_keys": keys}}).modified_count
