"""Creates the contents of accepted batches and reports their progress."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from app.batches.counts import Counts, counts_of, is_under_way
from app.batches.document import CANCELLED, RUNNING, Batch, without_rows
from app.batches.quota_holds import give_back_unmade
from app.batches.rows import made_of
from app.clock import utcnow
from app.content.document import UNFINISHED, Content
from app.content.new_content import NewContent
from app.database import collection_of
from app.generation import pausing, transitions
from app.generation.backlog import next_attempt
from app.logs import get_logger
from app.outbox import entries
from app.outbox.entries import EVENTS, Entry
from app.outbox.relay import Relay
from app.periodic import keep_doing
from app.queueing.schedule import GenerationQueue

log = get_logger(__name__)

LOOK_SECONDS = 1.0
LOOK_AGAIN_AFTER = 25
"""How many rows are created between checks whether the batch was paused or cancelled."""

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
            if not batch.get("made") and batch["state"] == RUNNING:
                self._make(batch["_id"])
            self.hold_or_cancel(batch["_id"])
            self._report(batch["_id"])

    def hold_or_cancel(self, batch_id: Any) -> None:
        """Applies the batch's state to its contents: cancels, postpones or resumes them."""
        batch = _batches().find_one({"_id": batch_id}, {"state": 1}) or {}
        own = {"batch_id": batch_id, "deleted": False}
        if batch.get("state") == CANCELLED:
            for content in list(_contents().find(own | {"generation_status": {"$in": list(UNFINISHED)}})):
                if cancelled := transitions.cancel(str(content["user_id"]), content["_id"]):
                    self._relay.carry(cancelled)
        elif batch.get("state") != RUNNING:
            pausing.put_off(batch_id)
        else:
            for due in pausing.take_up(batch_id):
                self._queue.schedule(next_attempt(due))  # on failure, the sweep schedules it

    def _make(self, batch_id: Any) -> None:
        batch = _batches().find_one({"_id": batch_id})
        there = {each["_id"] for each in _contents().find({"batch_id": batch["_id"]}, {"_id": 1})}
        missing = [row for row in batch["rows"] if row["id"] not in there]
        for number, row in enumerate(missing):
            if not number % LOOK_AGAIN_AFTER and not self._goes_on(batch["_id"]):
                return
            self._make_row(batch, row)
        _batches().update_one({"_id": batch["_id"]}, {"$set": {"made": True}})
        log.info("batch made", batch_id=str(batch["_id"]), rows=len(batch["rows"]))

    def _make_row(self, batch: Stored, row: Mapping[str, Any]) -> None:
        piece = made_of(row, batch.get("template"))
        now = utcnow()
        content = NewContent.request(
            batch["user_id"],
            row["id"],
            now=now,
            due_at=now,
            max_attempts=self._max_attempts,
            request_id=batch.get("request_id"),
            batch_id=batch["_id"],
            **piece,
        )
        try:
            content.insert()
        except DuplicateKeyError:
            return
        self._queue.schedule(next_attempt(content.document))

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
            return
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

    def _goes_on(self, batch_id: Any) -> bool:
        return _batches().find_one({"_id": batch_id, "state": RUNNING}, {"_id": 1}) is not None


def _batches() -> Any:
    return collection_of(Batch)


def _contents() -> Any:
    return collection_of(Content)
