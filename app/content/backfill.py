"""Brings older contents up to date in the background: the fields for searching and sorting, and the keys of tags."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pymongo

from app import periodic
from app.content.document import Content
from app.content.folding import FOLDED_FIELDS, folded, tag_key
from app.database import collection_of
from app.logs import get_logger

log = get_logger(__name__)

BATCH = 100
SCAN_SECONDS = 600.0
"""The timeout for finding a batch. No index serves these searches, so one may read the whole collection."""
AGAIN_SECONDS = 3600.0

_Stored = Mapping[str, Any]


@dataclass(frozen=True)
class Migration:
    """`which` finds contents that may be outdated; `migrate` returns False for one that is not."""

    name: str
    which: _Stored
    read: tuple[str, ...]
    migrate: Callable[[_Stored], bool]


def keep_backfilling(stopping: threading.Event) -> None:
    """Runs each migration now, and every hour until `stopping` is set or it finds nothing.

    The first repetition is never omitted, because processes of the previous release may still be writing. Run it in a
    separate thread.
    """
    for each in MIGRATIONS:
        _attempted(each, stopping)
    left = MIGRATIONS
    while left and not stopping.wait(AGAIN_SECONDS):
        left = tuple(each for each in left if _attempted(each, stopping) != 0)


def backfill(migration: Migration, stopping: threading.Event) -> int:
    """Migrates all contents once. Returns how many were outdated. Raises one of database.OUTAGES."""
    done = sum(map(migration.migrate, _found(migration, stopping)))
    if done:
        log.info("older contents migrated", work=migration.name, count=done)
    return done


def _attempted(migration: Migration, stopping: threading.Event) -> int | None:
    """Returns how many contents were outdated, or None if the migration failed."""
    return periodic.attempt(migration.name, partial(backfill, migration, stopping))


def _found(migration: Migration, stopping: threading.Event) -> Iterator[_Stored]:
    """Yields the contents in batches, so that no cursor stays open while they are migrated."""
    last: _Stored = {}
    fields = dict.fromkeys(migration.read, 1)
    while not stopping.is_set():
        with pymongo.timeout(SCAN_SECONDS):
            cursor = collection_of(Content).find({**migration.which, **last}, fields, sort=[("_id", 1)], limit=BATCH)
            found = list(cursor)
        yield from found
        if len(found) < BATCH:
            return
        last = {"_id": {"$gt": found[-1]["_id"]}}


def _make_searchable(content: _Stored) -> bool:
    unchanged = {"_id": content["_id"], "updated_at": content.get("updated_at"), "title_key": None}
    collection_of(Content).update_one(unchanged, {"$set": folded(content)})
    return True


def _compare_tags(content: _Stored) -> bool:
    """Replaces the keys of earlier versions, in which tags that differ only in accents were the same."""
    keys = [tag_key(tag) for tag in content["tags"]]
    if keys == content.get("tag_keys"):
        return False
    unchanged = {"_id": content["_id"], "tags": content["tags"]}
    collection_of(Content).update_one(unchanged, {"$set": {"tag_keys": keys}})
    return True


SEARCH_FIELDS = Migration(
    "search fields of older contents",
    {"title_key": None, "deleted": False},
    (*FOLDED_FIELDS, "updated_at"),
    _make_searchable,
)
TAG_KEYS = Migration(
    "tag keys of older contents",
    {"tags": {"$regex": r"[^\x00-\x7f]"}},  # the keys of tags in ASCII have never changed
    ("tags", "tag_keys"),
    _compare_tags,
)
MIGRATIONS: tuple[Migration, ...] = (SEARCH_FIELDS, TAG_KEYS)
