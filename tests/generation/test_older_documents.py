"""Contents stored by the release before the outbox (migrations_notes/0008) keep working."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis

from app.clock import utcnow
from app.config import Settings
from app.content.document import Content
from app.generation import transitions
from app.generation.sweep import WORKER_DIED
from app.services import services_of
from tests.fake_provider import FakeProvider
from tests.generation.test_killed_between import Process
from tests.person import Person

NOW = utcnow().replace(microsecond=0)
BY_HAND = {
    "title": "Owls",
    "content_type": "social",
    "prompt": "Write about owls",
    "generated_text": "",
    "status": "draft",
    "created_at": NOW,
    "updated_at": NOW,
    "deleted": False,
    "attempt": 0,
    "tokens_used": 0,
}
RUN = {"request_id": "r", "max_attempts": 3, "due_at": NOW - timedelta(minutes=5)}
PENDING = {"generation_status": "pending", "wake_at": NOW - timedelta(minutes=5)}
RUNNING = {
    "generation_status": "processing",
    "attempt": 1,
    "started_at": NOW - timedelta(minutes=4),
    "lease_owner": "the dead",
    "lease_expires_at": NOW - timedelta(minutes=3),
    "wake_at": NOW - timedelta(minutes=3),
}
RETRYING = {
    "generation_status": "processing",
    "attempt": 1,
    "started_at": NOW - timedelta(minutes=4),
    "wake_at": NOW - timedelta(minutes=5),
    "ended_by": "somebody",
    "feedback": "It was empty.",
    "tokens_used": 12,
}
ENDED = {"attempt": 1, "started_at": NOW, "finished_at": NOW, "ended_by": "somebody", "tokens_used": 12}
FAILED = {**ENDED, "generation_status": "failed", "failure_reason": "Gemini API quota exceeded"}
COMPLETED = {**ENDED, "generation_status": "completed", "generated_text": "All about owls."}
CANCELLED = {"generation_status": "cancelled", "deleted": True, "deleted_at": NOW}


def stored(person: Person, **members: Any) -> ObjectId:
    run = {**RUN, "job_id": str(ObjectId())} if "generation_status" in members else {}
    document = {**BY_HAND, "user_id": ObjectId(person.user["id"]), **run, **members}
    inserted: ObjectId = Content._get_collection().insert_one(document).inserted_id
    return inserted


@pytest.fixture
def process(app: Flask) -> Process:
    settings = services_of(app).get(Settings)
    return Process(services_of(app).get(Redis), FakeProvider(), settings)


def status_of(content_id: ObjectId) -> tuple[str, int]:
    content = Content.objects(id=content_id).first()
    return content.generation_status, content.attempt


@pytest.mark.parametrize(("before", "attempts"), [(PENDING, 1), (RETRYING, 2), (RUNNING, 2)])
def test_older_unfinished_generations_complete(
    person: Person, process: Process, before: dict[str, Any], attempts: int
) -> None:
    """Waiting, waiting for another attempt, or running in a worker of the old release that was stopped."""
    content_id = stored(person, **before)
    process.sweep.sweep()
    process.work(content_id)
    assert status_of(content_id) == ("completed", attempts)


def test_an_older_generation_whose_worker_died_three_times_fails(person: Person, process: Process) -> None:
    content_id = stored(person, **RUNNING | {"attempt": 3})
    process.look(content_id)
    content = Content.objects(id=content_id).first()
    assert (content.generation_status, content.failure_reason) == ("failed", WORKER_DIED)


def test_older_finished_contents_are_unchanged(person: Person) -> None:
    for members in (COMPLETED, FAILED, {"generated_text": "By hand."}):
        shown = person.content(str(stored(person, **members)))
        assert shown["generationStatus"] == members.get("generation_status")
        assert shown["failureReason"] == members.get("failure_reason")
        assert shown["failureCode"] is None
        assert shown["generatedText"] == members.get("generated_text", "")


def test_older_failed_generations_can_be_retried(person: Person, process: Process) -> None:
    content_id = stored(person, **FAILED)
    assert transitions.requeue(content_id, 3)
    process.work(content_id)
    assert status_of(content_id) == ("completed", 1)


@pytest.mark.parametrize("before", [PENDING, RETRYING, RUNNING])
def test_older_unfinished_generations_can_be_cancelled(
    person: Person, process: Process, before: dict[str, Any]
) -> None:
    content_id = stored(person, **before)
    status, answer = person.call("POST", f"/api/content/{content_id}/cancel")
    assert (status, answer["data"]["generationStatus"]) == (200, "cancelled")
    process.look(content_id)
    process.work(content_id)
    assert status_of(content_id) == ("cancelled", before.get("attempt", 0))


@pytest.mark.parametrize("before", [COMPLETED, FAILED, {"generated_text": "By hand."}])
def test_older_finished_contents_can_be_regenerated(person: Person, process: Process, before: dict[str, Any]) -> None:
    """The text becomes a version, and the old job id keeps working."""
    content_id = stored(person, **before)
    old = person.content(str(content_id))
    status, answer = person.call("POST", f"/api/content/{content_id}/generate", {"runAt": "now"})
    assert status == 202, answer
    process.work(content_id)
    assert status_of(content_id) == ("completed", 1)
    sources = [each["source"] for each in Content.objects(id=content_id).first().versions]
    assert sources == (["edited", "generated"] if old["generatedText"] else ["generated"])
    if old["jobId"]:
        _, job = person.call("GET", f"/api/content/job/{old['jobId']}/status")
        assert job["data"]["status"] == before["generation_status"]


def test_older_waiting_generations_can_be_started_now(person: Person) -> None:
    content_id = stored(person, **PENDING)
    assert person.call("POST", f"/api/content/{content_id}/run-now")[0] == 200


def test_older_waiting_contents_can_be_deleted(person: Person) -> None:
    content_id = stored(person, **PENDING)
    assert person.call("DELETE", f"/api/content/{content_id}")[0] == 204
    assert status_of(content_id)[0] == "cancelled"


def test_older_deleted_contents_stay_deleted(person: Person) -> None:
    content_id = stored(person, **CANCELLED)
    assert person.call("GET", f"/api/content/{content_id}")[0] == 404


def test_a_document_of_a_later_release_is_read(person: Person) -> None:
    """The next release may add a field while processes of this one are still running."""
    content_id = stored(person, **COMPLETED, field_of_a_later_release={"a": 1})
    assert person.content(str(content_id))["generatedText"] == "All about owls."
    assert person.call("PUT", f"/api/content/{content_id}", {"title": "New"})[0] == 200


def test_the_prompt_has_the_original_request_despite_edits(person: Person, app: Flask) -> None:
    """Editing the title while the generation waits renames the text but does not change the request."""
    provider = FakeProvider()
    accepted = person.generate("Write about owls", title="Owls at night", contentType="social")
    assert person.call("PUT", f"/api/content/{accepted['id']}", {"title": "My owls"})[0] == 200
    worker = Process(services_of(app).get(Redis), provider, services_of(app).get(Settings))
    worker.work(ObjectId(accepted["id"]))
    (prompt,) = provider.prompts
    assert "Owls at night" in prompt.user
    assert "My owls" not in prompt.user
    assert person.content(accepted["id"])["title"] == "My owls"
