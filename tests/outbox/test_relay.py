"""The relay's rules, on real documents, with handlers that a test can break."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo import MongoClient
from pymongo.errors import BulkWriteError
from redis.exceptions import ConnectionError as RedisIsAway

from app.clock import utcnow
from app.config import Settings
from app.outbox import relay as rules
from app.outbox.entries import (
    COMPLETED,
    COUNTERS,
    EVENTS,
    HANDLERS_OF,
    QUEUE,
    QUOTAS,
    STARTED,
    VOIDED,
    WEBHOOKS,
    Entry,
    pushed,
)
from app.outbox.relay import MOST_TRIES, Relay
from app.services import services_of

LONG_AGO = utcnow() - timedelta(hours=1)


class Handlers:
    """Records the calls of the handlers, and raises the exceptions that a test sets, by the handler's name."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, Any]] = []
        self.broken: dict[str, Exception] = {}

    def table(self) -> dict[str, Callable[[Entry, Any], None]]:
        return {name: self._handler(name) for name in (EVENTS, COUNTERS, QUEUE, WEBHOOKS, QUOTAS)}

    def _handler(self, name: str) -> Callable[[Entry, Any], None]:
        def handle(entry: Entry, document: Any) -> None:
            if name in self.broken:
                raise self.broken[name]
            self.seen.append((name, entry.kind, document["_id"]))

        return handle


@pytest.fixture
def collection(app: Flask) -> Any:
    client: Any = MongoClient(services_of(app).get(Settings).mongo_uri, tz_aware=True)
    with client:
        yield client.get_default_database()["outbox_tests"]
        client.get_default_database()["outbox_tests"].drop()


@pytest.fixture
def handlers() -> Handlers:
    return Handlers()


@pytest.fixture
def relay(collection: Any, handlers: Handlers) -> Relay:
    return Relay(lambda: collection, handlers.table())


def document(collection: Any, *kinds: str, **members: Any) -> Any:
    """A stored document to which these changes were written one after the other, long ago."""
    document_id = collection.insert_one({"job_id": "$job", "attempt": 1, **members}).inserted_id
    for kind in kinds:
        collection.update_one({"_id": document_id}, [{"$set": pushed(Entry.of(kind, LONG_AGO, note="$words"))}])
    return collection.find_one({"_id": document_id})


def names(handlers: Handlers) -> list[tuple[str, str]]:
    """The recorded calls, without those of webhooks, which get the same entries as events."""
    return [(name, kind) for name, kind, _ in handlers.seen if name != WEBHOOKS]


def again(collection: Any, relay: Relay) -> None:
    """Sweeps after the pause that follows a failed try."""
    collection.update_many({"outbox_at": {"$exists": True}}, {"$set": {"outbox_at": LONG_AGO}})
    relay.carry_left_behind()


def test_every_handler_runs_and_the_outbox_is_removed(collection: Any, relay: Relay, handlers: Handlers) -> None:
    relay.carry(document(collection, STARTED, COMPLETED))
    assert names(handlers) == [(EVENTS, STARTED), (EVENTS, COMPLETED), (COUNTERS, COMPLETED)]
    assert set(collection.find_one()) == {"_id", "job_id", "attempt"}


def test_texts_that_begin_with_a_dollar_are_not_field_references(collection: Any) -> None:
    """They are part of an update pipeline, in which `$…` refers to a field."""
    (stored,) = document(collection, STARTED)["outbox"]
    assert (stored["job_id"], stored["attempt"], stored["data"]) == ("$job", 1, {"note": "$words"})


def test_a_failing_handler_does_not_delay_others(collection: Any, relay: Relay, handlers: Handlers) -> None:
    """Other handlers and documents are not affected. Failed entries are processed in order once it works again."""
    handlers.broken = {EVENTS: ValueError("broken")}
    first, second = document(collection, STARTED, COMPLETED), document(collection, VOIDED)
    relay.carry(first)
    relay.carry(second)
    assert names(handlers) == [(COUNTERS, COMPLETED), (QUEUE, VOIDED), (COUNTERS, VOIDED), (QUOTAS, VOIDED)]
    handlers.broken = {}
    again(collection, relay)
    assert names(handlers)[4:] == [(EVENTS, STARTED), (EVENTS, COMPLETED)]
    assert not collection.count_documents({"outbox": {"$exists": True}})


