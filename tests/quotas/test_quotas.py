"""Quotas: the shown values equal the enforced ones, whatever happens between a reservation and its generation."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.errors import NetworkTimeout
from redis import Redis

from app.auth.models import User
from app.batches.document import Batch
from app.batches.maker import BatchMaker
from app.batches.quota_holds import to_come
from app.batches.stored_size import bytes_of_batches
from app.clock import utcnow
from app.config import Settings
from app.content import insertion
from app.content.document import Content
from app.content.insertion import store_once
from app.content.new_content import NewContent
from app.database import collection_of
from app.errors import PermanentFailure
from app.generation import requests
from app.generation.leases import Leases
from app.generation.quota_holds import known_jobs
from app.quotas.document import QuotaDay, StorageHolds
from app.quotas.sweep import QuotaSweep
from app.services import services_of
from app.usage.document import UsageRow
from tests.attempts import claim, fail
from tests.fake_provider import FakeProvider
from tests.generation.test_killed_between import Killed, Process, die, make_due, redis
from tests.http.answers import data_of, error_of
from tests.person import Http, Person
from tests.round_trips import counted

__all__ = ["redis"]

MINUTE = timedelta(seconds=61)
BODY = {"title": "Owls", "contentType": "social", "prompt": "Write about owls"}
Limited = Callable[..., Person]


@pytest.fixture
def limited(http: Http) -> Limited:
    """Creates a user with separate limits."""

    def register(**limits: int) -> Person:
        person = Person.register(http)
        User.objects(id=person.user["id"]).update(set__limits=limits)
        return person

    return register


@pytest.fixture
def work(app: Flask, redis: Redis) -> Callable[..., None]:
    """Runs attempts like a worker process, with these answers of the model."""

    def attempt(content_id: str, *answers: Any) -> None:
        Process(redis, FakeProvider(*answers), services_of(app).get(Settings)).work(ObjectId(content_id))

    return attempt


def asked(person: Person, **changes: Any) -> Any:
    return person.call("POST", "/api/content/generate", BODY | changes)


def daily(person: Person) -> tuple[int, int]:
    """The number of generations used today, and the number remaining."""
    found = data_of(person.call("GET", "/api/usage"), 200, None)["limits"]["dailyGenerations"]
    return found["used"], found["remaining"]


def grow_old(person: Person) -> int:
    """Makes the user's holds a minute older, and sweeps. Returns the number of dropped holds."""
    days, past = collection_of(QuotaDay), utcnow() - MINUTE
    days.update_many({"user_id": ObjectId(person.user["id"])}, {"$set": {"check_at": past, "holds.$[].at": past}})
    held = QuotaDay.jobs_of(person.user["id"])
    QuotaSweep(known_jobs, to_come).sweep()  # other tests of this process leave holds of other users
    return len(held - QuotaDay.jobs_of(person.user["id"]))


def test_shown_limits_are_enforced(limited: Limited) -> None:
    person = limited(daily_generations=2)
    assert daily(person) == (0, 2)
    assert [asked(person)[0] for _ in range(3)] == [202, 202, 429]
    error = error_of(asked(person), 429)
    assert (error["code"], daily(person)) == ("quota_exceeded", (2, 0))
    limits = data_of(person.call("GET", "/api/usage"), 200, None)["limits"]
    assert limits["dailyGenerations"]["resetsAt"] == f"{utcnow().date() + timedelta(days=1)}T00:00:00.000Z"
    assert limits["monthlyTokens"] is None


def test_one_of_twenty_concurrent_requests_gets_the_last_generation(
    app: Flask, limited: Limited, rounds: Callable[[int, int], int]
) -> None:
    """Every time, even if nothing was reserved earlier that day."""
    for used in range(rounds(4, 100)):
        person = limited(daily_generations=1 + used % 3)
        for _ in range(used % 3):
            assert asked(person)[0] == 202

        def generate(_: int, headers: dict[str, str] = person.headers) -> int:
            return app.test_client().post("/api/content/generate", json=BODY, headers=headers).status_code

        with ThreadPoolExecutor(20) as pool:
            statuses = list(pool.map(generate, range(20)))
        assert sorted(statuses) == [202] + [429] * 19
        assert daily(person) == (1 + used % 3, 0)
        assert Content.objects(user_id=person.user["id"]).count() == 1 + used % 3


