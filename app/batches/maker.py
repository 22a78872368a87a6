"""Creates the contents of accepted batches and reports their progress."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from app.batches.counts import Counts, counts_of, is_under_way
from app.batches.document import CANCELLED, RUNNING, Batch, without_rows
from app.batches.quota_holds import give_back_unmade
from app.batches.rows import made_of
from app.clock import utcnow
from app.content.document import PENDING, UNFINISHED, Content
from app.content.new_content import NewContent
from app.database import collection_of
from app.generation import holding, transitions
from app.logs import get_logger
from app.outbox import entries
from app.outbox.entries import EVENTS, Entry
from app.outbox.relay import Relay
from app.periodic import keep_doing
from app.queueing.schedule import DueAttempt, GenerationQueue

log = get_logger(__name__)

LOOK_SECONDS = 1.0
CHUNK = 25
"""How many contents are created before they are started and the batch's progress is stored."""

Stored = dict[str, Any]


class BatchMaker:
    """Safe to run in all workers at once: a row's content has a fixed id, so creating it is idempotent."""

    def __init__(
        self, queue: GenerationQueue, relay: Relay, tell: Callable[[Entry, Stored], None], max_attempts: int
    ) -> None:
        self._queue = queue
        self._relay = relay
        self._tell = tell
        self._max_attempts = max_attempts

    def keep_making(self, stopping: threading.Event) -> None:
        """Processes batches every second until `stopping` is set, also through outages. Run it in a separate thread."""
        keep_doing("making of batches", self.look, LOOK_SECONDS, stopping)

    def look(self) -> None:
        """Advances every unfinished batch by one step."""
        for batch in without_rows({"unfinished": True}):
            if not batch.get("made") and (batch["state"] == RUNNING or _is_within_a_chunk(batch)):
                self._make(batch["_id"])
            self.hold_or_cancel(batch["_id"])
            self._report(batch["_id"])

    def hold_or_cancel(self, batch_id: Any) -> None:
        """Applies the batch's state to its contents: cancels, holds or starts them."""
        batch = _batches().find_one({"_id": batch_id}, {"state": 1})
        own = {"batch_id": batch_id, "deleted": False}
        if batch is None:  # it was deleted with its account while a worker created its contents
            _contents().delete_many(own | {"generation_status": PENDING, "held_due_at": {"$ne": None}, "version": 0})
        elif batch["state"] == CANCELLED:
            for content in list(_contents().find(own | {"generation_status": {"$in": list(UNFINISHED)}})):
                if cancelled := transitions.cancel(str(content["user_id"]), content["_id"]):
                    self._relay.carry(cancelled)
        elif batch["state"] != RUNNING:
            holding.hold_queued(batch_id)
        elif released := holding.release(batch_id):
            self._start(batch_id, released)

    def _start(self, batch_id: Any, due: Sequence[DueAttempt]) -> None:
        """Schedules attempts of the batch whose contents were just updated.

        If the batch was paused or cancelled before the update, that did not affect these contents, so it is applied
        now, before any of them can start. On failure, the sweep schedules them.
        """
        if _batches().find_one({"_id": batch_id, "state": RUNNING}, {"_id": 1}) is None:
            self.hold_or_cancel(batch_id)
            return
        for each in due:
            self._queue.schedule(each)

    def _make(self, batch_id: Any) -> None:
        """Creates the contents in chunks. Each is held until its chunk is complete.

        A chunk begins only while the batch is running. Once begun, it is completed whatever the state, by all workers:
        when the batch has ended, even a worker that was frozen within the chunk has nothing left to create.
        """
        batch = _batches().find_one({"_id": batch_id})
        if batch is None:
            return
        rows, progress = batch["rows"], batch
        while (made := progress.get("made_rows") or 0) < len(rows):
            if _is_within_a_chunk(progress):
                for row in rows[made : progress["begun_rows"]]:
                    self._make_row(batch, row)
                after = _advance({"_id": batch_id}, "made_rows", progress["begun_rows"])
                self.hold_or_cancel(batch_id)
            else:
                after = _advance({"_id": batch_id, "state": RUNNING}, "begun_rows", min(made + CHUNK, len(rows)))
            if after is None:
                return
            progress = after
        _batches().update_one({"_id": batch_id}, {"$set": {"made": True}})
        log.info("batch made", batch_id=str(batch_id), rows=len(rows))

    def _make_row(self, batch: Stored, row: Mapping[str, Any]) -> None:
        now = utcnow()
        content = NewContent.request(
            batch["user_id"],
            row["id"],
            now=now,
            due_at=None,
            held_due_at=now,
            queue_owner=batch["_id"],
            max_attempts=self._max_attempts,
            request_id=batch.get("request_id"),
            batch_id=batch["_id"],
            **made_of(row, batch.get("template")),
        )
        with suppress(DuplicateKeyError):  # another worker was faster
            content.insert()

    def _report(self, batch_id: Any) -> None:
        batch = next(iter(without_rows({"_id": batch_id, "unfinished": True})), None)
        if batch is None:
            return
        counts = counts_of(batch)
        if is_under_way(counts):
            if counts != batch.get("told"):
                told = {"_id": batch_id, "told": batch.get("told")}
                if _batches().update_one(told, {"$set": {"told": counts}}).modified_count:
                    self._say(entries.BATCH_PROGRESS, batch, counts)
        elif not _is_within_a_chunk(batch):
            self._end(batch, counts)

    def _end(self, batch: Stored, counts: Counts) -> None:
        """Publishes the end, then records it. If the process dies in between, the same event is published again."""
        give_back_unmade(batch)
        self._say(entries.BATCH_FINISHED, batch, counts)
        this_time = {"_id": batch["_id"], "unfinished": True, "retries": batch.get("retries")}
        ended = {"finished_at": utcnow(), "told": counts}
        _batches().update_one(this_time, {"$set": ended, "$unset": {"unfinished": "", "place": ""}})

    def _say(self, kind: str, batch: Stored, counts: Counts) -> None:
        """Publishes an event. Its id is derived from the state it reports, so it is published once."""
        state = "end" if kind == entries.BATCH_FINISHED else "-".join(map(str, counts.values()))
        entry = Entry(f"{batch['_id']}-{kind}-{batch.get('retries') or 0}-{state}", kind, utcnow(), (EVENTS,))
        self._tell(entry, {"_id": batch["_id"], "user_id": batch["user_id"], "counts": counts})


def _is_within_a_chunk(batch: Mapping[str, Any]) -> bool:
    return (batch.get("begun_rows") or 0) > (batch.get("made_rows") or 0)


def _advance(which: Mapping[str, Any], name: str, row: int) -> Stored | None:
    """Advances `begun_rows` or `made_rows` to the row. Returns both, or None if the batch is not in that state."""
    known = {"begun_rows": 1, "made_rows": 1}
    after: Stored | None = _batches().find_one_and_update(
        which, {"$max": {name: row}}, known, return_document=ReturnDocument.AFTER
    )
    return after


def _batches() -> Any:
    return collection_of(Batch)


def _contents() -> Any:
    return collection_of(Content)
