"""A request with an Idempotency-Key is executed once, however often it is sent and whatever happens in between."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.errors import AutoReconnect
from werkzeug.test import Client, TestResponse

from app.clock import utcnow
from app.config import Settings
from app.content import insertion
from app.content.document import Content
from app.content.new_content import NewContent
from app.errors import MalformedRequest
from app.generation import transitions
from app.http import idempotency
from app.http.blueprint import contract_of
from app.http.idempotency import is_idempotent
from app.idempotency import KEPT, IdempotentRequest
from tests.attempts import claim, finish
from tests.patience import PATIENCE_SECONDS, until
from tests.person import Person
from tests.round_trips import counted

GENERATE = "/api/content/generate"
BODY = {"title": "Bees", "contentType": "blog", "prompt": "Write about bees"}
Clients = Callable[[], Client]


def send(person: Person, client: Client, path: str, key: str, body: Any = BODY) -> TestResponse:
    return client.post(path, json=body, headers={**person.headers, "Idempotency-Key": key})


def stored(person: Person) -> list[ObjectId]:
    return [each.id for each in Content.objects(user_id=person.user["id"])]


def again_path(person: Person) -> str:
    """The route that regenerates a finished text."""
    content = person.generate(contentType="social", runAt="now")
    assert claim(content["id"])
    assert finish(content["id"])
    return f"/api/content/{content['id']}/generate"


@pytest.fixture(params=["create", "generate", "again"])
def path(request: pytest.FixtureRequest, person: Person) -> str:
    paths = {"create": lambda: "/api/content", "generate": lambda: GENERATE, "again": lambda: again_path(person)}
    return str(paths[request.param]())


@pytest.fixture
def client(new_client: Clients) -> Client:
    return new_client()


@pytest.fixture
def body(path: str) -> dict[str, Any]:
    return body_for(path)


def body_for(path: str) -> dict[str, Any]:
    return {"title": "Bees", "prompt": "Write about bees"} if path.endswith("/generate") and path != GENERATE else BODY


def made(answer: TestResponse) -> tuple[str, str | None]:
    """The content and the job that a response names."""
    data = answer.get_json()["data"]
    return data["id"], data["jobId"]


# --- repeated requests


def test_a_repeated_request_gets_the_same_response(
    person: Person, new_client: Clients, path: str, body: dict[str, Any]
) -> None:
    """Same status, body and Location, plus the replay header; for any field order, and with or without quotes."""
    client = new_client()
    first = send(person, client, path, "one")
    assert first.status_code in {201, 202} or path.endswith("/generate")
    first = send(person, client, path, "two", body)
    count = len(stored(person))
    for key, sent in (("two", body), ('"two"', dict(reversed(body.items())))):
        replay = send(person, client, path, key, sent)
        assert (replay.status_code, replay.data, replay.mimetype) == (first.status_code, first.data, first.mimetype)
        assert replay.headers["Idempotency-Replayed"] == "true"
        assert replay.headers["Location"] == first.headers["Location"] == f"/api/content/{made(first)[0]}"
        assert replay.headers.get("ETag") == first.headers.get("ETag")
    assert "Idempotency-Replayed" not in first.headers
    assert len(stored(person)) == count


def test_keys_are_separate_per_user_and_path(person: Person, new_client: Clients) -> None:
    client, other = new_client(), Person.register(person.http)
    answers = [send(who, client, where, "k") for who in (person, other) for where in (GENERATE, "/api/content")]
    assert len({made(answer)[0] for answer in answers}) == 4
    assert not any("Idempotency-Replayed" in answer.headers for answer in answers)


def test_idempotency_keys_are_separate_per_api_key(person: Person, client: Client) -> None:
    """Two programs of one user may number their requests in the same way."""
    answers = [send(person, client, GENERATE, "1")]
    for name in ("one", "two"):
        status, made_key = person.call("POST", "/api/auth/keys", {"name": name, "scopes": ["generate"]})
        assert status == 201
        headers = {"Authorization": f"Bearer {made_key['data']['key']}", "Idempotency-Key": "1"}
        answers += [client.post(GENERATE, json=BODY, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202] * 5
    assert ["Idempotency-Replayed" in answer.headers for answer in answers] == [False, False, True, False, True]
    assert len(stored(person)) == 3


def test_a_key_is_rejected_with_another_payload(person: Person, new_client: Clients) -> None:
    client = new_client()
    send(person, client, GENERATE, "k")
    answer = send(person, client, GENERATE, "k", BODY | {"prompt": "Write about wasps"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_mismatch")
    assert len(stored(person)) == 1


@pytest.mark.parametrize("refused", [{"title": ""}, {}, {"prompt": 5}])
def test_a_rejected_request_can_be_sent_again_with_its_key(
    person: Person, new_client: Clients, refused: dict[str, Any]
) -> None:
    """With the same key and a corrected body."""
    client = new_client()
    for _ in range(2):
        assert send(person, client, GENERATE, "k", refused).status_code == 422
    assert send(person, client, GENERATE, "k").status_code == 202
    assert IdempotentRequest.objects(user_id=person.user["id"]).count() == 1


def test_a_request_over_the_waiting_limit_can_be_sent_again_with_its_key(
    settings: Settings, new_app: Callable[[Settings], Flask], person: Person
) -> None:
    client = new_app(replace(settings, max_waiting_generations=1)).test_client()
    first = send(person, client, GENERATE, "first")
    for _ in range(2):
        answer = send(person, client, GENERATE, "second")
        assert (answer.status_code, answer.get_json()["code"]) == (429, "queue_full")
    assert claim(make_due(made(first)[0]))
    assert send(person, client, GENERATE, "second").status_code == 202


def make_due(content_id: str) -> str:
    Content.objects(id=content_id).update(set__due_at=utcnow() - timedelta(minutes=5))
    return content_id


def test_a_key_can_be_reused_after_a_day(person: Person, new_client: Clients) -> None:
    client = new_client()
    first = send(person, client, GENERATE, "k")
    IdempotentRequest.objects(user_id=person.user["id"]).update(set__at=utcnow() - KEPT - timedelta(seconds=1))
    second = send(person, client, GENERATE, "k", BODY | {"title": "Others"})
    assert second.status_code == 202
    assert made(first) != made(second)


# --- keys

KEYS = {
    "k": "k", '"k"': "k", " k ": "k", "a b": "a b", '"a \\"b\\" \\\\"': 'a "b" \\', "x" * 255: "x" * 255,
    "8e03978e-40d5-43e8-bc93-6894a57f9324": "8e03978e-40d5-43e8-bc93-6894a57f9324", 'a"b': 'a"b',
    "": None, '""': None, " ": None, "x" * 256: None, '"k': None, '"a"b"': None, "é": None, "a\tb": None,
}  # fmt: skip


@pytest.mark.parametrize(("header", "key"), KEYS.items())
def test_a_key_is_accepted_with_and_without_quotes(app: Flask, header: str, key: str | None) -> None:
    with app.test_request_context(headers={"Idempotency-Key": header}):
        if key is not None:
            assert idempotency.given_key() == key
            return
        with pytest.raises(MalformedRequest, match="1 to 255 printable ASCII"):
            idempotency.given_key()


def test_an_invalid_key_creates_nothing(person: Person, new_client: Clients) -> None:
    answer = send(person, new_client(), GENERATE, "x" * 256)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed_request")
    assert stored(person) == []


def test_files_are_distinguished_by_their_content(app: Flask) -> None:
    def sent(file: bytes, **fields: str) -> list[str]:
        with app.test_request_context(method="POST", data={**fields, "file": (BytesIO(file), "a.csv")}):
            return idempotency._sent()

    assert sent(b"a,b", x="1") == sent(b"a,b", x="1")
    assert len({tuple(each) for each in (sent(b"a,b", x="1"), sent(b"a,c", x="1"), sent(b"a,b", x="2"))}) == 3


# --- concurrent requests


def test_a_hundred_concurrent_requests_create_one_content(
    person: Person, new_client: Clients, path: str, body: dict[str, Any]
) -> None:
    before = len(stored(person))
    clients = [new_client() for _ in range(100)]
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda client: send(person, client, path, "k", body), clients))
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 202, 409}, statuses
    late = [answer for answer in answers if answer.status_code == 409]
    assert {answer.get_json()["code"] for answer in late} <= {"idempotency_in_progress"}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 30 for answer in late)
    accepted = [answer for answer in answers if answer.status_code != 409]
    assert len({answer.data for answer in accepted}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in accepted) == 1
    assert send(person, new_client(), path, "k", body).data == accepted[0].data
    assert len(stored(person)) == max(before, 1)


# --- crashes and changes between the requests


def end_the_turn(person: Person) -> None:
    IdempotentRequest.objects(user_id=person.user["id"]).update(set__turn_until=utcnow() - timedelta(seconds=1))


def test_a_process_that_dies_before_it_stores_the_response(
    person: Person, new_client: Clients, path: str, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may still be alive for 30 s. After that, a retry finds what it created."""
    client = new_client()
    with monkeypatch.context() as patching:
        patching.setattr(IdempotentRequest, "finish", lambda *_: None)
        first = send(person, client, path, "k", body)
    count = len(stored(person))
    waiting = send(person, client, path, "k", body)
    assert (waiting.status_code, waiting.get_json()["code"]) == (409, "idempotency_in_progress")
    assert 25 <= int(waiting.headers["Retry-After"]) <= 30
    assert send(person, client, path, "k", body | {"title": "Wasps"}).status_code == 422
    end_the_turn(person)
    retried = send(person, client, path, "k", body)
    assert (retried.status_code, made(retried)) == (first.status_code, made(first))
    assert send(person, client, path, "k", body).data == retried.data
    assert len(stored(person)) == count


