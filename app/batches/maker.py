"""Makes contents of the rows of accepted batches, and tells their owners how they get on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from app.batches.counts import Counts, counts_of, is_under_way
from app.batches.document import CANCELLED, RUNNING, Batch
from app.batches.holds import give_back_unmade
from app.batches.rows import made_of
from app.clock import utcnow
from app.content.document import PENDING, UNFINISHED, Content
from app.database import OUTAGES, collection_of
from app.generation import transitions
from app.generation.backlog import next_attempt
from app.logs import get_logger
from app.outbox import entries
from app.outbox.entries import EVENTS, Entry
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)

LOOK_SECONDS = 1.0
LOOK_AGAIN_AFTER = 25
"""So many rows are made before the maker looks whether the batch was paused or cancelled."""
HELD = timedelta(days=3650)
"""How far away the turn of a paused row is."""

Stored = dict[str, Any]


class BatchMaker:
    """Any number of them may run at once: a row becomes the content whose id was chosen with it, once."""

    def __init__(
        self, queue: GenerationQueue, relay: Relay, tell: Callable[[Entry, Stored], None], max_attempts: int
    ) -> None:
        self._queue = queue
        self._relay = relay
        self._tell = tell
        self._max_attempts = max_attempts

    def keep_making(self, stopping: threading.Event) -> None:
        """Looks every second until `stopping` is set, through any outage. Call it in a thread of its own."""
        while not stopping.wait(LOOK_SECONDS):
            try:
                self.look()
            except (*OUTAGES, *REDIS_OUTAGES) as error:
                log.warning("batches put off", error=str(error)[:200])
            except Exception:
                log.exception("batches carry on after a crash")

    def look(self) -> None:
        """Takes every unfinished batch one step further."""
        for batch in list(_batches().find({"unfinished": True})):
            if not batch.get("made") and batch["state"] == RUNNING:
                self._make(batch)
            self.hold_or_cancel(batch["_id"])
            self._report(batch["_id"])

    def hold_or_cancel(self, batch_id: Any) -> None:
        """Has the contents of a batch do what its state says."""
        batch = _batches().find_one({"_id": batch_id}, {"state": 1}) or {}
        own = {"batch_id": batch_id, "deleted": False}
        if batch.get("state") == CANCELLED:
            for content in list(_contents().find(own | {"generation_status": {"$in": list(UNFINISHED)}})):
                if cancelled := transitions.cancel(str(content["user_id"]), content["_id"]):
                    self._relay.carry(cancelled)
        elif batch.get("state") != RUNNING:
            until = utcnow() + HELD
            waiting = own | {"generation_status": PENDING, "due_at": {"$lt": until - timedelta(days=1)}}
            _contents().update_many(waiting, {"$set": {"due_at": until, "wake_at": until}})
        else:
            self.release(batch_id)

    def release(self, batch_id: Any) -> None:
        """Makes the held rows of a batch that goes on due now; the sweep schedules what is not scheduled here."""
        held = {"batch_id": batch_id, "deleted": False, "generation_status": PENDING}
        held["due_at"] = {"$gt": utcnow() + HELD - timedelta(days=365)}
        for content in list(_contents().find(held)):
            due = transitions.run_now(str(content["user_id"]), content["_id"])
            if due is not None:
                self._queue.schedule(next_attempt(due))

    def _make(self, batch: Stored) -> None:
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
        content = Content.request(
            id=row["id"],
            user_id=batch["user_id"],
            created_at=now,
            updated_at=now,
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
        self._queue.schedule(next_attempt(content.to_mongo()))

    def _report(self, batch_id: Any) -> None:
        batch = _batches().find_one({"_id": batch_id}) or {}
        if not batch.get("unfinished"):
            return
        counts = counts_of(batch)
        if is_under_way(counts):
            if counts != batch.get("told"):
                told = {"_id": batch_id, "told": batch.get("told")}
                if _batches().update_one(told, {"$set": {"told": counts}}).modified_count:
                    self._say(entries.BATCH_PROGRESS, batch, counts)
            return
        give_back_unmade(batch)
        ended = {"finished_at": utcnow(), "told": counts}
        self._say(entries.BATCH_FINISHED, batch, counts)
        _batches().update_one({"_id": batch_id, "unfinished": True}, {"$set": ended, "$unset": {"unfinished": ""}})

    def _say(self, kind: str, batch: Stored, counts: Counts) -> None:
        """Tells it once: the event's id is that of the state that it is about."""
        state = "-".join(str(count) for count in counts.values())
        entry = Entry(f"{batch['_id']}-{kind}-{batch.get('retries', 0)}-{state}", kind, utcnow(), (EVENTS,))
        self._tell(entry, {"_id": batch["_id"], "user_id": batch["user_id"], "counts": counts})

    def _goes_on(self, batch_id: Any) -> bool:
        return _batches().find_one({"_id": batch_id, "state": RUNNING}, {"_id": 1}) is not None


def _batches() -> Any:
    return collection_of(Batch)


def _contents() -> Any:
    return collection_of(Content)
