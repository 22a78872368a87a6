"""Cancelled generations: one final outcome, no further model calls, and consistent usage."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis

from app.clock import utcnow
from app.config import Settings, load_settings
from app.content.document import CANCELLED, COMPLETED, FAILED, PENDING, Content
from app.content.versions import Version
from app.generation import stops, transitions
from app.generation.attempt import Attempts
from app.generation.backlog import next_attempt
from app.generation.counters import read_totals
from app.generation.leases import LEASE
from app.generation.outcomes import Expired, Later, Released
from app.generation.providers.gemini import GeminiProvider
from app.generation.stops import CHANNEL, StopListener
from app.queueing.schedule import GenerationQueue
from app.realtime.event_log import stream_of
from app.services import services_of
from app.usage.document import OPEN, UsageRow
from tests.attempts import claim, fail, finish
from tests.fake_provider import TEXT, FakeProvider
from tests.generation.raw_gemini import RawGemini, Stall, event, raw_gemini, stream
from tests.generation.test_killed_between import Process, make_due, redis, told
from tests.patience import PATIENCE_SECONDS, until
from tests.person import Person

__all__ = ["redis"]

BEES = {"candidates": [{"content": {"parts": [{"text": "Bees "}]}}]}
Rounds = Callable[[int, int], int]


@pytest.fixture
def settings(app: Flask) -> Settings:
    return services_of(app).get(Settings)


@pytest.fixture
def gemini() -> Iterator[RawGemini]:
    with raw_gemini() as endpoint:
        yield endpoint


def cancel(person: Person, content_id: Any, body: Any = None) -> tuple[int, Any]:
    return person.call("POST", f"/api/content/{content_id}/cancel", body)


def requested(person: Person) -> ObjectId:
    content_id = ObjectId(person.generate("Write about owls", contentType="social")["id"])
    make_due(content_id)
    return content_id


def later(content_id: ObjectId) -> Any:
    return transitions.settle(content_id, "worker", Later("AI service timeout", utcnow()))


def told_of(redis: Redis, content: Content) -> Counter[str]:
    """The names of this run's events, for a user with several runs."""
    events: Any = redis.xrange(stream_of(content.user_id))
    own = [members[b"event"] for _, members in events if orjson.loads(members[b"payload"])["jobId"] == content.job_id]
    return Counter(name.decode().rpartition(":")[2] for name in own)


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shortens the polling interval, so that the listener ends quickly."""
    monkeypatch.setattr(stops, "POLL_SECONDS", 0.05)


def status_of(content_id: Any) -> str:
    return str(Content.objects(id=content_id).first().generation_status)


# --- who can cancel, and when

BEFORE: dict[str, Callable[[ObjectId], Any]] = {
    "waiting": lambda _: None,
    "running": claim,
    "waiting for another attempt": lambda content_id: claim(content_id) and later(content_id),
    "released": lambda content_id: (claim(content_id), transitions.settle(content_id, "worker", Released())),
    "its worker died": lambda content_id: claim(content_id, lease=-LEASE),
    "requeued": lambda content_id: (claim(content_id), fail(content_id), transitions.requeue(content_id, 3)),
}


@pytest.mark.parametrize("before", BEFORE)
def test_unfinished_generations_are_cancelled_permanently(person: Person, redis: Redis, before: str) -> None:
    """Later writes that start, end, release, take over or fail the run have no effect."""
    content_id = requested(person)
    BEFORE[before](content_id)
    for _ in range(2):
        status, answer = cancel(person, content_id, {})
        assert (status, answer["message"]) == (200, "Generation cancelled")
        assert (answer["data"]["id"], answer["data"]["generationStatus"]) == (str(content_id), CANCELLED)
    stored = Content._get_collection().find_one({"_id": content_id})
    assert not {"lease_owner", "lease_expires_at", "wake_at", "outbox", "outbox_at"} & set(stored)
    attempt = stored["attempt"]
    assert not claim(content_id, attempt + 1, owner="the next")
    assert not finish(content_id)
    assert not later(content_id)
    assert not transitions.settle(content_id, "worker", Expired("died", "died"))
    assert not transitions.requeue(content_id, 3)
    assert status_of(content_id) == CANCELLED
    events = told(redis, Content.objects(id=content_id).first())
    assert events["cancelled"] == 1
    assert read_totals(redis).generations["social", CANCELLED] == 1


def test_cancelling_removes_the_job_from_the_queue(person: Person, app: Flask) -> None:
    content_id = requested(person)
    due = next_attempt(Content._get_collection().find_one({"_id": content_id}))
    queue = services_of(app).get(GenerationQueue)
    assert queue.forgotten([due]) == []
    cancel(person, content_id)
    assert queue.forgotten([due]) == [due]


def test_finished_generations_cannot_be_cancelled(person: Person) -> None:
    completed, failed = requested(person), requested(person)
    assert claim(completed)
    assert finish(completed)
    assert claim(failed)
    assert fail(failed)
    by_hand = person.write()["id"]
    for content_id, expected in ((completed, COMPLETED), (failed, FAILED), (by_hand, None)):
        status, answer = cancel(person, content_id)
        assert (status, answer["code"]) == (409, "generation_finished")
        assert person.content(str(content_id))["generationStatus"] == expected


def test_another_users_generation_is_not_found(person: Person) -> None:
    stranger = Person.register(person.http)
    content_id = requested(stranger)
    trashed = requested(person)
    assert person.call("DELETE", f"/api/content/{trashed}")[0] == 204
    for each in (content_id, trashed, ObjectId(), "no-id"):
        assert cancel(person, each)[0] == 404
    assert status_of(content_id) == PENDING


def test_a_cancel_request_accepts_no_fields(person: Person) -> None:
    content_id = requested(person)
    assert cancel(person, content_id, {"why": "because"})[0] == 422
    assert cancel(person, content_id, b"[]")[0] == 400
    assert status_of(content_id) == PENDING


# --- the model


@contextlib.contextmanager
def running(process: Process, content_id: ObjectId) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=process.work, args=(content_id,), daemon=True)
    thread.start()
    yield thread
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def worker_of(redis: Redis, gemini: RawGemini) -> Process:
    environ = {"GOOGLE_AI_ENDPOINT": gemini.url, "GOOGLE_AI_API_KEY": "AIzaCanary", "AI_TIMEOUT_SECONDS": "60"}
    settings = load_settings(environ)
    return Process(redis, GeminiProvider(settings), settings)  # type: ignore[arg-type]  # a Provider, too


@contextlib.contextmanager
def listening(redis: Redis, process: Process) -> Iterator[None]:
    """The process listens for cancellations inside the `with` block."""
    stopping = threading.Event()
    listener = StopListener(redis, process.leases)
    thread = threading.Thread(target=listener.keep_listening, args=(stopping,), daemon=True)
    thread.start()
    until(lambda: redis.pubsub_numsub(CHANNEL)[0][1] >= 1)
    yield
    stopping.set()
    thread.join(PATIENCE_SECONDS)


def trash(person: Person, content_id: Any) -> tuple[int, Any]:
    return person.call("DELETE", f"/api/content/{content_id}")


@pytest.mark.parametrize("call_off", [cancel, trash])
@pytest.mark.parametrize("pieces", [0, 2])
def test_cancelling_closes_the_connection_to_the_model(
    person: Person, redis: Redis, gemini: RawGemini, pieces: int, call_off: Callable[..., tuple[int, Any]]
) -> None:
    """Before the first word, and between two words: the stalled read ends, and no further call follows."""
    gemini.answer_with(stream(*[event(BEES)] * pieces, Stall()))
    process, content_id = worker_of(redis, gemini), requested(person)
    with listening(redis, process), running(process, content_id):
        until(lambda: gemini.requests)
        assert call_off(person, content_id)[0] in {200, 204}
        assert gemini.left.wait(PATIENCE_SECONDS)
    process.work(content_id)
    assert len(gemini.requests) == 1
    assert status_of(content_id) == CANCELLED
    (row,) = UsageRow.objects(content_id=content_id)
    assert (row.outcome, row.input_tokens > 0) == ("cancelled", True)
    kept = [(each.source, each.text) for each in Version.objects(content_id=content_id)]
    assert kept == ([("partial", "Bees Bees ")] if pieces else [])
    assert Content.objects(id=content_id).first().generated_text == ""


def test_without_redis_the_next_lease_renewal_closes_the_connection(
    person: Person, redis: Redis, gemini: RawGemini
) -> None:
    gemini.answer_with(stream(Stall()))
    process, content_id = worker_of(redis, gemini), requested(person)
    with running(process, content_id):
        until(lambda: gemini.requests)
        assert cancel(person, content_id)[0] == 200  # nobody listens
        process.leases.renew()
        assert gemini.left.wait(PATIENCE_SECONDS)


def test_a_reconnected_listener_finds_missed_cancellations(person: Person, redis: Redis, gemini: RawGemini) -> None:
    """The message was lost while Redis was unavailable."""
    gemini.answer_with(stream(Stall()))
    process, content_id = worker_of(redis, gemini), requested(person)
    with running(process, content_id):
        until(lambda: gemini.requests)
        cancel(person, content_id)
        with listening(redis, process):
            assert gemini.left.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize("moment", ["open_usage", "claim"])
def test_a_run_cancelled_before_its_call_does_not_call_the_model(
    person: Person, redis: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """It is cancelled between the claim and the call: the model is not called, and no usage row is left."""
    content_id, provider = requested(person), FakeProvider()
    before: Any = transitions.claim if moment == "claim" else Attempts._open_usage

    def and_cancel(*args: Any, **kwargs: Any) -> Any:
        done = before(*args, **kwargs)
        assert cancel(person, content_id)[0] == 200
        return done

    monkeypatch.setattr(*((transitions, "claim") if moment == "claim" else (Attempts, "_open_usage")), and_cancel)
    Process(redis, provider, settings).work(content_id)
    assert provider.prompts == []
    assert UsageRow.objects(content_id=content_id).count() == 0
    assert status_of(content_id) == CANCELLED


@pytest.mark.usefixtures("redis")
def test_cancelling_closes_the_usage_row_of_a_dead_worker(person: Person) -> None:
    """Nothing else would close it, because the run that it was made for has ended."""
    content_id = requested(person)
    claim(content_id, owner="the dead")
    row = {"user_id": ObjectId(person.user["id"]), "content_id": content_id, "content_type": "social", "attempt": 1}
    UsageRow(id="the dead", model="fake", input_tokens=5, estimated=True, **row).save()
    cancel(person, content_id)
    (row,) = UsageRow.objects(content_id=content_id)
    assert (row.outcome, row.estimated, row.input_tokens) == ("cancelled", True, 5)


# --- the race with the end


def test_cancelling_races_the_end(person: Person, redis: Redis, settings: Settings, rounds: Rounds) -> None:
    """Each run has one outcome: the response, the stored state, the events, the counters and the usage agree.

    A cancellation is sent a little later than the previous one if that was in time, and a little earlier if it was too
    late. So they stay close to the end of the run.
    """
    outcomes, delay = {CANCELLED: 0, COMPLETED: 0}, 0.005
    for _ in range(rounds(40, 200)):
        process, content_id = Process(redis, FakeProvider(TEXT), settings), requested(person)
        with running(process, content_id):
            time.sleep(delay * random.uniform(0.8, 1.2))
            status, answer = cancel(person, content_id)
        process.relay.acknowledge()
        content = Content.objects(id=content_id).first()
        outcomes[content.generation_status] += 1
        delay *= 1.3 if content.generation_status == CANCELLED else 0.7
        assert status == (200 if content.generation_status == CANCELLED else 409), answer
        assert content.generated_text == (TEXT if content.generation_status == COMPLETED else "")
        events = told_of(redis, content)
        assert (events[content.generation_status], events[COMPLETED] + events[CANCELLED]) == (1, 1)
        rows = [row.outcome for row in UsageRow.objects(content_id=content_id)]
        assert len(rows) <= 1
        assert rows == (["done"] if content.generation_status == COMPLETED else [CANCELLED] * len(rows))
    totals = read_totals(redis).generations
    assert {outcome: totals["social", outcome] for outcome in outcomes} == outcomes
    assert UsageRow.objects(outcome=OPEN).count() == 0
    print(f"\n{outcomes}")
    assert all(outcomes.values())


# --- crashes between the write and its consequences


def test_the_sweep_completes_a_cancellation_whose_web_process_died(
    person: Person, redis: Redis, settings: Settings, app: Flask
) -> None:
    """It stops the attempt, removes the job, sends the event and counts the cancellation, each once."""
    content_id = requested(person)
    job = next_attempt(Content._get_collection().find_one({"_id": content_id}))
    assert transitions.cancel(person.user["id"], content_id)
    process = Process(redis, FakeProvider(), settings)
    for _ in range(3):
        process.look(content_id)
    assert told(redis, Content.objects(id=content_id).first()) == {"cancelled": 1}
    assert read_totals(redis).generations["social", CANCELLED] == 1
    assert services_of(app).get(GenerationQueue).forgotten([job]) == [job]
    assert "outbox" not in Content._get_collection().find_one({"_id": content_id})
