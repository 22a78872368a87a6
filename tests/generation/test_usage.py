"""One usage row for each model call, and none without a call."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from redis import Redis

from app.config import Settings
from app.content.document import Content
from app.generation import backlog
from app.generation.leases import Leases
from app.services import services_of
from app.usage.document import UsageRow
from app.worker_process import WorkerProcess
from tests.attempts import claim
from tests.fake_provider import FakeProvider
from tests.generation.test_killed_between import Process, redis, requested

__all__ = ["redis"]


@pytest.fixture
def settings(app: Flask) -> Settings:
    return services_of(app).get(Settings)


def test_a_call_is_counted_with_its_tokens(redis: Redis, settings: Settings) -> None:
    content = requested()
    Process(redis, FakeProvider(), settings).work(content.id)
    (row,) = UsageRow.objects(content_id=content.id)
    assert (row.outcome, row.model, row.attempt, row.estimated) == ("done", "fake", 1, False)
    assert (row.input_tokens, row.output_tokens > 0) == (10, True)


def test_a_call_that_was_not_made_has_no_row(redis: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease expired between the row and the call, as in a process that was frozen there."""
    monkeypatch.setattr(Leases, "lasts", lambda _leases, _owner: False)
    content, provider = requested(), FakeProvider()
    Process(redis, provider, settings).work(content.id)
    assert provider.prompts == []
    assert UsageRow.objects(content_id=content.id).count() == 0


@pytest.mark.usefixtures("redis")
def test_the_usage_row_of_a_call_that_a_stopping_worker_abandons_is_closed(settings: Settings) -> None:
    """Its tokens remain an estimate, because the end of the call is not awaited."""
    content = requested()
    process = WorkerProcess(settings, FakeProvider())
    with process._leases.held(str(content.id)) as lease:
        assert claim(content.id, owner=lease.owner)
        UsageRow(id=lease.owner, user_id=content.user_id, content_id=content.id, content_type="social", attempt=1,
                 model="fake", input_tokens=5, estimated=True).save()  # fmt: skip
        process._release()
    row = UsageRow.objects(id=lease.owner).first()
    assert (row.outcome, row.estimated, row.input_tokens) == ("lost", True, 5)


def test_a_text_is_checked_against_its_request(redis: Redis, settings: Settings) -> None:
    """A placeholder in the request may occur in the text, even if the request was edited in the meantime."""
    blank = "[phone number]"
    content = requested()
    asked = {"title": "Owls", "prompt": f"Write about owls, and leave {blank} as it is"}
    Content.objects(id=content.id).update(set__asked=asked, set__prompt="Something else")
    text = f"Owls hunt at night and turn their heads a long way round. Call us on {blank} to meet one. #owls"
    Process(redis, FakeProvider(text), settings).work(content.id)
    assert Content.objects(id=content.id).first().generation_status == "completed"


@pytest.mark.usefixtures("redis")
def test_parked_entries_are_counted_with_an_index() -> None:
    """Any number of finished documents adds no cost."""
    contents: Any = Content._get_collection()
    contents.insert_many([{"generation_status": "completed", "deleted": False} for _ in range(2_000)])
    content = requested()
    contents.update_one({"_id": content.id}, {"$set": {"outbox": [{"id": "a", "parked": True}]}})
    assert backlog.given_up() == 1
    plan = contents.find({"outbox.parked": True}).explain()
    assert plan["executionStats"]["totalDocsExamined"] <= 1
