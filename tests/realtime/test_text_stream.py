"""GET /content/:id/stream: a text while it is written, as server-sent events."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from redis import Redis

from tests.conftest import over_http
from tests.followers import StreamFollower, events_of
from tests.patience import REQUEST_SECONDS
from tests.person import Person
from tests.product import Product
from tests.realtime.test_following import TWELVE, slowly
from tools.fake_gemini.remote import Remote
from tools.system import System

__all__ = ["slowly"]

AskedFor = Callable[[float], tuple[dict[str, Any], StreamFollower]]


@pytest.fixture
def asked_for(resident: Person, topic: str, slowly: Callable[..., None]) -> AskedFor:
    """Requests a text written with this pause in ms before each piece. Returns the content and a follower."""

    def ask(piece: float) -> tuple[dict[str, Any], StreamFollower]:
        slowly(piece)
        content = resident.generate(f"Write about {topic}")
        return content, StreamFollower(resident.access_token, content["id"])

    return ask


def test_a_stream_from_the_request_to_the_end(product: Product, asked_for: AskedFor) -> None:
    """A snapshot, the events of the generation and every piece. Nothing follows afterwards."""
    content, follower = asked_for(60)
    with follower.open(product.urls[0]) as response:
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert (response.headers["Cache-Control"], response.headers["X-Accel-Buffering"]) == ("no-store", "no")
        follower.read(response)
    followed = follower.followed
    assert followed.faults == []
    assert followed.pieced == followed.text == TWELVE
    assert follower.names[:3] == ["snapshot", "content:generation:started", "snapshot"]
    assert set(follower.names[3:-1]) == {"delta"}
    assert followed.final
    assert followed.final == {"event": "content:generation:completed"} | {
        "contentId": content["id"], "jobId": content["jobId"], "status": "completed", "title": "Bees",
        "contentType": "blog", "generatedText": TWELVE,
        "eventId": followed.final["eventId"], "timestamp": followed.final["timestamp"],
    }  # fmt: skip
    assert follower.follow(product.urls[1]) == 204
    follower.last_id = ""
    assert follower.follow(product.urls[1]) == 204


def test_a_stream_is_resumed_at_any_process(
    product: Product, resident: Person, topic: str, slowly: Callable[..., None]
) -> None:
    """Where it was cut, without a snapshot. A client that was cut off before the end still receives it."""
    slowly(60)
    content = resident.generate(f"Write about {topic}")
    follower, late = (StreamFollower(resident.access_token, content["id"]) for _ in range(2))
    for number, length in enumerate((200, 500, 800)):
        follower.follow(product.urls[number % 2], lambda length=length: len(follower.followed.text) >= length)
    late.follow(product.urls[0], lambda: True)
    assert follower.names.count("snapshot") == 2  # while it was pending, and of the first attempt
    resident.wait_for(content["id"])
    for each in (follower, late):
        assert each.follow(product.urls[1]) == 200
        assert each.followed.text == TWELVE
        assert each.followed.faults == []
        assert each.names[-1] == "content:generation:completed"
        assert each.follow(product.urls[0]) == 204


def test_a_new_attempt_sends_a_new_snapshot(product: Product, resident: Person, topic: str, standin: Remote) -> None:
    standin.script(
        {"text": "As an AI language model, I cannot write about bees, for bees are beyond me.", "pieceMs": 150},
        match=topic,
        then={"text": TWELVE, "pieceMs": 40},
    )
    content = resident.generate(f"Write about {topic}")
    follower = StreamFollower(resident.access_token, content["id"])
    assert follower.follow(product.urls[0]) == 200
    assert follower.followed.faults == []
    assert follower.followed.pieced == TWELVE
    retrying = follower.names.index("content:generation:retrying")
    assert follower.names[retrying + 1] == "snapshot"
    assert follower.followed.attempt == 2


def test_an_emptied_redis_causes_a_new_snapshot(
    product: Product, resident: Person, asked_for: AskedFor, system: System
) -> None:
    content, follower = asked_for(80)
    follower.follow(product.urls[0], lambda: len(follower.followed.text) > 300)
    with follower.open(product.urls[0]) as response:
        with Redis.from_url(system.environ["REDIS_URL"]) as redis:
            redis.flushdb()
        follower.read(response)
    assert follower.followed.faults == []
    assert follower.followed.pieced == TWELVE == resident.content(content["id"])["generatedText"]
    assert (follower.names.count("snapshot"), follower.followed.begun_anew) == (3, 1)


def test_the_end_is_sent_even_if_redis_lost_it(
    product: Product, resident: Person, asked_for: AskedFor, system: System
) -> None:
    """Its live text and events are gone, so the stored state is sent."""
    content, follower = asked_for(60)
    follower.follow(product.urls[0], lambda: len(follower.followed.text) > 300)
    resident.wait_for(content["id"])
    with Redis.from_url(system.environ["REDIS_URL"]) as redis:
        redis.flushdb()
    assert follower.follow(product.urls[1]) == 200
    assert (follower.names[-2:], follower.followed.faults) == (["snapshot", "content:generation:completed"], [])
    assert follower.followed.pieced == follower.followed.text == TWELVE


def test_who_cannot_open_a_stream(product: Product, resident: Person) -> None:
    stranger = Person.register(over_http(product.urls[1]))
    content, by_hand = resident.generate("Write about bees"), resident.write()
    path = f"/api/content/{content['id']}/stream"
    assert resident.http("GET", path)[0] == 401
    assert stranger.call("GET", path)[0] == 404
    assert resident.call("GET", "/api/content/nonsense/stream")[0] == 404
    path = f"/api/content/{by_hand['id']}/stream"
    for headers in ({}, {"Last-Event-ID": "1:5"}):
        assert resident.http("GET", path, None, resident.headers | headers) == (204, None)


def test_a_user_has_at_most_twenty_streams(product: Product, asked_for: AskedFor, until: Callable[..., Any]) -> None:
    """A client that has left is noticed, and frees its slot."""
    _, follower = asked_for(2000)
    answers = [follower.open(product.urls[0]) for _ in range(21)]
    try:
        assert [each.status_code for each in answers] == [200] * 20 + [429]
        answers[0].close()
        until(lambda: opens(follower, product.urls[0]))
    finally:
        for each in answers:
            each.close()


def test_a_stream_ends_with_its_session(product: Product, resident: Person, asked_for: AskedFor) -> None:
    _, follower = asked_for(2000)
    with follower.open(product.urls[0]) as response:
        events = events_of(response)
        follower.take(next(events))
        resident.http("POST", "/api/auth/logout", {"refresh_token": resident.refresh_token})
        began = time.monotonic()
        assert [each["event"] for each in events if not each["event"].endswith(("started", "delta"))] == []
        assert time.monotonic() - began < REQUEST_SECONDS
    assert follower.followed.final is None


def test_the_stream_of_a_deleted_content_ends(product: Product, resident: Person, asked_for: AskedFor) -> None:
    content, follower = asked_for(2000)
    with follower.open(product.urls[0]) as response:
        events = events_of(response)
        follower.take(next(events))
        assert resident.call("DELETE", f"/api/content/{content['id']}")[0] == 204
        for event in events:
            follower.take(event)
    assert follower.open(product.urls[0]).status_code == 404


def opens(follower: StreamFollower, url: str) -> bool:
    response: requests.Response = follower.open(url)
    response.close()
    return response.status_code == 200
