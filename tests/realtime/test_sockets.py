"""Socket.IO: who may connect, and who receives which events, over each transport and process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import jwt
import pytest
import socketio

from app.clock import utcnow
from tests.conftest import over_http
from tests.listener import Listener
from tests.person import Person
from tests.product import Product
from tools.fake_gemini.remote import Remote
from tools.system import System, Web

TRANSPORTS = ["websocket", "polling"]


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_the_owner_receives_the_events(product: Product, resident: Person, transport: str) -> None:
    """Started, then completed with the text, with the documented payloads."""
    with Listener(product.urls[0], resident.access_token, transport) as listener:
        accepted = resident.generate("Write about owls", title="Owls")
        completed = listener.wait_for("content:generation:completed")
        started = listener.wait_for("content:generation:started")
    ids = {"contentId": accepted["id"], "jobId": accepted["jobId"]}
    told = {name: started[name] for name in ("eventId", "timestamp")}
    assert started == ids | told | {"status": "processing"}
    assert completed == ids | {
        "status": "completed",
        "title": "Owls",
        "contentType": "blog",
        "generatedText": resident.content(accepted["id"])["generatedText"],
        "timestamp": completed["timestamp"],
        "eventId": completed["eventId"],
    }
    assert completed["eventId"] > started["eventId"]
    assert completed["timestamp"].endswith("Z")


def test_the_failed_payload(product: Product, resident: Person, standin: Remote, topic: str) -> None:
    standin.script(match=topic, then={"blocked": "prompt"})
    with Listener(product.urls[0], resident.access_token) as listener:
        accepted = resident.generate(f"Write about {topic}")
        failed = listener.wait_for("content:generation:failed")
    assert failed == {
        "contentId": accepted["id"],
        "jobId": accepted["jobId"],
        "status": "failed",
        "failureReason": "Content blocked by safety filters",
        "timestamp": failed["timestamp"],
        "eventId": failed["eventId"],
    }


def test_every_process_delivers_each_event_once(product: Product) -> None:
    """Two users, each with a socket at both web processes, and two workers. All get their own events once."""
    first, second = (Person.register(over_http(url)) for url in product.urls[:2])
    listeners = [
        Listener(url, person.access_token, transport)
        for person in (first, second)
        for url, transport in zip(product.urls[:2], TRANSPORTS, strict=True)
    ]
    try:
        for listener in listeners:
            listener.__enter__()
        jobs = {person.email: [person.generate(f"Write {n}")["jobId"] for n in range(4)] for person in (first, second)}
        for person, own in ((first, listeners[:2]), (second, listeners[2:])):
            for job in jobs[person.email]:
                for listener in own:
                    listener.wait_for("content:generation:completed", jobId=job)
        for person, own in ((first, listeners[:2]), (second, listeners[2:])):
            for listener in own:
                assert {payload["jobId"] for _, payload in listener.events} == set(jobs[person.email])
                for job in jobs[person.email]:
                    assert listener.names(jobId=job) == ["started", "completed"]
    finally:
        for listener in listeners:
            listener.__exit__(None, None, None)


def _token(product: Product, **claims: object) -> str:
    now = utcnow()
    body = {"sub": "507f191e810c19729de860ea", "type": "access", "iat": now, "nbf": now, "jti": "x", "fresh": False}
    body |= {"exp": now + timedelta(minutes=5)}
    return jwt.encode(body | claims, product.settings.jwt_secret, "HS256")


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("kind", ["none", "nonsense", "object", "tampered", "expired", "refresh", "refresh type"])
def test_an_invalid_token_is_rejected(product: Product, resident: Person, kind: str, transport: str) -> None:
    """No socket without a valid access token, and the client gets the reason."""
    tokens: dict[str, object] = {
        "none": None,
        "nonsense": "nonsense",
        "object": {"$gt": ""},
        "tampered": resident.access_token[:-2],
        "expired": _token(product, exp=utcnow() - timedelta(seconds=1)),
        "refresh": resident.refresh_token,
        "refresh type": _token(product, type="refresh"),
    }
    listener = Listener(product.urls[0], tokens[kind], transport)
    with pytest.raises(socketio.exceptions.ConnectionError), listener:
        pass
    expected = {"none": "Authentication required", "object": "Authentication required", "expired": "Token has expired"}
    assert listener.refusal == {"message": expected.get(kind, "Invalid token")}


def test_no_message_joins_a_room(product: Product, resident: Person) -> None:
    """A client's own events have no effect: it cannot join another user's room."""
    stranger = Person.register(over_http(product.urls[1]))
    room = f"user:{resident.user['id']}"
    with (
        Listener(product.urls[0], stranger.access_token) as nosy,
        Listener(product.urls[0], resident.access_token) as owner,
    ):
        for event in ("join", "join_room", "subscribe", "room", "connect", "enter_room"):
            nosy.send(event, {"room": room, "userId": resident.user["id"]})
        accepted = resident.generate("Write about secrets")
        owner.wait_for("content:generation:completed", jobId=accepted["jobId"])
        own = stranger.generate("Write about the weather")
        nosy.wait_for("content:generation:completed", jobId=own["jobId"])
        assert nosy.names(jobId=accepted["jobId"]) == []


@pytest.fixture
def threaded(system: System) -> Iterator[Web]:
    """A web process with threads, in addition to those with eventlet."""
    web = system.add_web(SOCKETIO_ASYNC_MODE="threading")
    yield web
    web.child.kill()
    system.webs.remove(web)  # other tests expect two


def test_a_web_process_on_threads(system: System, threaded: Web) -> None:
    """Sockets of both kinds of process get every event once, wherever it was requested. No token, no socket."""
    assert "Using worker: gthread" in threaded.log.read_text()
    first = system.webs[0]
    person = Person.register(over_http(threaded.url))
    with (
        Listener(first.url, person.access_token) as elsewhere,
        Listener(threaded.url, person.access_token, "websocket") as websocket,
        Listener(threaded.url, person.access_token, "polling") as polling,
    ):
        jobs = [person.generate("Write about hills")["jobId"]]
        person.http = over_http(first.url)
        jobs.append(person.generate("Write about valleys")["jobId"])
        for listener in (elsewhere, websocket, polling):
            for job in jobs:
                listener.wait_for("content:generation:completed", jobId=job)
                assert listener.names(jobId=job) == ["started", "completed"]
        refused = Listener(threaded.url, "nonsense")
        with pytest.raises(socketio.exceptions.ConnectionError), refused:
            pass
        assert refused.refusal == {"message": "Invalid token"}
        threaded.child.kill()  # before the clients leave: one that polls may wait for the next ping otherwise
