"""Reading the event log, and whether it reports missing events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis

from app.clock import utcnow
from app.config import Settings
from app.content.document import Content
from app.content.new_content import NewContent
from app.outbox.entries import COMPLETED, FAILED, STARTED, Entry
from app.realtime.event_log import EPOCH_KEY, MOST_EVENTS, REMEMBERED_SECONDS, EventLog, stream_of
from app.realtime.event_reader import EventId, EventReader, Log, Position
from app.services import services_of
from tests.person import Person

DAY = REMEMBERED_SECONDS * 1000
NOW = 10 * DAY
EPOCH = "0123abcd"


@pytest.mark.parametrize(
    ("seen", "length", "first", "expected"),
    [
        (f"{EPOCH}-{NOW - 5}-0", 10, NOW - 9, True),
        (f"{EPOCH}-{NOW - 9}-0", 10, NOW - 9, True),
        (f"{EPOCH}-{NOW - 10}-0", 10, NOW - 9, True),  # before the first, but nothing was dropped yet
        (f"{EPOCH}-{NOW - 10}-0", MOST_EVENTS, NOW - 9, False),
        (f"{EPOCH}-{NOW - 9}-0", MOST_EVENTS + 1, NOW - 9, True),
        (f"{EPOCH}-{NOW - DAY - 1}-0", 10, NOW - 9, False),
        (f"{EPOCH}-{NOW - DAY}-0", 10, NOW - 9, True),
        (f"{EPOCH}-{NOW - 9}-0", 0, None, True),
        (f"{EPOCH}-{NOW + 9}-0", 10, NOW - 9, False),
        (f"89abcdef-{NOW - 5}-0", 10, NOW - 9, False),
    ],
)
def test_whether_events_may_be_missing(seen: str, length: int, first: int | None, expected: bool) -> None:
    event_id = EventId.read(seen)
    assert event_id
    assert str(event_id) == seen
    log = Log(EPOCH, NOW, length, *([Position(first), Position(NOW - 1)] if first else [None, None]))
    assert log.has_all_since(event_id) is expected


@pytest.mark.parametrize(
    "text", ["", "x", "1-2", "0123abcd-1", "0123abcd-1-2-3", "0123abcd-1-2\n", "0123ABCD-1-2", None, 7]
)
def test_invalid_event_ids(text: object) -> None:
    assert EventId.read(text) is None


@pytest.fixture
def redis(app: Flask) -> Iterator[Redis]:
    with Redis.from_url(services_of(app).get(Settings).redis_url) as client:
        yield client


Tell = Callable[..., str]


@pytest.fixture
def tell(redis: Redis, person: Person) -> Tell:
    """Logs an event of a content of this user. Returns its id."""
    log = EventLog(redis)

    def tell(kind: str, text: str = "Bees.", job_id: str | None = None, **members: Any) -> str:
        content_id = ObjectId()
        NewContent(
            person.user["id"], content_id, title="Bees", content_type="blog", prompt="x", generated_text=text
        ).insert()
        stored = {"_id": content_id, "user_id": person.user["id"], "title": "Old", "content_type": "blog"}
        entry = replace(Entry.of(kind, utcnow()), job_id=job_id)
        log.tell(entry, stored | {"generated_text": "old", "failure_reason": "Odd"} | members)
        return newest(redis, person)

    return tell


def newest(redis: Redis, person: Person) -> str:
    ((entry, _),) = redis.xrevrange(stream_of(person.user["id"]), count=1)  # type: ignore[union-attr]
    epoch: Any = redis.get(EPOCH_KEY)
    return f"{epoch.decode()}-{entry.decode()}"


@pytest.fixture
def reader(redis: Redis) -> EventReader:
    return EventReader(redis)


def test_pages_have_every_event_once_in_order(reader: EventReader, person: Person, tell: Tell) -> None:
    ids = [tell(kind) for kind in (STARTED, FAILED, STARTED, COMPLETED, STARTED)]
    page, seen = reader.page(person.user["id"], None, 2), []
    while page.events:
        assert page.complete
        seen += [each.event_id for each in page.events]
        assert page.more == (page.last_event_id != ids[-1])
        page = reader.page(person.user["id"], page.last_event_id, 2)
    assert seen == ids
    assert page.last_event_id == ids[-1]


def test_completed_events_have_the_currently_stored_text(reader: EventReader, person: Person, tell: Tell) -> None:
    """An event whose content is gone is omitted."""
    tell(COMPLETED, "Edited since.")
    gone = tell(COMPLETED)
    found = reader.page(person.user["id"], None, 10)
    (first, second) = found.events
    assert (first.payload["title"], first.payload["generatedText"]) == ("Bees", "Edited since.")
    Content.trash(person.user["id"], second.payload["contentId"])
    found = reader.page(person.user["id"], None, 10)
    assert [each.event_id for each in found.events] == [first.event_id]
    assert found.last_event_id == gone


def test_long_texts_end_a_page_early(reader: EventReader, person: Person, tell: Tell) -> None:
    ids = [tell(COMPLETED, "x" * 100_000) for _ in range(41)]
    first = reader.page(person.user["id"], None, 500)
    assert [each.event_id for each in first.events] == ids[:40]
    assert first.more
    assert [each.event_id for each in reader.page(person.user["id"], first.last_event_id, 500).events] == ids[40:]


def test_a_lost_log_is_detected(reader: EventReader, redis: Redis, person: Person, tell: Tell) -> None:
    """All events of the new log are new. An invalid id returns only the newest id."""
    before = tell(STARTED)
    redis.delete(stream_of(person.user["id"]), EPOCH_KEY)
    after = tell(STARTED)
    page = reader.page(person.user["id"], before, 10)
    assert ([each.event_id for each in page.events], page.complete) == ([after], False)
    for text, complete in (("", True), ("nonsense", False)):
        page = reader.page(person.user["id"], text, 10)
        assert (page.events, page.last_event_id, page.complete) == ([], after, complete)


def test_a_trimmed_log_says_so_even_after_events_were_erased(
    reader: EventReader, redis: Redis, person: Person, tell: Tell
) -> None:
    user_id, seen = person.user["id"], tell(STARTED)
    payloads = [orjson.dumps({"contentId": content_id}) for content_id in ("kept", "gone") for _ in range(MOST_EVENTS)]
    with redis.pipeline(transaction=False) as pipe:
        for payload in payloads:
            pipe.xadd(stream_of(user_id), {"event": "x", "payload": payload}, maxlen=MOST_EVENTS + 2, approximate=False)
        pipe.execute()
    EventLog(redis).erase(user_id, {"gone"})
    first = reader.page(user_id, None, 1)
    assert (len(first.events), first.more, first.complete) == (1, True, False)
    assert reader.page(user_id, seen, 1).complete is False
    assert reader.page(user_id, first.last_event_id, 1).complete is True


def test_an_empty_log_has_a_starting_id(reader: EventReader, person: Person, tell: Tell) -> None:
    begin = reader.newest(person.user["id"])
    told = tell(STARTED)
    page = reader.page(person.user["id"], begin, 10)
    assert ([each.event_id for each in page.events], page.complete) == ([told], True)


def test_a_requeued_run_has_the_final_event_of_its_status(reader: EventReader, person: Person, tell: Tell) -> None:
    """It failed at first. The event of its completion may not be logged yet."""
    tell(FAILED, job_id="job")
    assert reader.final_event(person.user["id"], "job", "content:generation:completed") is None
    assert reader.final_event(person.user["id"], "job", "content:generation:failed") is not None


def test_events_over_http(person: Person, tell: Tell) -> None:
    ids = [tell(kind) for kind in (STARTED, COMPLETED)]
    status, answer = person.call("GET", "/api/events?limit=1")
    assert status == 200
    assert answer["data"]["lastEventId"] == ids[0]
    assert answer["data"]["events"][0]["event"] == "content:generation:started"
    status, answer = person.call("GET", f"/api/events?after={ids[0]}")
    (told,) = answer["data"]["events"]
    assert (told["eventId"], told["payload"]["eventId"], told["payload"]["generatedText"]) == (ids[1], ids[1], "Bees.")
    assert answer["data"]["complete"] is True
    assert person.call("GET", f"/api/events?after={ids[1]}")[1]["data"]["events"] == []
    assert person.call("GET", "/api/events?after=nonsense")[1]["data"]["complete"] is False
    for limit in (0, 501, "x"):
        assert person.call("GET", f"/api/events?limit={limit}")[0] == 422
    assert person.http("GET", "/api/events")[0] == 401
