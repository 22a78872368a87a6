"""Regenerating a text in place: a new run, the old job's status, and no text lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.errors import AutoReconnect
from redis import Redis

from app.clock import utcnow
from app.config import Settings
from app.content import insertion, versions
from app.content.document import Content
from app.errors import PermanentFailure
from app.generation import transitions
from app.generation.backlog import next_attempt
from app.generation.new_run import NewRun
from app.generation.run_history import PastRun
from app.queueing.schedule import GenerationQueue
from app.realtime.event_log import stream_of
from app.services import services_of
from tests.attempts import claim, fail, finish
from tests.fake_provider import TEXT, FakeProvider
from tests.generation.test_killed_between import Process, make_due, redis
from tests.patience import until
from tests.person import Person

__all__ = ["redis"]
NEW_TEXT = "Another social post about owls: they hear a mouse under the snow, and they fly without a sound. #owls"


@pytest.fixture
def settings(app: Flask) -> Settings:
    return services_of(app).get(Settings)


def again(person: Person, content_id: str, **body: Any) -> tuple[int, Any]:
    return person.call("POST", f"/api/content/{content_id}/generate", body or None)


def written(person: Person, text: str = TEXT) -> dict[str, Any]:
    """A content with a generated text."""
    content = person.generate("Write about owls", title="Owls", contentType="social", runAt="now")
    assert claim(content["id"])
    assert finish(content["id"], text=text)
    return person.content(content["id"])


def texts_of(content_id: str) -> list[tuple[str, str]]:
    """The source and the text of each version, oldest first."""
    content = Content._get_collection().find_one({"_id": ObjectId(content_id)})
    rows = {each.id: each.text for each in versions.Version.objects(content_id=ObjectId(content_id))}
    return [(each["source"], rows[each["row"]]) for each in content.get("versions", ())]


def job(person: Person, job_id: str) -> dict[str, Any]:
    status, answer = person.call("GET", f"/api/content/job/{job_id}/status")
    assert status == 200
    data: dict[str, Any] = answer["data"]
    return data


def test_the_old_text_stays_until_the_new_one_is_complete(person: Person, redis: Redis, settings: Settings) -> None:
    before = written(person)
    status, answer = again(person, before["id"], runAt="now")
    assert (status, answer["message"], answer["data"]["expectedDelay"]) == (
        202, "Content generation queued successfully", 0,
    )  # fmt: skip
    accepted = answer["data"]
    assert (accepted["id"], accepted["generationStatus"], accepted["attempt"]) == (before["id"], "pending", 0)
    assert accepted["jobId"] != before["jobId"]
    assert accepted["generatedText"] == TEXT
    Process(redis, FakeProvider(NEW_TEXT), settings).work(ObjectId(before["id"]))
    after = person.content(before["id"])
    assert (after["generatedText"], after["jobId"]) == (NEW_TEXT, accepted["jobId"])
    assert texts_of(before["id"]) == [("generated", TEXT), ("generated", NEW_TEXT)]
    assert job(person, accepted["jobId"])["status"] == "completed"
    assert job(person, before["jobId"])["status"] == "completed"


def test_edited_and_handwritten_texts_are_kept_as_versions(person: Person, redis: Redis, settings: Settings) -> None:
    by_hand = person.write(contentType="social", generatedText="Owls, by hand.")
    edited = written(person)
    person.call("PUT", f"/api/content/{edited['id']}", {"generatedText": "Owls, edited."})
    for content in (by_hand, edited):
        assert again(person, content["id"], runAt="now")[0] == 202
        Process(redis, FakeProvider(NEW_TEXT), settings).work(ObjectId(content["id"]))
    assert texts_of(by_hand["id"]) == [("edited", "Owls, by hand."), ("generated", NEW_TEXT)]
    assert texts_of(edited["id"]) == [("generated", TEXT), ("edited", "Owls, edited."), ("generated", NEW_TEXT)]


def test_the_text_is_kept_if_the_new_run_fails_or_is_cancelled(
    person: Person, redis: Redis, settings: Settings
) -> None:
    failing, cancelled = written(person), written(person)
    for content in (failing, cancelled):
        again(person, content["id"], runAt="now")
    Process(redis, FakeProvider(PermanentFailure("Blocked")), settings).work(ObjectId(failing["id"]))
    person.call("POST", f"/api/content/{cancelled['id']}/cancel")
    for content, status in ((failing, "failed"), (cancelled, "cancelled")):
        after = person.content(content["id"])
        assert (after["generationStatus"], after["generatedText"]) == (status, TEXT)
        assert job(person, content["jobId"])["status"] == "completed"


def test_given_fields_update_the_content_and_the_request(person: Person, redis: Redis, settings: Settings) -> None:
    content, provider = written(person), FakeProvider(NEW_TEXT)
    given = {"title": "$title", "prompt": "$set: {}", "brief": {"tone": "dry"}, "instruction": "$Make it shorter"}
    status, answer = again(person, content["id"], **given, runAt="now")
    assert status == 202
    assert {name: answer["data"][name] for name in ("title", "prompt")} == {"title": "$title", "prompt": "$set: {}"}
    assert answer["data"]["revision"] == content["revision"] + 1
    Process(redis, provider, settings).work(ObjectId(content["id"]))
    (prompt,) = provider.prompts
    for words in ("$title", "$set: {}", "dry", "$Make it shorter"):
        assert words in prompt.user
    assert "$Make it shorter" not in prompt.system
    stored = Content.objects(id=content["id"]).first()
    assert stored.asked == {
        "title": "$title", "prompt": "$set: {}", "brief": {"tone": "dry"}, "instruction": "$Make it shorter",
    }  # fmt: skip


def test_an_instruction_applies_to_one_run(person: Person) -> None:
    """Fields that are not given do not change, and all fields are optional."""
    content = written(person)
    again(person, content["id"], instruction="Shorter", runAt="now")
    assert claim(content["id"])
    assert finish(content["id"])
    status, answer = again(person, content["id"])
    assert (status, answer["data"]["title"]) == (202, "Owls")
    assert answer["data"]["revision"] == person.content(content["id"])["revision"]
    assert Content.objects(id=content["id"]).first().asked == {"title": "Owls", "prompt": "Write about owls"}


def test_after_a_failure_the_new_run_starts_from_scratch(person: Person) -> None:
    content = person.generate(runAt="now")
    assert claim(content["id"])
    assert fail(content["id"])
    _, answer = again(person, content["id"])
    assert (answer["data"]["failureReason"], answer["data"]["failureCode"]) == (None, None)
    stored = Content.objects(id=content["id"]).first()
    assert (stored.started_at, stored.finished_at, stored.ended_by) == (None, None, None)
    assert job(person, content["jobId"]) == {
        "jobId": content["jobId"], "status": "failed", "failureReason": "Gemini API quota exceeded",
    }  # fmt: skip


def test_unfinished_generations_cannot_be_regenerated(person: Person) -> None:
    waiting, running = person.generate(), person.generate(runAt="now")
    assert claim(running["id"])
    for content in (waiting, running):
        status, answer = again(person, content["id"])
        assert (status, answer["code"]) == (409, "generation_in_progress")
        assert person.content(content["id"])["jobId"] == content["jobId"]


def test_other_users_and_deleted_contents_are_not_found(person: Person) -> None:
    content, stranger = written(person), Person.register(person.http)
    assert again(stranger, content["id"])[0] == 404
    again(person, content["id"])
    assert stranger.call("GET", f"/api/content/job/{content['jobId']}/status")[0] == 404
    person.call("DELETE", f"/api/content/{content['id']}")
    assert again(person, content["id"])[0] == 404
    assert person.call("GET", f"/api/content/job/{content['jobId']}/status")[0] == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [({"title": ""}, "title"), ({"instruction": "x" * 2001}, "instruction"), ({"contentType": "blog"}, "contentType"),
     ({"brief": {"words": 1}}, "brief.words"), ({"runAt": "soon"}, "runAt")],
)  # fmt: skip
def test_a_rejected_regeneration_changes_nothing(person: Person, body: dict[str, Any], field: str) -> None:
    content = written(person)
    status, answer = again(person, content["id"], **body)
    assert (status, [each["field"] for each in answer["errors"]]) == (422, [field])
    assert person.content(content["id"]) == content


def test_one_of_many_concurrent_regenerations_is_accepted(person: Person, new_client: Callable[[], Any]) -> None:
    content = written(person)

    def ask(_: int) -> int:
        answer = new_client().post(f"/api/content/{content['id']}/generate", json={}, headers=person.headers)
        return int(answer.status_code)

    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(pool.map(ask, range(10)))
    assert statuses == [202] + [409] * 9
    assert PastRun.objects(content_id=ObjectId(content["id"])).count() == 1


# --- undone requests


def test_undoing_a_run_restores_the_content(person: Person) -> None:
    """For example if too many generations wait because another request took the last place."""
    content = written(person)
    stored = Content._get_collection().find_one({"_id": ObjectId(content["id"])})
    _, answer = again(person, content["id"], title="New", instruction="Shorter", brief={"tone": "dry"})
    run = Content.objects(id=content["id"]).first()
    assert not transitions.retract(stored, {"job_id": run.job_id, "accepted_by": "another try of the same request"})
    assert transitions.retract(stored, {"job_id": answer["data"]["jobId"], "accepted_by": run.accepted_by})
    after = Content._get_collection().find_one({"_id": ObjectId(content["id"])})
    differing = {name for name in {*stored, *after} if stored.get(name) != after.get(name)}
    assert differing <= {"revision", "outbox", "outbox_at"}
    assert not transitions.retract(stored, {"job_id": run.job_id, "accepted_by": run.accepted_by})


def test_a_request_answered_with_503_is_undone(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """MongoDB executed the write, but its response was lost."""
    content, begin = written(person), transitions.again

    def unanswered(*args: Any) -> Any:
        assert begin(*args)
        raise AutoReconnect("connection closed")

    monkeypatch.setattr(transitions, "again", unanswered)
    monkeypatch.setattr(insertion, "PAUSE_SECONDS", 0.01)
    assert again(person, content["id"])[0] == 503
    until(lambda: insertion.THREAD_NAME not in {thread.name for thread in threading.enumerate()})
    assert person.content(content["id"]) == content


# --- crashes between the write and its consequences


def test_the_sweep_schedules_a_run_whose_web_process_died_after_the_write(
    person: Person, redis: Redis, settings: Settings, app: Flask
) -> None:
    """It also sends the event that the content has changed, once."""
    content = written(person)
    run = {"job_id": str(ObjectId()), "accepted_by": "a", "due_at": utcnow(), "updated_at": utcnow(), "max_attempts": 3}
    new = NewRun(person.user["id"], ObjectId(content["id"]), run, {"title": "New"})
    new.begin()
    process = Process(redis, FakeProvider(NEW_TEXT), settings)
    make_due(ObjectId(content["id"]))
    for _ in range(2):
        process.look(ObjectId(content["id"]))
    assert services_of(app).get(GenerationQueue).forgotten([next_attempt(new.content)]) == []
    events: Any = redis.xrange(stream_of(person.user["id"]))
    assert [members[b"event"] for _, members in events].count(b"content:changed") == 1
    process.work(ObjectId(content["id"]))
    assert person.content(content["id"])["generatedText"] == NEW_TEXT


# --- provisional titles


def test_a_provisional_title_becomes_the_texts_heading(person: Person, redis: Redis, settings: Settings) -> None:
    heading = "# *Owls* at [night](https://example.com)\n\n"
    provisional = [
        person.generate("Owls", title="Untitled", contentType="social", autoTitle=True, runAt="now") for _ in range(3)
    ]
    person.call("PUT", f"/api/content/{provisional[1]['id']}", {"title": "Mine"})
    plain = person.generate("Owls", title="Untitled", contentType="social", autoTitle=False, runAt="now")
    texts = [heading + TEXT, heading + TEXT, TEXT, heading + TEXT]
    for content, text in zip([*provisional, plain], texts, strict=True):
        make_due(ObjectId(content["id"]))
        Process(redis, FakeProvider(text), settings).work(ObjectId(content["id"]))
    titles = [person.content(content["id"])["title"] for content in [*provisional, plain]]
    assert titles == ["Owls at night", "Mine", "Untitled", "Untitled"]