def test_a_hold_is_released_once_if_the_model_was_not_called(limited: Limited, app: Flask) -> None:
    person = limited(daily_generations=2)
    first, second = (data_of(asked(person), 202, None)["id"] for _ in range(2))
    assert person.call("POST", f"/api/content/{first}/cancel")[0] == 200
    assert daily(person) == (1, 1)
    assert person.call("POST", f"/api/content/{first}/cancel")[0] == 200
    assert person.call("DELETE", f"/api/content/{second}")[0] == 204
    assert daily(person) == (0, 2)
    assert [asked(person)[0] for _ in range(3)] == [202, 202, 429]
    assert services_of(app)


def test_a_hold_is_kept_when_the_model_was_called(limited: Limited, work: Callable[..., None]) -> None:
    """Regardless of the result, and of what happens to the text. The usage rows count the same number."""
    person = limited(daily_generations=5)
    done, failed, cancelled = (data_of(asked(person), 202, None)["id"] for _ in range(3))
    work(done)
    work(failed, PermanentFailure("Declined", failure_code="blocked"))
    make_due(ObjectId(cancelled))
    assert claim(cancelled)
    call = {"_id": "worker", "user_id": ObjectId(person.user["id"]), "content_id": ObjectId(cancelled), "at": utcnow()}
    job = person.content(cancelled)["jobId"]
    collection_of(UsageRow).insert_one(call | {"job_id": job, "model": "fake", "content_type": "social"})
    assert person.call("POST", f"/api/content/{cancelled}/cancel")[0] == 200
    for suffix in ("", "?permanent=true"):
        assert person.call("DELETE", f"/api/content/{done}{suffix}")[0] == 204
    assert grow_old(person) == 0
    assert daily(person) == (3, 2)
    assert data_of(person.call("GET", "/api/usage"), 200, None)["totals"]["generations"] == 3