def test_two_requests_that_both_hold_the_key(
    person: Person, new_client: Clients, path: str, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first was only slow, and continues after the second has finished: both create the same content."""
    second: list[TestResponse] = []
    insert, begin = NewContent.insert, transitions.again

    def overtaken(carry_on: Callable[..., Any]) -> Callable[..., Any]:
        def slow(*args: Any) -> Any:
            if not second:
                end_the_turn(person)
                second.append(None)  # type: ignore[arg-type]
                second[0] = send(person, new_client(), path, "k", body)
            return carry_on(*args)

        return slow

    monkeypatch.setattr(NewContent, "insert", overtaken(insert))
    monkeypatch.setattr(transitions, "again", overtaken(begin))
    first = send(person, new_client(), path, "k", body)
    assert (first.status_code, made(first)) == (second[0].status_code, made(second[0]))
    assert len(stored(person)) == 1


def unanswered(monkeypatch: pytest.MonkeyPatch) -> None:
    """MongoDB executes the write, but its response is lost."""
    insert, begin = NewContent.insert, transitions.again

    def lost(write: Callable[..., Any]) -> Callable[..., Any]:
        def write_and_lose(*args: Any) -> Any:
            write(*args)
            raise AutoReconnect("connection closed")

        return write_and_lose

    monkeypatch.setattr(NewContent, "insert", lost(insert))
    monkeypatch.setattr(transitions, "again", lost(begin))


def cleaned_up() -> bool:
    return insertion.THREAD_NAME not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("cleans_up_first", [False, True])
def test_a_content_returned_to_a_retry_is_not_deleted(
    person: Person, client: Client, path: str, monkeypatch: pytest.MonkeyPatch, cleans_up_first: bool
) -> None:
    """The first request gets 503 and undoes its write. What the retry finds or creates is kept."""
    may_begin = threading.Event()
    undo = insertion._undo_unacknowledged

    def undo_later(*args: Any) -> None:
        may_begin.wait(PATIENCE_SECONDS)
        undo(*args)

    monkeypatch.setattr(insertion, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(insertion, "_undo_unacknowledged", undo_later)
    body = body_for(path)
    with monkeypatch.context() as patching:
        unanswered(patching)
        assert send(person, client, path, "k", body).status_code == 503
    if cleans_up_first:
        may_begin.set()
        until(cleaned_up)
    retried = send(person, client, path, "k", body)
    assert retried.status_code in {201, 202}
    may_begin.set()
    until(cleaned_up)
    content_id, job_id = made(retried)
    kept = person.content(content_id)
    assert (kept["jobId"], kept["title"], len(stored(person))) == (job_id, "Bees", 1)
    assert send(person, client, path, "k", body).data == retried.data


def test_after_an_outage_the_key_is_released_within_half_a_second(
    person: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or else it expires: the outage has already taken 4 s of the 5 s until the response."""
    unanswered(monkeypatch)
    monkeypatch.setattr(insertion, "_undo_unacknowledged", lambda *_: None)
    with counted() as operations:
        assert send(person, client, GENERATE, "k").status_code == 503
    assert operations.mongodb[-1] == "MongoDB: update idempotency"
    assert (operations.timeouts[-1] or 4000) <= 500


def test_a_retry_is_answered_even_if_the_text_has_changed(person: Person, new_client: Clients) -> None:
    """The request was executed and its content deleted: nothing is created a second time."""
    client, path = new_client(), again_path(person)
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(IdempotentRequest, "finish", lambda *_: None)
        first = send(person, client, path, "k", {"runAt": "now"})
        made_too = send(person, client, GENERATE, "k")
    assert claim(made(first)[0])
    assert finish(made(first)[0])
    later = send(person, client, path, "other", {"runAt": "now"})
    person.call("DELETE", f"/api/content/{made(made_too)[0]}")
    end_the_turn(person)
    assert made(send(person, client, path, "k", {"runAt": "now"}))[0] == made(first)[0]
    assert person.content(made(first)[0])["jobId"] == made(later)[1]
    assert made(send(person, client, GENERATE, "k")) == made(made_too)
    assert len(stored(person)) == 2


# --- erased


def test_stored_responses_are_erased_with_their_content_and_user(person: Person, new_client: Clients) -> None:
    client, path = new_client(), again_path(person)
    send(person, client, path, "again", {})
    made_by_key = made(send(person, client, GENERATE, "k"))[0]
    own = IdempotentRequest.objects(user_id=person.user["id"])
    IdempotentRequest.erase([ObjectId(path.split("/")[3])])
    assert [str(each.content_id) for each in own] == [made_by_key]
    IdempotentRequest.erase_person(person.user["id"])
    assert own.count() == 0


# --- routes


def test_every_creating_post_accepts_a_key(app: Flask) -> None:
    """Every 201 or 202 creates or costs something. Accounts and webhooks are excluded: responses hold secrets."""
    without = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
        and rule.rule.startswith("/api/")
        and not rule.rule.startswith(("/api/auth/", "/api/webhooks"))
        and {201, 202} & set(contract_of(app.view_functions[rule.endpoint]).statuses)
        and not is_idempotent(app.view_functions[rule.endpoint])
    }
    assert without == set()
    documented = app.test_client().get("/api/openapi.json").get_json()["paths"][GENERATE]["post"]
    assert "`Idempotency-Key`" in documented["description"]
