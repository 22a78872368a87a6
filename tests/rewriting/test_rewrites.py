"""Rewriting a passage over HTTP and with a worker's parts: requested, completed, accepted once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import orjson
import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis
from werkzeug.test import Client

from app import worker_process
from app.clock import utcnow
from app.config import Settings
from app.content.document import Content
from app.content.versions import Version
from app.errors import PermanentFailure, TransientFailure
from app.generation.counters import Counters
from app.generation.streaming import LiveStreams
from app.queueing.schedule import DelaySchedule, GenerationQueue
from app.realtime.event_log import stream_of
from app.realtime.live_text import LiveTexts
from app.rewriting.document import Rewrite
from app.rewriting.runs import RewriteRuns
from app.services import services_of
from app.usage.document import UsageRow
from tests.fake_provider import FakeProvider
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import Answer, Http, Person

TEXT = "👩‍👩‍👧 Bees dance.\n\n- Bees sing.\n- See [this](https://a.example/x).\n"
KEYS = {
    "id", "status", "start", "end", "quote", "action", "replacement", "failureReason", "accepted", "createdAt",
}  # fmt: skip


@pytest.fixture
def redis(app: Flask) -> Iterator[Redis]:
    redis = services_of(app).get(Redis)
    redis.flushdb()
    yield redis
    redis.flushdb()


class Desk:
    """A text, and a worker with scripted rewrites."""

    def __init__(self, app: Flask, redis: Redis, person: Person) -> None:
        self._settings = services_of(app).get(Settings)
        self.redis, self.person = redis, person
        self.content = person.write(generatedText=TEXT)
        self.path = f"/api/content/{self.content['id']}"

    def ask(self, words: str = "sing", **changes: Any) -> Answer:
        start = TEXT.index(words)
        body = {"start": start, "end": start + len(words), "quote": words, "action": "expand"} | changes
        return self.person.call("POST", f"{self.path}/rewrites", body)

    def asked(self, quote: str = "sing", **changes: Any) -> str:
        return str(data_of(self.ask(quote, **changes), 202, "Rewrite queued successfully")["id"])

    def work(self, rewrite_id: str, *answers: Any) -> FakeProvider:
        """Runs one attempt, after taking over the lease of a doomed worker."""
        provider = FakeProvider(*answers)
        queue = GenerationQueue(self.redis, self._settings)
        relay = worker_process.rewrite_relay_of(self.redis, queue)
        live = LiveStreams(LiveTexts(self.redis))
        runs = RewriteRuns(provider, queue, relay, self._settings, counters=Counters(), live=live)
        runs.sweep.sweep()
        Rewrite.objects(id=rewrite_id, wake_at__exists=True).update(set__due_at=utcnow() - timedelta(seconds=1))
        runs.attempts.run(rewrite_id, Rewrite.objects(id=rewrite_id).first().attempt + 1)
        return provider

    def rewritten(self, quote: str, answer: str, **changes: Any) -> str:
        rewrite_id = self.asked(quote, **changes)
        self.work(rewrite_id, answer)
        return rewrite_id

    def get(self, rewrite_id: str) -> dict[str, Any]:
        answer = self.person.call("GET", f"{self.path}/rewrites/{rewrite_id}")
        return dict(data_of(answer, 200, "Rewrite retrieved successfully"))

    def accept(self, rewrite_id: str, **moved: int) -> Answer:
        return self.person.call("POST", f"{self.path}/rewrites/{rewrite_id}/accept", moved or None)

    @property
    def text(self) -> str:
        return str(self.person.content(self.content["id"])["generatedText"])

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        found: Any = self.redis.xrange(stream_of(self.person.user["id"]))
        return [(members[b"event"].decode(), orjson.loads(members[b"payload"])) for _, members in found]


@pytest.fixture
def desk(app: Flask, redis: Redis, person: Person) -> Desk:
    return Desk(app, redis, person)


def test_a_passage_is_rewritten_and_accepted(desk: Desk) -> None:
    """It is due at once. The text does not change until it is accepted, and never outside the passage."""
    queued = data_of(desk.ask("sing"), 202, "Rewrite queued successfully")
    assert set(queued) == KEYS
    assert (queued["status"], queued["replacement"], queued["accepted"]) == ("pending", None, False)
    scheduled: Any = desk.redis.zrange(DelaySchedule.scheduled_jobs_key, 0, -1, withscores=True)
    assert [due <= utcnow().timestamp() for _, due in scheduled] == [True]
    desk.work(queued["id"], "sing a song\nof their own")
    done = desk.get(queued["id"])
    assert (done["status"], done["replacement"]) == ("completed", "sing a song of their own")
    assert desk.text == TEXT
    content = data_of(desk.accept(queued["id"]), 200, "Rewrite accepted")
    assert content["generatedText"] == desk.text == TEXT.replace("sing", "sing a song of their own")
    assert (content["revision"], content["version"]) == (2, 2)
    assert desk.get(queued["id"])["accepted"] is True
    versions = data_of(desk.person.call("GET", f"{desk.path}/versions"), 200, None)["versions"]
    assert [each["source"] for each in versions] == ["rewritten", "edited"]
    assert (versions[0]["usage"]["calls"], versions[0]["model"]) == (1, "fake")
    version = data_of(desk.person.call("GET", f"{desk.path}/versions/2"), 200, None)
    assert version["asked"]["instruction"] == "expand"


def test_the_user_receives_an_event(desk: Desk) -> None:
    done, failed = desk.rewritten("sing", "hum"), desk.asked("dance")
    desk.work(failed, PermanentFailure("Content blocked by safety filters"))
    (name, completed), (other, refused) = [each for each in desk.events() if "rewrite" in each[0]]
    assert (name, other) == ("content:rewrite:completed", "content:rewrite:failed")
    assert (completed["contentId"], completed["rewriteId"]) == (desk.content["id"], done)
    assert (refused["rewriteId"], refused["failureReason"]) == (failed, "Content blocked by safety filters")
    assert "hum" not in str(completed), "the log contains no texts"
    assert error_of(desk.accept(failed), 409)["code"] == "rewrite_not_ready"
    assert desk.get(failed)["failureReason"] == "Content blocked by safety filters"


def test_accepting_twice_has_the_effect_of_once(desk: Desk) -> None:
    """Even concurrently, and even if the passage is the beginning of its replacement."""
    rewrite_id = desk.rewritten("Bees", "Bees, and Bees", action="expand")
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda _: desk.accept(rewrite_id)[0], range(6)))
    assert statuses == [200] * 6
    assert desk.text == TEXT.replace("Bees", "Bees, and Bees", 1)
    assert desk.person.call("PUT", desk.path, {"generatedText": TEXT})[0] == 200
    assert desk.accept(rewrite_id)[0] == 200
    assert desk.text == TEXT, "later edits are kept"


def test_a_passage_that_has_moved_is_not_replaced(desk: Desk) -> None:
    rewrite_id = desk.rewritten("sing", "hum")
    assert desk.person.call("PUT", desk.path, {"generatedText": "More. " + TEXT})[0] == 200
    assert error_of(desk.accept(rewrite_id), 409)["code"] == "text_changed"
    assert desk.text == "More. " + TEXT


def test_accepting_takes_the_current_position_of_the_passage(desk: Desk) -> None:
    """The text at that position must be the passage, in a block of the same type."""
    rewrite_id = desk.rewritten("- Bees sing.", "- Bees hum.")
    moved = "🍯 sing. " + TEXT
    start = moved.index("- Bees sing.")
    assert desk.person.call("PUT", desk.path, {"generatedText": moved})[0] == 200
    for elsewhere in (start - 1, moved.index("sing"), len(moved)):
        assert error_of(desk.accept(rewrite_id, start=elsewhere), 409)["code"] == "text_changed"
    assert bad_fields(desk.accept(rewrite_id, start=-1)) == ["start"]
    assert desk.text == moved
    assert desk.accept(rewrite_id, start=start)[0] == 200
    assert desk.text == moved.replace("- Bees sing.", "- Bees hum.")


def test_replacements_that_change_the_block_type_are_rejected(desk: Desk) -> None:
    """The passage has moved to the beginning of a line, where its replacement would turn it into a list."""
    rewrite_id = desk.rewritten("dance", "1. waltz, 2. tango")
    moved = TEXT.replace("Bees dance", "Bees\n\ndance")
    assert desk.person.call("PUT", desk.path, {"generatedText": moved})[0] == 200
    assert error_of(desk.accept(rewrite_id, start=moved.index("dance")), 409)["code"] == "text_changed"
    assert desk.text == moved


def test_a_rewrite_of_a_trashed_text_does_not_run(desk: Desk) -> None:
    """The model is not called and no event is sent. Once restored, the rewrite can be requested again."""
    rewrite_id = desk.asked("sing")
    assert desk.person.call("DELETE", desk.path)[0] == 204
    Rewrite.objects(id=rewrite_id).update(set__due_at=utcnow() - timedelta(seconds=1))
    assert desk.work(rewrite_id, "hum").prompts == []
    assert not any("rewrite" in name for name, _ in desk.events())
    assert desk.person.call("POST", f"{desk.path}/untrash")[0] == 200
    shown = desk.get(rewrite_id)
    assert (shown["status"], shown["failureReason"]) == ("failed", "The text was moved to the trash")
    desk.accept(desk.rewritten("sing", "hum"))
    assert desk.text == TEXT.replace("sing", "hum")


def test_edits_elsewhere_are_not_overwritten(desk: Desk, new_client: Callable[[], Client]) -> None:
    rewrite_id = desk.rewritten("dance", "waltz")
    changed = TEXT.replace("sing", "hum")
    assert desk.person.call("PUT", desk.path, {"generatedText": changed})[0] == 200
    url, headers = f"{desk.path}/rewrites/{rewrite_id}/accept", desk.person.headers
    refused = new_client().post(url, headers=headers | {"If-Match": '"1"'})
    assert (refused.status_code, refused.get_json()["currentRevision"]) == (412, 2)
    accepted = new_client().post(url, headers=headers | {"If-Match": '"2"'})
    assert (accepted.status_code, accepted.headers["ETag"]) == (200, '"3"')
    assert new_client().post(url, headers=headers | {"If-Match": '"2"'}).status_code == 200, (
        "the replacement was accepted"
    )
    assert desk.text == changed.replace("dance", "waltz")


@pytest.mark.parametrize(
    "changes",
    [{"start": 1}, {"end": 15}, {"quote": "sung"}, {"start": 10**6, "end": 10**6 + 4}, {"start": 15, "end": 11}],
    ids=str,
)
def test_a_quote_that_does_not_match_the_text_is_rejected(desk: Desk, changes: dict[str, Any]) -> None:
    assert error_of(desk.ask("sing", **changes), 409)["code"] == "text_changed"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"action": "praise"}, ["action"]),
        ({"start": -1}, ["start"]),
        ({"start": "0"}, ["start"]),
        ({"end": True}, ["end"]),
        ({"quote": " \n"}, ["quote"]),
        ({"quote": "x" * 20_001}, ["quote"]),
        ({"action": "tone"}, ["tone"]),
        ({"action": "translate"}, ["language"]),
        ({"action": "translate", "language": "klingonese?"}, ["language"]),
        ({"action": "custom"}, ["instruction"]),
        ({"instruction": "x" * 1_001}, ["instruction"]),
        ({"more": 1}, ["more"]),
    ],
)
def test_an_invalid_request_names_its_fields(desk: Desk, changes: dict[str, Any], fields: list[str]) -> None:
    assert bad_fields(desk.ask("sing", **changes)) == fields


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"action": "shorten"}, "shorter"),
        ({"action": "tone", "tone": "solemn"}, "Change its tone"),
        ({"action": "translate", "language": "de"}, "tag de (BCP 47)"),
        ({"action": "custom", "instruction": "As a question"}, "<instruction-"),
    ],
)
def test_the_model_gets_the_text_as_data(desk: Desk, given: dict[str, Any], expected: str) -> None:
    (prompt,) = desk.work(desk.asked("Bees sing", **given), "Bees hum").prompts
    assert expected in prompt.system
    assert ">Bees sing</passage-" in prompt.user
    assert "👩‍👩‍👧 Bees dance.\n\n- </before-" in prompt.user
    assert all(str(words) in prompt.user for name, words in given.items() if name in {"tone", "instruction"})
    assert "Bees sing" not in prompt.system


def test_an_answer_that_loses_a_link_is_retried(desk: Desk) -> None:
    rewrite_id = desk.asked("See [this](https://a.example/x)")
    desk.work(rewrite_id, "See this")
    assert desk.get(rewrite_id)["status"] == "processing"
    (prompt,) = desk.work(rewrite_id, "Look at [this](https://a.example/x)").prompts
    assert "keep https://a.example/x" in prompt.system
    assert desk.get(rewrite_id)["replacement"] == "Look at [this](https://a.example/x)"
    assert [row.outcome for row in UsageRow.objects(content_id=desk.content["id"]).order_by("at")] == ["later", "done"]


def test_a_rewrite_whose_worker_died_is_retried(desk: Desk) -> None:
    """Or whose job Redis has lost: the sweep finds it in MongoDB."""
    rewrite_id = desk.asked("sing")
    past = utcnow() - timedelta(minutes=1)
    dead = {"generation_status": "processing", "attempt": 1, "started_at": past, "lease_owner": "the dead"}
    Rewrite._get_collection().update_one(
        {"_id": ObjectId(rewrite_id)}, {"$set": dead | {"lease_expires_at": past, "wake_at": past}}
    )
    desk.work(rewrite_id, "hum")
    assert desk.get(rewrite_id)["replacement"] == "hum"


def test_a_rewrite_fails_if_no_attempt_succeeds(desk: Desk) -> None:
    rewrite_id = desk.asked("sing")
    for _ in range(3):
        desk.work(rewrite_id, TransientFailure("AI service timeout - please try again"))
    shown = desk.get(rewrite_id)
    assert (shown["status"], shown["failureReason"]) == ("failed", "AI service timeout - please try again")


def test_rewrites_are_only_accessible_to_their_owner(desk: Desk, http: Http) -> None:
    rewrite_id = desk.rewritten("sing", "hum")
    stranger = Person.register(http)
    theirs = f"/api/content/{stranger.write()['id']}"
    for path in (desk.path, theirs):
        for method, rest in (("GET", ""), ("POST", "/accept")):
            error_of(stranger.call(method, f"{path}/rewrites/{rewrite_id}{rest}"), 404)
    for absent in ("x", str(ObjectId())):
        assert (
            error_of(desk.person.call("GET", f"{desk.path}/rewrites/{absent}"), 404)["message"] == "Rewrite not found"
        )
    assert desk.person.call("DELETE", desk.path)[0] == 204
    error_of(desk.accept(rewrite_id), 404)


def test_a_text_that_is_being_generated_cannot_be_rewritten(desk: Desk) -> None:
    rewrite_id = desk.rewritten("sing", "hum")
    Content.objects(id=desk.content["id"]).update(set__generation_status="pending")
    for answer in (desk.ask("sing"), desk.accept(rewrite_id)):
        assert error_of(answer, 409)["code"] == "generation_in_progress"


def test_the_version_of_a_rewrite_has_its_source_and_request(desk: Desk) -> None:
    rewrite_id = desk.rewritten("sing", "hum", action="tone", tone="calm")
    desk.accept(rewrite_id)
    row = Version.objects(id=rewrite_id).first()
    assert (row.source, row.asked["instruction"]) == ("rewritten", "tone: calm")
