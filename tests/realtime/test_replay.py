"""Replay of missed events to a reconnected socket: in order, once, and with `complete`."""

from __future__ import annotations

from typing import Any

import pytest
from redis import Redis

from app.realtime.event_log import EPOCH_KEY
from app.realtime.event_reader import LoggedEvent, Page
from app.realtime.replay import Replay, Sockets
from tests.conftest import over_http
from tests.listener import Listener
from tests.person import Person
from tests.product import Product
from tools.fake_gemini.remote import Remote
from tools.system import System

CAUGHT_UP = "events:caught-up"


def test_missed_events_are_replayed_in_order_and_once(product: Product, resident: Person) -> None:
    """From another web process, with the texts. Events that occur in the meantime follow afterwards."""
    with Listener(product.urls[0], resident.access_token, lastEventId="") as listener:
        begin = listener.wait_for(CAUGHT_UP)
        assert (listener.names(), begin["complete"]) == (["caught-up"], True)
        seen = resident.generate("Write about one")
        last = listener.wait_for("content:generation:completed", jobId=seen["jobId"])["eventId"]
    missed = [resident.generate(f"Write about {number}") for number in range(5)]
    for each in missed[:4]:
        resident.wait_for(each["id"])
    with Listener(product.urls[1], resident.access_token, "polling", lastEventId=last) as listener:
        listener.wait_for(CAUGHT_UP, complete=True)
        for each in missed:
            completed = listener.wait_for("content:generation:completed", jobId=each["jobId"])
            assert completed["generatedText"] == resident.content(each["id"])["generatedText"]
            assert listener.names(jobId=each["jobId"]) == ["started", "completed"]
        assert listener.names(jobId=seen["jobId"]) == []
        ids = [payload["eventId"] for name, payload in listener.events if name != CAUGHT_UP]
        assert ids == sorted(ids, key=place) == list(dict.fromkeys(ids))
    with Listener(product.urls[0], resident.access_token, lastEventId=ids[-1]) as listener:
        assert listener.wait_for(CAUGHT_UP) == {"lastEventId": ids[-1], "complete": True}
        assert listener.names() == ["caught-up"]


def place(event_id: str) -> tuple[int, ...]:
    return tuple(map(int, event_id.split("-")[1:]))


def test_missed_events_of_others_are_not_replayed(product: Product, resident: Person) -> None:
    stranger = Person.register(over_http(product.urls[1]))
    with Listener(product.urls[0], resident.access_token, lastEventId="") as listener:
        begin = listener.wait_for(CAUGHT_UP)["lastEventId"]
        listener_job = resident.generate("Write about secrets")["jobId"]
        listener.wait_for("content:generation:completed", jobId=listener_job)
    with Listener(product.urls[0], stranger.access_token, lastEventId=begin) as nosy:
        nosy.wait_for(CAUGHT_UP)
        assert nosy.names() == ["caught-up"]


@pytest.mark.parametrize("given", ["nonsense", 7, {"$gt": ""}, "00000000-1-1", None])
def test_an_unknown_event_id(product: Product, resident: Person, given: object) -> None:
    """Live events follow, and `complete` is false because some may be missing. None: there was no event yet."""
    with Listener(product.urls[0], resident.access_token, lastEventId=given) as listener:
        caught_up = listener.wait_for(CAUGHT_UP)
        assert caught_up["complete"] is (given is None)
        job = resident.generate("Write about bees")["jobId"]
        listener.wait_for("content:generation:completed", jobId=job)
        assert listener.names(jobId=job) == ["started", "completed"]


def test_without_an_id_nothing_is_replayed(product: Product, resident: Person, standin: Remote, topic: str) -> None:
    standin.script(match=topic, then={"blocked": "prompt"})
    with Listener(product.urls[0], resident.access_token) as listener:
        resident.generate(f"Write about {topic}")
        listener.wait_for("content:generation:failed")
        assert listener.names() == ["started", "failed"]


def test_a_log_lost_by_redis(product: Product, resident: Person, system: System) -> None:
    with Listener(product.urls[0], resident.access_token, lastEventId="") as listener:
        seen = listener.wait_for(CAUGHT_UP)["lastEventId"]
    with Redis.from_url(system.environ["REDIS_URL"]) as redis:
        redis.delete(EPOCH_KEY)
    with Listener(product.urls[0], resident.access_token, lastEventId=seen) as listener:
        caught_up = listener.wait_for(CAUGHT_UP)
        assert caught_up["complete"] is False
        assert caught_up["lastEventId"].split("-")[0] != seen.split("-")[0]


class Script:
    """A fake reader with prepared pages, during whose reads events happen."""

    def __init__(self, *pages: Page) -> None:
        self.pages = list(pages)
        self.meanwhile: list[Any] = []

    def page(self, _user_id: str, _after: object, _limit: int) -> Page:
        for happens in self.meanwhile:
            happens()
        return self.pages.pop(0)


def event(number: int, epoch: str = "0123abcd") -> LoggedEvent:
    event_id = f"{epoch}-{number}-0"
    return LoggedEvent(event_id, "content:changed", {"eventId": event_id})


def test_events_during_a_replay_follow_it_once() -> None:
    """Events are held back, skipped if the log already had them, and sent before the socket joins its room."""
    done: list[Any] = []
    sockets = Sockets(
        lambda _sid, name, payload: done.append(payload.get("eventId", name)),
        lambda _sid, room: done.append(room),
        lambda _sid: 0,
    )
    pages = Page([event(1), event(2)], event(2).event_id, True, True), Page([event(3)], event(3).event_id, True)
    reader = Script(*pages)
    replay = Replay(reader, sockets)  # type: ignore[arg-type]

    def happen(told: LoggedEvent, room: str = "user:me") -> None:
        replay.hear({"event": told.event, "data": [told.payload], "room": room})

    reader.meanwhile = [
        lambda: happen(event(3)),
        lambda: happen(event(4)),
        lambda: happen(event(5), "user:another"),
        lambda: happen(event(1, "89abcdef")),
    ]
    replay.hold("sid", "me", event(0).event_id)
    replay._run(replay._held["sid"])
    expected = [*(event(number).event_id for number in (1, 2, 3, 4)), event(1, "89abcdef").event_id]
    assert done[:5] == expected
    assert done[-2:] == ["user:me", CAUGHT_UP]
    happen(event(9))
    assert done[-1] == CAUGHT_UP
