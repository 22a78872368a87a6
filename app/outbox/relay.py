"""The relay: passes outbox entries to their handlers and removes those that every handler has processed.

The process that made a change runs the relay at once; the sweep of any worker runs it for entries left behind. Delivery
is therefore at least once, and each handler is idempotent by the entry's id. A handler receives the entries of one
document in order. A failing handler holds up neither the other handlers nor other documents.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pymongo import UpdateOne
from pymongo.collection import Collection

from app.clock import utcnow
from app.database import OUTAGES as DATABASE_OUTAGES
from app.logs import get_logger
from app.outbox.entries import HANDLERS_OF, Entry, noted, pulled
from app.periodic import keep_doing
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)

Stored = dict[str, Any]
"""A document as MongoDB stores it, with its outbox."""
Handler = Callable[[Entry, Stored], None]

MOST_TRIES = 20
"""An entry that has failed this often is parked: it is counted and shown to operators, but not retried."""
LEFT_BEHIND = timedelta(seconds=3)
"""After this time, the process that made a change is assumed to have died before relaying it."""
LONGEST_PAUSE_SECONDS = 60
BATCH = 200
ACKNOWLEDGE_SECONDS = 0.25


class Relay:
    """Passes the entries of documents to `handlers`, keyed by the handler names of app.outbox.entries. Thread-safe.

    With `buffered`, handled entries are removed from MongoDB in batches by `keep_acknowledging`. If the process dies
    before that, they are handled again.
    """

    def __init__(
        self,
        collection: Callable[[], Collection[Stored]],
        handlers: Mapping[str, Handler],
        *,
        buffered: bool = False,
    ) -> None:
        if missing := {name for names in HANDLERS_OF.values() for name in names} - set(handlers):
            raise ValueError(f"no handler for {', '.join(sorted(missing))}")
        self._collection = collection
        self._handlers = handlers
        self._buffered = buffered
        self._done: defaultdict[Any, list[str]] = defaultdict(list)
        self._lock = threading.Lock()

    def carry(self, document: Stored) -> bool:
        """Handles the entries in the document's outbox. Returns False if MongoDB or Redis was unavailable."""
        held_up: set[str] = set()
        reachable = True
        for entry in map(Entry.read, document.get("outbox", ())):
            if not entry.parked and not self._is_done(document["_id"], entry.id):
                reachable = self._carry_entry(entry, document, held_up) and reachable
        if not self._buffered:
            self.acknowledge()
        return reachable

    def carry_left_behind(self) -> int:
        """Handles entries that have been pending for 3 s. Returns the number of documents that had any.

        Raises one of database.OUTAGES. Stops at the first outage of a handler; the next sweep continues.
        """
        until = utcnow() - LEFT_BEHIND
        found = list(self._collection().find({"outbox_at": {"$lte": until}}).sort("outbox_at").limit(BATCH))
        for document in found:
            log.warning("outbox entries left behind", content_id=str(document["_id"]))
            if not self.carry(document):
                break
        return len(found)

    def keep_acknowledging(self, stopping: threading.Event) -> None:
        """Acknowledges handled entries four times a second until `stopping` is set. Run it in a separate thread."""
        keep_doing("outbox", self.acknowledge, ACKNOWLEDGE_SECONDS, stopping)

    def acknowledge(self) -> None:
        """Removes the entries that all their handlers have processed. A MongoDB outage only postpones this."""
        with self._lock:
            done = {each: list(entry_ids) for each, entry_ids in self._done.items()}
        if not done:
            return
        writes = [UpdateOne({"_id": each}, pulled(entry_ids)) for each, entry_ids in done.items()]
        try:
            self._collection().bulk_write(writes, ordered=False)
        except DATABASE_OUTAGES as error:
            log.warning("outbox not acknowledged yet", count=len(writes), error=str(error)[:200])
            return
        with self._lock:
            for each, entry_ids in done.items():
                rest = [entry_id for entry_id in self._done[each] if entry_id not in entry_ids]
                if rest:
                    self._done[each] = rest
                else:
                    del self._done[each]

    def _carry_entry(self, entry: Entry, document: Stored, held_up: set[str]) -> bool:
        """Passes one entry to its handlers and adds those that fail to `held_up`. Returns False on an outage."""
        waiting, reachable, broken = [], True, False
        for name in entry.handlers:
            if name in held_up:
                waiting.append(name)
                continue
            try:
                self._handlers[name](entry, document)
            except (*DATABASE_OUTAGES, *REDIS_OUTAGES) as error:
                log.warning("left to the sweep", handler=name, kind=entry.kind, error=str(error)[:200])
                reachable = False
            except Exception:
                log.exception("handler failed", handler=name, kind=entry.kind, tries=entry.tries + 1)
                broken = True
            else:
                continue
            held_up.add(name)
            waiting.append(name)
        if broken or 0 < len(waiting) < len(entry.handlers):
            self._note(entry, document, waiting, failed=broken)
        elif not waiting:
            with self._lock:
                self._done[document["_id"]].append(entry.id)
        return reachable

    def _note(self, entry: Entry, document: Stored, waiting: list[str], *, failed: bool) -> None:
        """Records the remaining handlers of an entry and, if one failed, the failure."""
        tries = entry.tries + failed
        parked = tries >= MOST_TRIES
        pause = timedelta(seconds=min(2**entry.tries, LONGEST_PAUSE_SECONDS))
        if parked:
            log.error("outbox entry parked", kind=entry.kind, handlers=waiting, content_id=str(document["_id"]))
        try:
            self._collection().update_one(
                {"_id": document["_id"]},
                noted(entry.id, waiting, tries=tries, parked=parked, again_at=utcnow() - LEFT_BEHIND + pause),
            )
        except DATABASE_OUTAGES as error:
            log.warning("failed try not recorded", error=str(error)[:200])

    def _is_done(self, document_id: Any, entry_id: str) -> bool:
        with self._lock:
            return entry_id in self._done.get(document_id, ())
