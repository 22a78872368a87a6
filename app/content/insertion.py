"""Stores a new content in such a way that a refused request leaves nothing behind, even if MongoDB did not answer."""

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
    """If the block ends with an outage of MongoDB, `undo` takes back what it did to the content.

    The caller is told that the request was refused, so nothing of it may turn up later.
    """
    try:
        yield
    except OUTAGES:
        args = (content_id, undo)
        threading.Thread(target=_undo_unacknowledged, args=args, name=THREAD_NAME, daemon=True).start()
        raise


def store_once(content: NewContent, chosen: Chosen, store: Callable[[], int | None]) -> queries.Shown:
    """Stores a new content under its chosen id, or returns the one that an earlier try of the same request stored.

    `store` may return the position of a content that waits, which is then not asked for.
    """
    if not chosen.fresh and (made := Content.adopt(content.user_id, _id=content.id)):
        return queries.shown(made)
    with acknowledged(content.id, content.take_back):
        for _ in range(MOST_TRIES):
            try:
                position = store()
            except DuplicateKeyError:  # another try of the same request is under way
                if made := Content.adopt(content.user_id, _id=content.id):
                    return queries.shown(made)
            else:
                return queries.shown(content.document, position)
    raise Unavailable


def _undo_unacknowledged(content_id: ObjectId, undo: Callable[[], object]) -> None:
    """Undoes what was done to the content once MongoDB answers again. Gives up after an hour.

    It does so twice, a moment apart, because a MongoDB that recovers may carry out the delete before an earlier insert.
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
