"""Idle streams, and how they are closed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from flask import Flask
from redis import Redis

from app.content.document import Content
from app.generation.requeue import Requeues
from app.generation.streaming import LiveStreams
from app.realtime import text_stream
from app.realtime.following import Following
from app.realtime.live_text import LiveTexts
from app.services import services_of
from tests.person import Person


@pytest.fixture
def following(app: Flask) -> Following:
    return services_of(app).get(Following)


@pytest.fixture
def follow(app: Flask, person: Person, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Opens a stream of a content. Yields the parts of its body."""
    monkeypatch.setattr(text_stream, "COMMENT_SECONDS", 0.0)
    monkeypatch.setattr(text_stream, "TICK_SECONDS", 0.05)

    def follow(content: dict[str, Any], last_event_id: str = "") -> Any:
        headers = {**person.headers, "Last-Event-ID": last_event_id}
        response = app.test_client().get(f"/api/content/{content['id']}/stream", headers=headers, buffered=False)
        assert response.status_code == 200
        return response

    return follow


def next_event(parts: Any) -> bytes:
    """The next part that is not a comment."""
    return next(part for part in islice(parts, 500) if not part.startswith(b":"))


def test_an_idle_stream_sends_comments(
    app: Flask, follow: Callable[..., Any], following: Following, person: Person, until: Callable[..., Any]
) -> None:
    """Until the client has left. Then this process unsubscribes from the run's channel."""
    redis, content = services_of(app).get(Redis), person.generate()
    response = follow(content)
    parts = response.iter_encoded()
    assert next(parts) == b'event: snapshot\nid: 0:0\ndata: {"attempt":0,"text":"","status":"pending"}\n\n'
    assert next(parts) == b": still here\n\n"
    assert listening(redis, content) == following.count() == 1
    response.close()
    until(lambda: listening(redis, content) == 0)
    assert following.count() == 0


def listening(redis: Redis, content: dict[str, Any]) -> int:
    """How many processes are subscribed to the channel of a content's run."""
    ((_, count),) = redis.pubsub_numsub(f"live:{content['jobId']}")
    return int(count)


def test_a_stream_ends_when_its_content_is_deleted(
    follow: Callable[..., Any], following: Following, person: Person
) -> None:
    content = person.generate()
    parts = follow(content).iter_encoded()
    next(parts)
    person.call("DELETE", f"/api/content/{content['id']}")
    assert {part for part in islice(parts, 500) if not part.startswith(b":")} == set()
    assert following.count() == 0


def test_a_requeued_text_is_followed_from_its_new_beginning(
    app: Flask, follow: Callable[..., Any], following: Following, person: Person
) -> None:
    """Not from the text that failed, even while somebody who followed that one has not left yet."""
    content = person.generate()
    Content.objects(id=content["id"]).update(set__generation_status="processing", set__attempt=3)
    streams = LiveStreams(LiveTexts(services_of(app).get(Redis)))
    with streams.open(content["jobId"], 3) as refused:
        refused.add("Refused")
        streams.send([refused])
    slow = follow(content).iter_encoded()
    assert b'"text":"Refused"' in next(slow)
    Content.objects(id=content["id"]).update(set__generation_status="failed")
    failed = {"contentId": content["id"], "jobId": content["jobId"]}
    following._on_event({"event": "content:generation:failed", "data": [failed]})
    assert not isinstance(services_of(app).get(Requeues).one(content["id"], 3), str)
    parts = follow(content).iter_encoded()
    assert next(parts) == b'event: snapshot\nid: 0:0\ndata: {"attempt":0,"text":"","status":"pending"}\n\n'
    following._on_event({"event": "content:generation:started", "data": [failed]})
    assert b"started" in next_event(parts)
    with streams.open(content["jobId"], 1) as again:
        again.add("Accepted")
        streams.send([again])
        assert b'"attempt":1,"text":"Accepted"' in next_event(parts)
    assert [part for part in islice(slow, 20) if b"started" in part] == []


def test_a_restarted_attempt_is_not_resumed_with_the_old_text(
    app: Flask, follow: Callable[..., Any], person: Person, until: Callable[..., Any]
) -> None:
    """A worker released it, so the offset in the old text says nothing about the new one."""
    content = person.generate()
    Content.objects(id=content["id"]).update(set__generation_status="processing", set__attempt=1)
    streams = LiveStreams(LiveTexts(services_of(app).get(Redis)))
    began = []
    for text in ("Zwölf!", "Neu ist besser"):
        with streams.open(content["jobId"], 1) as stream:
            until(lambda stream=stream: stream._began_at > (began or [0])[-1] or renewed(stream))
            began.append(stream._began_at)
            stream.add(text)
            streams.send([stream])
    whole = '{"attempt":1,"text":"Neu ist besser","status":"processing"}'
    for seen, expected in (("1:6", f"id: 1:14\ndata: {whole}"), ("1:3", whole), ("1:99", whole), ("2:1", whole)):
        assert expected.encode() in next(follow(content, seen).iter_encoded())
    assert b'"offset":7,"text":"besser"' not in next_event(follow(content, "1:6").iter_encoded())
    assert '"offset":8,"text":"besser"' in next_event(follow(content, "1:8").iter_encoded()).decode()


def renewed(stream: Any) -> bool:
    """Ensures that the two do not start in the same millisecond."""
    stream._began_at += 1
    return False