def test_a_generation_without_a_model_call_is_not_charged(
    limited: Limited, work: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model was unreachable, or the run was cancelled between the usage row and the call."""
    person = limited(daily_generations=2)
    unreachable, cancelled = (data_of(asked(person), 202, None)["id"] for _ in range(2))
    failure = PermanentFailure("AI service is unreachable", failure_code="unreachable")
    failure.called = False
    work(unreachable, failure)
    assert person.content(unreachable)["generationStatus"] == "failed"
    assert daily(person) == (1, 1)

    def cancel_first(_leases: Leases, _owner: str) -> bool:
        assert person.call("POST", f"/api/content/{cancelled}/cancel")[0] == 200
        assert daily(person) == (1, 1)  # the usage row exists: the model may have been called
        return False

    monkeypatch.setattr(Leases, "lasts", cancel_first)
    work(cancelled)
    assert daily(person) == (0, 2)
    assert data_of(person.call("GET", "/api/usage"), 200, None)["totals"]["calls"] == 0


def test_a_crash_between_hold_and_content_leaks_nothing(limited: Limited, monkeypatch: pytest.MonkeyPatch) -> None:
    person = limited(daily_generations=2)
    assert asked(person)[0] == 202

    def crash(content: NewContent, chosen: Any, store: Callable[[], None]) -> Any:
        monkeypatch.setattr(NewContent, "insert", lambda _content: die())
        return store_once(content, chosen, store)

    with monkeypatch.context() as patch:
        patch.setattr(requests, "store_once", crash)
        with pytest.raises(Killed):
            asked(person)
    monkeypatch.undo()
    assert (daily(person), grow_old(person)) == ((2, 0), 1)
    assert (daily(person), grow_old(person)) == ((1, 1), 0)


def test_requests_rejected_for_other_reasons_reserve_nothing(limited: Limited) -> None:
    person = limited(daily_generations=3)
    content = data_of(asked(person), 202, None)["id"]
    assert person.call("POST", f"/api/content/{content}/generate")[1]["code"] == "generation_in_progress"
    assert person.call("POST", f"/api/content/{ObjectId()}/generate")[0] == 404
    assert daily(person) == (1, 2)


def test_a_regenerated_text_counts_again(limited: Limited, work: Callable[..., None]) -> None:
    person = limited(daily_generations=2)
    content = data_of(asked(person), 202, None)["id"]
    work(content)
    again = f"/api/content/{content}/generate"
    assert person.call("POST", again)[0] == 202
    work(content)
    assert (daily(person), error_of(person.call("POST", again), 429)["code"]) == ((2, 0), "quota_exceeded")
    assert data_of(person.call("GET", "/api/usage"), 200, None)["totals"]["generations"] == 2


def test_a_keyed_request_counts_once(limited: Limited) -> None:
    person = limited(daily_generations=2)
    headers = {**person.headers, "Idempotency-Key": "once"}
    answers = [person.http("POST", "/api/content/generate", BODY, headers) for _ in range(3)]
    assert ({status for status, _ in answers}, daily(person)) == ({202}, (1, 1))


def test_a_batch_is_reserved_completely_or_not_at_all(limited: Limited, app: Flask) -> None:
    person = limited(daily_generations=10)
    items = [BODY | {"title": f"Owl {number}"} for number in range(8)]
    batch = data_of(person.call("POST", "/api/batches", {"items": items}), 202, None)["id"]
    assert daily(person) == (8, 2)
    error = error_of(person.call("POST", "/api/batches", {"items": items}), 429)
    assert (error["code"], "2 of 10" in error["message"], daily(person)) == ("quota_exceeded", True, (8, 2))
    assert len(data_of(person.call("GET", "/api/batches"), 200, None)["batches"]) == 1
    assert grow_old(person) == 0  # its contents have not been created yet
    assert person.call("POST", f"/api/batches/{batch}/cancel")[0] == 200
    services_of(app).get(BatchMaker).look()
    assert daily(person) == (0, 10)


def test_retried_rows_of_a_batch_are_not_counted_twice(limited: Limited, app: Flask) -> None:
    """It is the same generation, with the same job id. If its hold was released, it is reserved again."""
    person = limited(daily_generations=2)
    batch = data_of(person.call("POST", "/api/batches", {"items": [BODY, BODY]}), 202, None)["id"]
    maker = services_of(app).get(BatchMaker)
    maker.look()
    contents = list(Content.objects(batch_id=batch))
    for each in contents:
        assert claim(each.id)
        maker._relay.carry(fail(each.id))
    assert daily(person) == (0, 2)
    assert asked(person)[0] == 202
    retry = f"/api/batches/{batch}/retry-failed"
    assert error_of(person.call("POST", retry), 429)["message"].startswith("This needs 2 generations, and 1 of 2")
    User.objects(id=person.user["id"]).update(set__limits={"daily_generations": 3})
    assert person.call("POST", retry)[0] == 202
    assert daily(person) == (3, 0)


def test_a_new_limit_counts_earlier_usage(limited: Limited, work: Callable[..., None]) -> None:
    person = limited()
    called, waiting = (data_of(asked(person), 202, None)["id"] for _ in range(2))
    work(called)
    assert data_of(person.call("GET", "/api/usage"), 200, None)["limits"]["dailyGenerations"] is None
    User.objects(id=person.user["id"]).update(set__limits={"daily_generations": 3})
    assert (daily(person), asked(person)[0], asked(person)[0]) == ((2, 1), 202, 429)
    assert person.call("POST", f"/api/content/{waiting}/cancel")[0] == 200
    assert daily(person) == (2, 1)


def test_the_monthly_token_limit(limited: Limited, work: Callable[..., None]) -> None:
    """Its value equals that of the usage rows. Rewrites are limited by it, too."""
    person = limited(monthly_tokens=20)
    content = data_of(asked(person), 202, None)["id"]
    work(content)
    tokens = data_of(person.call("GET", "/api/usage"), 200, None)
    used = sum(tokens["totals"][name] for name in ("inputTokens", "outputTokens", "thinkingTokens"))
    limit = tokens["limits"]["monthlyTokens"]
    assert used > 20
    assert (limit["used"], limit["remaining"], limit["resetsAt"][8:]) == (used, 0, "01T00:00:00.000Z")
    text = person.content(content)["generatedText"]
    passage = {"start": 0, "end": 6, "quote": text[:6], "action": "shorten"}
    for path, body in (
        ("content/generate", BODY),
        (f"content/{content}/generate", {}),
        (f"content/{content}/rewrites", passage),
        ("batches", {"items": [BODY]}),
    ):
        assert error_of(person.call("POST", f"/api/{path}", body), 429)["code"] == "quota_exceeded"


def test_the_storage_limit(limited: Limited) -> None:
    """Versions count, a text may become shorter, and nothing is started without enough space."""
    person = limited(stored_bytes=100)
    small = person.write(generatedText="x" * 60)["id"]
    for path, body in (("content", BODY | {"generatedText": "y" * 40}), ("batches", {"items": [BODY]})):
        status, error = person.call("POST", f"/api/{path}", body)
        assert (status, error.get("code")) in {(422, "storage_full"), (202, None)}
    assert person.call("PUT", f"/api/content/{small}", {"generatedText": "z" * 90})[1]["code"] == "storage_full"
    assert person.call("PUT", f"/api/content/{small}", {"generatedText": "z" * 10})[0] == 200
    room = data_of(person.call("GET", "/api/usage"), 200, None)["limits"]["storedBytes"]
    assert room == {"limit": 100, "used": 88, "remaining": 12}


def test_the_rows_of_batches_are_stored_until_the_batch_is_deleted(limited: Limited, app: Flask) -> None:
    """Even if the batch was cancelled before a text was created."""
    person = limited(stored_bytes=1000)
    rows = {"items": [BODY | {"prompt": "x" * 200}]}
    batch = data_of(person.call("POST", "/api/batches", rows), 202, None)["id"]
    used = data_of(person.call("GET", "/api/usage"), 200, None)["limits"]["storedBytes"]["used"]
    assert 400 < used < 1000
    assert error_of(person.call("POST", "/api/batches", rows), 422)["code"] == "storage_full"
    assert error_of(person.call("DELETE", f"/api/batches/{batch}"), 409)["code"] == "batch_unfinished"
    assert person.call("POST", f"/api/batches/{batch}/cancel")[0] == 200
    services_of(app).get(BatchMaker).look()
    assert error_of(person.call("POST", "/api/batches", rows), 422)["code"] == "storage_full"
    assert person.call("DELETE", f"/api/batches/{batch}")[0] == 204
    assert person.call("POST", "/api/batches", rows)[0] == 202


def test_the_size_of_rows_is_not_computed_again(limited: Limited) -> None:
    """Except for batches of earlier releases, which were stored without it."""
    person = limited(stored_bytes=1000)
    batch = data_of(person.call("POST", "/api/batches", {"items": [BODY]}), 202, None)["id"]
    computed = bytes_of_batches(person.user["id"])
    Batch.objects(id=batch).update(inc__rows_bytes=7)
    assert bytes_of_batches(person.user["id"]) == computed + 7
    Batch.objects(id=batch).update(unset__rows_bytes=1)
    assert bytes_of_batches(person.user["id"]) == computed


def test_concurrent_requests_do_not_exceed_the_storage_limit_together(limited: Limited) -> None:
    """Nor do those of a process that died hold space for longer than a minute."""
    person = limited(stored_bytes=120)
    StorageHolds.add(person.user["id"], 100)
    body = BODY | {"generatedText": "x" * 80}
    assert error_of(person.call("POST", "/api/content", body), 422)["code"] == "storage_full"
    collection_of(StorageHolds).update_one(
        {"_id": ObjectId(person.user["id"])}, {"$set": {"holds.0.at": utcnow() - MINUTE}}
    )

    def accepted(number: int) -> bool:
        path = "/api/content" if number % 2 else "/api/content/generate"
        return person.call("POST", path, body if number % 2 else BODY | {"prompt": "x" * 80})[0] in {201, 202}

    with ThreadPoolExecutor(6) as senders:
        assert sum(senders.map(accepted, range(12))) == 1
    (left,) = collection_of(StorageHolds).find({"_id": ObjectId(person.user["id"])})
    assert left["holds"] == []


def test_a_request_that_met_an_outage_does_not_wait_for_mongodb_again(
    limited: Limited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each operation can take 4 s, and the response has to be sent within 5 s. The held bytes expire by themselves."""
    person = limited(stored_bytes=1000, daily_generations=5)
    monkeypatch.setattr(insertion, "_undo_unacknowledged", lambda *_: None)
    with counted() as operations:

        def time_out(_content: NewContent) -> None:
            operations.mongodb.clear()
            raise NetworkTimeout

        monkeypatch.setattr(NewContent, "insert", time_out)
        assert asked(person)[0] == 503
    assert operations.mongodb == []


def test_responses_have_the_remaining_quota(new_client: Any, limited: Limited) -> None:
    person = limited(daily_generations=2)
    for left in (1, 0, 0):
        answer = new_client().post("/api/content/generate", json=BODY, headers=person.headers)
        assert answer.headers["RateLimit-Policy"] == '"daily-generations";q=2;w=86400'
        assert answer.headers["RateLimit"].startswith(f'"daily-generations";r={left};t=')
    assert 0 < int(answer.headers["Retry-After"]) <= 86_400
