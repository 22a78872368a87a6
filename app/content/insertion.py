"""Stores new contents so that a failed request leaves nothing behind, even if MongoDB did not respond."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bson import ObjectId
from pymongo.errors import DuplicateKeyError

from app.content import queries
from app.content.document import Content
from app.content.new_content import NewContent
from app.database import OUTAGES
from app.errors import Unavailable
from app.idempotency import Chosen
from app.logs import get_logger

log = get_logger(__name__)

PATIENCE_SECONDS = 3600.0
PAUSE_SECONDS = 1.0
TIMES = 2
MOST_TRIES = 3
THREAD_NAME = "deletes an unacknowledged content"


@contextmanager
def acknowledged(content_id: ObjectId, undo: Callable[[], object]) -> Iterator[None]:
    """Context manager that calls `undo` in the background if the block raises one of database.OUTAGES.

    The client is told that the request failed, so nothing of it may appear later.
    """
    try:
        yield
    except OUTAGES:
        args = (content_id, undo)
        threading.Thread(target=_undo_unacknowledged, args=args, name=THREAD_NAME, daemon=True).start()
        raise


def store_once(content: NewContent, chosen: Chosen, store: Callable[[], int | None]) -> queries.Shown:
    """Stores a new content under its chosen id, or returns the one that an earlier try of the same request stored.

    `store` may return the content's position in the waiting line, which then is not queried.
    """
    if not chosen.fresh and (made := Content.adopt(content.user_id, _id=content.id)):
        return queries.shown(made)
    with acknowledged(content.id, content.take_back):
        for _ in range(MOST_TRIES):
            try:
                position = store()
            except DuplicateKeyError:  # another try of the same request is in progress
                if made := Content.adopt(content.user_id, _id=content.id):
                    return queries.shown(made)
            else:
                return queries.shown(content.document, position)
    raise Unavailable


def _undo_unacknowledged(content_id: ObjectId, undo: Callable[[], object]) -> None:
    """Calls `undo` once MongoDB responds again. Gives up after an hour.

    Calls it twice, a moment apart, because a recovering MongoDB may run the delete before an earlier insert.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    removals = 0
    while removals < TIMES and time.monotonic() < deadline:
        try:
            undo()
            removals += 1
        except OUTAGES:
            log.debug("removal postponed", content_id=str(content_id))
        time.sleep(PAUSE_SECONDS)
    log.info("unacknowledged content removed", content_id=str(content_id), removed=removals == TIMES)