def test_entries_that_keep_failing_are_parked(collection: Any, relay: Relay, handlers: Handlers) -> None:
    """After 20 tries. Later entries of the document are processed, and the parked one is kept for inspection."""
    handlers.broken = {EVENTS: ValueError("broken")}
    document(collection, STARTED)
    for _ in range(MOST_TRIES + 3):
        again(collection, relay)
    stored = collection.find_one()
    (entry,) = stored["outbox"]
    assert (entry["parked"], entry["tries"], entry["handlers"]) == (True, MOST_TRIES, [EVENTS])
    assert "outbox_at" not in stored
    handlers.broken = {}
    collection.update_one({"_id": stored["_id"]}, [{"$set": pushed(Entry.of(COMPLETED, LONG_AGO))}])
    again(collection, relay)
    assert names(handlers) == [(EVENTS, COMPLETED), (COUNTERS, COMPLETED)]
    assert [each["kind"] for each in collection.find_one()["outbox"]] == [STARTED]


def test_an_outage_does_not_count_as_a_failed_try(collection: Any, relay: Relay, handlers: Handlers) -> None:
    """However long Redis is unavailable, nothing is parked, and the sweep stops at the first document."""
    handlers.broken = {EVENTS: RedisIsAway("away")}
    for _ in range(2):
        document(collection, STARTED)
    for _ in range(MOST_TRIES + 3):
        again(collection, relay)
    assert [each.get("tries", 0) for stored in collection.find() for each in stored["outbox"]] == [0, 0]
    handlers.broken = {}
    again(collection, relay)
    assert names(handlers) == [(EVENTS, STARTED)] * 2


def test_new_entries_are_left_to_the_process_that_wrote_them(collection: Any, relay: Relay, handlers: Handlers) -> None:
    collection.update_one({"_id": ObjectId()}, [{"$set": pushed(Entry.of(STARTED, utcnow()))}], upsert=True)
    relay.carry_left_behind()
    assert handlers.seen == []


def test_a_buffered_relay_runs_handlers_once_before_it_acknowledges(collection: Any, handlers: Handlers) -> None:
    relay = Relay(lambda: collection, handlers.table(), buffered=True)
    stored = document(collection, STARTED)
    for _ in range(3):
        relay.carry(stored)
    assert names(handlers) == [(EVENTS, STARTED)]
    assert "outbox" in collection.find_one()
    relay.acknowledge()
    assert "outbox" not in collection.find_one()


def test_entries_handled_during_a_write_are_recorded_next(collection: Any, handlers: Handlers) -> None:
    """The run of a content ends while its start is still being acknowledged."""
    begun = document(collection, STARTED)
    ended = Entry.of(COMPLETED, LONG_AGO)

    class Meanwhile:
        """A collection whose first write is followed by the end of the run."""

        def __init__(self) -> None:
            self.writes = 0

        def bulk_write(self, writes: Any, **options: Any) -> None:
            collection.bulk_write(writes, **options)
            self.writes += 1
            if self.writes == 1:
                collection.update_one({"_id": begun["_id"]}, [{"$set": pushed(ended)}])
                relay.carry(collection.find_one({"_id": begun["_id"]}))

    slow: Any = Meanwhile()
    relay = Relay(lambda: slow, handlers.table(), buffered=True)
    relay.carry(begun)
    relay.acknowledge()
    assert collection.find_one({"_id": begun["_id"]})["outbox"][0]["id"] == ended.id
    relay.acknowledge()
    assert "outbox" not in collection.find_one({"_id": begun["_id"]})


def test_acknowledging_continues_after_any_error(collection: Any, handlers: Handlers) -> None:
    class BrokenOnce:
        def __init__(self) -> None:
            self.writes = 0

        def bulk_write(self, writes: Any, **options: Any) -> None:
            self.writes += 1
            if self.writes == 1:
                raise BulkWriteError({"writeErrors": []})
            collection.bulk_write(writes, **options)

    class Stopping(threading.Event):
        """An event that is set when it is awaited for the third time."""

        waits = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.waits += 1
            return self.waits > 2

    broken: Any = BrokenOnce()
    relay = Relay(lambda: broken, handlers.table(), buffered=True)
    relay.carry(document(collection, STARTED))
    relay.keep_acknowledging(Stopping())
    assert broken.writes == 2
    assert "outbox" not in collection.find_one()


def test_the_sweep_takes_the_oldest_first(
    collection: Any, relay: Relay, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "BATCH", 1)
    newer, older = document(collection, STARTED), document(collection, STARTED)
    collection.update_one({"_id": older["_id"]}, {"$set": {"outbox_at": LONG_AGO - timedelta(hours=1)}})
    relay.carry_left_behind()
    relay.carry_left_behind()
    assert [each for name, _, each in handlers.seen if name == EVENTS] == [older["_id"], newer["_id"]]


def test_a_missing_handler_is_reported_at_startup(collection: Any, handlers: Handlers) -> None:
    table = {name: handler for name, handler in handlers.table().items() if name != COUNTERS}
    with pytest.raises(ValueError, match="no handler for counters"):
        Relay(lambda: collection, table)
    assert {name for each in HANDLERS_OF.values() for name in each} == set(handlers.table())
