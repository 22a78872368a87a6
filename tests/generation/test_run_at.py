"""The start of a generation: at once, at a given time, after the default delay, or started early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis

from app.clock import iso, utcnow
from app.config import Settings
from app.content.document import Content
from app.generation import transitions
from app.generation.backlog import next_attempt
from app.generation.outcomes import Done, Later
from app.generation.schemas import LATEST, GenerateSchema
from app.queueing.schedule import DelaySchedule, GenerationQueue
from app.services import services_of
from tests.attempts import claim, fail, finish
from tests.person import Person

BODY = {"title": "Owls", "contentType": "social", "prompt": "Write about owls"}
EAST = timezone(timedelta(hours=5, minutes=45))


def asked_for(run_at: Any) -> datetime:
    loaded: datetime = GenerateSchema().load(BODY | {"runAt": run_at})["run_at"]
    return loaded


def errors_of(**changes: Any) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = GenerateSchema().validate(BODY | changes)
    return errors


@pytest.mark.parametrize("days", [0.001, 1, 29.99])
def test_times_with_any_offset_are_accepted(days: float) -> None:
    moment = utcnow().replace(microsecond=0) + timedelta(days=days)
    for written in (iso(moment), moment.astimezone(EAST).isoformat(), iso(moment).lower()):
        assert asked_for(written) == moment


def test_now_and_the_last_minute_mean_now() -> None:
    for written in ("now", iso(utcnow() - timedelta(seconds=55))):
        assert abs(asked_for(written) - utcnow()) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "written",
    [
        "", "Now", "tomorrow", 5, None, True, ["now"], {}, "2026-01-31", "2026-01-31T08:15:00", "20260131T081500Z",
        "2026-02-30T08:15:00Z", "2026-01-31T25:15:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
        "2026-W05-6T08:15:00Z", "2026-01-31T08:15:00+99:00", "\u0662026-01-31T08:15:00Z", "2026-01-31T08:15:00Z" * 9999,
    ],
)  # fmt: skip
def test_invalid_times_are_rejected(written: Any) -> None:
    assert set(errors_of(runAt=written)) == {"runAt"}


@pytest.mark.parametrize("away", [-timedelta(seconds=65), LATEST + timedelta(hours=1)])
def test_past_and_distant_times_are_rejected(away: timedelta) -> None:
    assert set(errors_of(runAt=iso(datetime.now(UTC) + away))) == {"runAt"}


@pytest.mark.parametrize("flag", [1, 0, "true", None, []])
def test_auto_title_must_be_a_boolean(flag: Any) -> None:
    assert set(errors_of(autoTitle=flag)) == {"autoTitle"}


def due_of(content: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(content["dueAt"]) - datetime.fromisoformat(content["createdAt"])


def test_the_expected_delay_is_the_time_until_run_at(person: Person, settings: Settings) -> None:
    """Even if that is sooner than the usual delay, which is not a minimum."""
    usual = person.generate()
    assert usual["expectedDelay"] == 1000 * settings.generation_delay_seconds
    now = person.generate(runAt="now")
    assert (now["expectedDelay"], now["message"]) == (0, "Content generation queued. It will be processed now.")
    in_a_day = utcnow().replace(microsecond=0) + timedelta(days=1)
    later = person.generate(runAt=iso(in_a_day))
    assert later["dueAt"] == iso(in_a_day)
    assert later["expectedDelay"] == round(due_of(later).total_seconds() * 1000)
    assert later["message"].endswith(f"at {iso(in_a_day)}.")


def job_of(content_id: str) -> Any:
    return next_attempt(Content._get_collection().find_one({"_id": ObjectId(content_id)}))


def test_a_scheduled_generation_can_be_started_now(person: Person, app: Flask) -> None:
    content = person.generate(runAt=iso(utcnow() + timedelta(days=2)))
    path = f"/api/content/{content['id']}/run-now"
    for _ in range(2):
        status, answer = person.call("POST", path)
        assert (status, answer["message"]) == (200, "Generation starts now")
        assert due_of(answer["data"]) < timedelta(minutes=1)
        assert answer["data"]["generationStatus"] == "pending"
    scheduled = services_of(app).get(Redis).zscore(DelaySchedule.scheduled_jobs_key, job_of(content["id"]).rq_job_id)
    assert scheduled == pytest.approx(utcnow().timestamp(), abs=60)
    assert claim(content["id"])


def test_starting_now_never_postpones(person: Person) -> None:
    content = person.generate(runAt="now")
    _, answer = person.call("POST", f"/api/content/{content['id']}/run-now")
    assert answer["data"]["dueAt"] == content["dueAt"]


def test_running_and_finished_generations_cannot_be_started_now(person: Person) -> None:
    running, completed, failed = (person.generate(runAt="now")["id"] for _ in range(3))
    assert all(claim(each) for each in (running, completed, failed))
    assert finish(completed)
    assert fail(failed)
    for content_id in (running, completed, failed, person.write()["id"]):
        status, answer = person.call("POST", f"/api/content/{content_id}/run-now")
        assert (status, answer["code"]) == (409, "generation_not_pending")
    stranger = Person.register(person.http)
    waiting = person.generate()["id"]
    assert stranger.call("POST", f"/api/content/{waiting}/run-now")[0] == 404


def test_the_position_counts_the_users_own_generations_ahead(person: Person) -> None:
    """By due time. Running, finished and deleted ones are not counted."""
    stranger = Person.register(person.http)
    stranger.generate(runAt="now")
    last, first, middle = (
        person.generate(runAt=iso(utcnow() + timedelta(minutes=minutes))) for minutes in (30, 10, 20)
    )
    assert (last["position"], first["position"], middle["position"]) == (0, 0, 1)
    running = person.generate(runAt="now")
    assert running["position"] == 0
    assert claim(running["id"])
    deleted = person.generate(runAt="now")
    person.call("DELETE", f"/api/content/{deleted['id']}")
    listed = person.call("GET", "/api/content")[1]["data"]["contents"]
    positions = {content["id"]: content["position"] for content in listed}
    assert positions == {first["id"]: 0, middle["id"]: 1, last["id"]: 2, running["id"]: None}
    assert person.content(last["id"])["position"] == 2
    assert person.call("POST", f"/api/content/{last['id']}/run-now")[1]["data"]["position"] == 0


def test_the_retry_reason_is_shown_while_it_waits(person: Person) -> None:
    content = person.generate(runAt="now")
    reasons = [person.content(content["id"])["retryReason"]]
    assert claim(content["id"])
    assert transitions.settle(content["id"], "worker", Later("AI service timeout", utcnow()))
    reasons.append(person.content(content["id"])["retryReason"])
    assert claim(content["id"], 2)
    reasons.append(person.content(content["id"])["retryReason"])
    assert reasons == [None, "AI service timeout", None]
    assert transitions.settle(content["id"], "worker", Done("All about bees.", model="fake"))
    assert person.content(content["id"])["model"] == "fake"


def test_a_job_lost_by_redis_still_starts_at_its_time(person: Person, app: Flask) -> None:
    """The sweep finds it by its start time."""
    content = person.generate(runAt=iso(utcnow() + timedelta(days=2)))
    stored = Content.objects(id=content["id"]).first()
    assert stored.wake_at == stored.due_at == datetime.fromisoformat(content["dueAt"])
    assert services_of(app).get(GenerationQueue).forgotten([job_of(content["id"])]) == []
