"""The relay: carries out what follows from state changes, and takes the entries off that every handler has.

The process that made a change has the relay act at once; the sweep of any worker does it for entries that were left
behind. So a handler may see an entry twice, and each is idempotent by the entry's id. For each handler the entries of
one document go in order; a handler that fails holds back neither the other handlers nor other documents.
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
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)

Stored = dict[str, Any]
"""A document as MongoDB has it, with its outbox."""
Handler = Callable[[Entry, Stored], None]

MOST_TRIES = 20
"""An entry that failed so often is parked: counted, shown to the operator, and no longer tried."""
LEFT_BEHIND = timedelta(seconds=3)
"""After so long the process that made a change is taken to have died before it acted on it."""
LONGEST_PAUSE_SECONDS = 60
BATCH = 200
ACKNOWLEDGE_SECONDS = 0.05


class Relay:
    """Hands the entries of documents to `handlers`, by the names in app.outbox.entries. Thread-safe.

    With `buffered`, what was carried out is noted in MongoDB for many documents at once by `keep_acknowledging`;
    a process that dies in between leaves entries that are carried out once more.
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
        """Acts on what stands in the document's outbox; False when a server that is needed is away."""
        held_up: set[str] = set()
        reachable = True
        for entry in map(Entry.read, document.get("outbox", ())):
            if not entry.parked and not self._is_done(document["_id"], entry.id):
                reachable = self._carry_entry(entry, document, held_up) and reachable
        if not self._buffered:
            self.acknowledge()
        return reachable

    def carry_left_behind(self) -> int:
        """Acts on the entries that nobody acted on for 3 s; how many documents had some.

        Raises one of database.OUTAGES. Stops at the first outage of Redis: the next sweep goes on.
        """
        until = utcnow() - LEFT_BEHIND
        found = list(self._collection().find({"outbox_at": {"$lte": until}}).sort("outbox_at").limit(BATCH))
        for document in found:
            log.warning("consequences were left behind", content_id=str(document["_id"]))
            if not self.carry(document):
                break
        return len(found)

    def keep_acknowledging(self, stopping: threading.Event) -> None:
        """Notes every 50 ms what was carried out, until `stopping` is set. Call it in a thread of its own."""
        while not stopping.wait(ACKNOWLEDGE_SECONDS):
            self.acknowledge()
        self.acknowledge()

    def acknowledge(self) -> None:
        """Takes the entries off that all their handlers have acted on; left for later while MongoDB is away."""
        with self._lock:
            done = dict(self._done)
        if not done:
            return
        writes = [UpdateOne({"_id": each}, pulled(entry_ids)) for each, entry_ids in done.items()]
        try:
            self._collection().bulk_write(writes, ordered=False)
        except DATABASE_OUTAGES as error:
            log.warning("outbox not tidied yet", count=len(writes), error=str(error)[:200])
            return
        with self._lock:
            for each, entry_ids in done.items():
                rest = [entry_id for entry_id in self._done[each] if entry_id not in entry_ids]
                if rest:
                    self._done[each] = rest
                else:
                    del self._done[each]

    def _carry_entry(self, entry: Entry, document: Stored, held_up: set[str]) -> bool:
        """Hands one entry to its handlers; those that fail are added to `held_up`. False when a server is away."""
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
        """Writes down which handlers are still to come, and whether it was a failed try. An outage is none."""
        tries = entry.tries + failed
        parked = tries >= MOST_TRIES
        pause = timedelta(seconds=min(2**entry.tries, LONGEST_PAUSE_SECONDS))
        if parked:
            log.error("consequence given up", kind=entry.kind, handlers=waiting, content_id=str(document["_id"]))
        try:
            self._collection().update_one(
                {"_id": document["_id"]},
                noted(entry.id, waiting, tries=tries, parked=parked, again_at=utcnow() - LEFT_BEHIND + pause),
            )
        except DATABASE_OUTAGES as error:
            log.warning("failed try not noted", error=str(error)[:200])

    def _is_done(self, document_id: Any, entry_id: str) -> bool:
        with self._lock:
            return entry_id in self._done.get(document_id, ())
