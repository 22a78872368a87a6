"""Backfills older contents: adds the fields needed for searching and sorting by title, in the background."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from app import periodic
from app.content.document import Content
from app.content.folding import FOLDED_FIELDS, folded
from app.database import collection_of
from app.logs import get_logger

log = get_logger(__name__)

BATCH = 100
AGAIN_SECONDS = 3600.0
"""Repeated because processes of the previous release may still be writing."""

_READ = dict.fromkeys((*FOLDED_FIELDS, "updated_at"), 1)


def keep_backfilling(stopping: threading.Event) -> None:
    """Migrates such contents now and every hour until `stopping` is set. Run it in a separate thread."""
    run = partial(backfill, stopping)
    periodic.attempt("older contents", run)
    periodic.keep_doing("older contents", run, AGAIN_SECONDS, stopping)


def backfill(stopping: threading.Event) -> int:
    """Migrates all contents once. Returns the number migrated. Raises one of database.OUTAGES."""
    contents = collection_of(Content)
    done = 0
    last: Any = None
    while not stopping.is_set():
        missing = {"title_key": None, "deleted": False} | ({"_id": {"$gt": last}} if last else {})
        found = list(contents.find(missing, _READ, sort=[("_id", 1)], limit=BATCH))
        for each in found:
            unchanged = {"_id": each["_id"], "updated_at": each.get("updated_at"), "title_key": None}
            done += contents.update_one(unchanged, {"$set": folded(each)}).modified_count
        if len(found) < BATCH:
            break
        last = found[-1]["_id"]
    if done:
        log.info("older contents made searchable", count=done)
    return done
