"""Storing a new content so that a request that was refused leaves nothing behind, also when MongoDB did not answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bson import ObjectId

from app.content.document import Content
from app.database import OUTAGES
from app.logs import get_logger

log = get_logger(__name__)

PATIENCE_SECONDS = 3600.0
PAUSE_SECONDS = 1.0
TIMES = 2
THREAD_NAME = "deletes an unacknowledged content"


@contextmanager
def acknowledged(content_id: ObjectId, undo: Callable[[], object] | None = None) -> Iterator[None]:
    """What is stored inside the block is deleted again when the block ends with an outage of MongoDB.

    The caller is told that the request was refused, so the content must not turn up later. `undo`, for a block that
    does something else to a content than storing it, takes back what it did.
    """
    try:
        yield
    except OUTAGES:
        undo = undo or Content.objects(id=content_id).delete
        args = (content_id, undo)
        threading.Thread(target=_undo_unacknowledged, args=args, name=THREAD_NAME, daemon=True).start()
        raise


def _undo_unacknowledged(content_id: ObjectId, undo: Callable[[], object]) -> None:
    """Undoes what was done to the content once MongoDB answers again; gives up after an hour.

    Twice, a moment apart: a MongoDB that wakes up may carry out the delete before the insert that it had received.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    removals = 0
    while removals < TIMES and time.monotonic() < deadline:
        try:
            undo()
            removals += 1
        except OUTAGES:
            log.debug("removal put off", content_id=str(content_id))
        time.sleep(PAUSE_SECONDS)
    log.info("unacknowledged content removed", content_id=str(content_id), removed=removals == TIMES)
