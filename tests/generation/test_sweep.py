"""The sweep, called directly: what it finds, what it ignores, and that it uses its index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pymongo
import pytest
from bson import ObjectId
from flask import Flask
from pymongo.errors import AutoReconnect

from app.clock import utcnow
from app.config import Settings
from app.content.document import Content
from app.content.new_content import NewContent
from app.generation import backlog, transitions
from app.generation.backlog import overdue, overdue_query
from app.generation.counters import Counters
from app.generation.leases import LEASE
from app.generation.outcomes import Expired
from app.generation.sweep import WORKER_DIED, Sweep
from app.outbox_handlers import relay_of
from app.queueing.schedule import GenerationQueue
from app.redis_client import connect
from app.services import services_of
from tests.attempts import claim, finish
from tests.patience import PATIENCE_SECONDS

SETTLED = {"status": "draft", "deleted": False, "generated_text": "", "attempt": 1}


@pytest.fixture
def queue(app: Flask) -> GenerationQueue:
    settings = services_of(app).get(Settings)
    return GenerationQueue(connect(settings, 2.0), settings)


@pytest.fixture
def sweep(app: Flask, queue: GenerationQueue) -> Iterator[Sweep]:
    """A sweep over an empty collection and an empty Redis."""
    Content.objects.delete()
    redis = connect(services_of(app).get(Settings), 2.0)
    redis.flushdb()
    yield Sweep(queue, relay_of(redis, queue), Counters())
    redis.flushdb()


def requested(due_in: float = 0.0, **changes: Any) -> Content:
    content = NewContent.request(
        user_id=ObjectId(),
        title="t",
        content_type="blog",
        prompt="p",
        due_at=utcnow() + timedelta(seconds=due_in),
        max_attempts=3,
        request_id=None,
        **changes,
    )
    content.insert()
    stored: Content = Content.objects.get(id=content.id)
    return stored


def broken(attempt: int) -> Content:
    """A content whose worker died during attempt number `attempt`, one lease duration ago."""
    content = requested(-60, attempt=attempt - 1)
    assert claim(content.id, attempt, owner="the dead", lease=-LEASE)
    return content


def test_an_attempt_without_a_worker_is_retried(sweep: Sweep) -> None:
    """The interrupted attempt counts, and the next one is due at once."""
    content = broken(attempt=1)
    assert sweep.sweep() == 1
    content.reload()
    assert (content.generation_status, content.attempt, content.lease_owner) == ("processing", 1, None)
    assert claim(content.id, 2, owner="the next")


@pytest.mark.parametrize(
    ("seconds_since_outage", "taken_over"), [(LEASE.total_seconds() - 1, 0), (LEASE.total_seconds(), 1)]
)
def test_leases_that_expired_during_an_outage_are_extended(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch, seconds_since_outage: float, taken_over: int
) -> None:
    """Their workers could not renew them. If taken over at once, each text would be generated and paid for again."""
    broken(attempt=1)
    now = 1000.0
    monkeypatch.setattr("app.outage_grace.time", Mock(monotonic=lambda: now))
    with monkeypatch.context() as away:
        away.setattr(backlog, "overdue", Mock(side_effect=AutoReconnect("connection refused")))
        with pytest.raises(AutoReconnect):
            sweep.sweep()
    now += seconds_since_outage
    assert sweep.sweep() == taken_over


def test_a_generation_that_keeps_killing_workers_fails(sweep: Sweep) -> None:
    """It fails with that reason after the last attempt, instead of killing workers forever."""
    content = broken(attempt=3)
    sweep.sweep()
    content.reload()
    assert (content.generation_status, content.failure_reason) == ("failed", WORKER_DIED)
    assert sweep.sweep() == 0


def test_lost_jobs_are_rescheduled_at_their_due_time(sweep: Sweep, queue: GenerationQueue) -> None:
    """Each is scheduled again once, whether it is long overdue or due soon."""
    contents = [requested(-30), requested(4)]
    assert sweep.sweep() == 2
    assert queue.forgotten([backlog.next_attempt(each.to_mongo()) for each in contents]) == []
    assert sweep.sweep() == 0


def test_the_sweep_ignores_scheduled_running_and_finished_ones(sweep: Sweep, queue: GenerationQueue) -> None:
    queue.must_schedule(backlog.next_attempt(requested(2).to_mongo()))
    running = requested(-1)
    assert claim(running.id, owner="alive")
    ended = requested(-1)
    assert claim(ended.id, owner="done")
    assert finish(ended.id, "done")
    deleted = requested(-30)
    assert Content.trash(str(deleted.user_id), str(deleted.id), transitions.voided(utcnow()))
    assert sweep.sweep() == 0


@pytest.mark.usefixtures("sweep")
def test_concurrent_sweeps_take_over_an_attempt_once() -> None:
    content = broken(attempt=1)
    seen_by_both = overdue(utcnow(), None, 10)
    died = Expired("died", WORKER_DIED)
    taken = [transitions.settle(each.id, each.lease_owner or "", died) for each in (*seen_by_both, *seen_by_both)]
    assert [each is not None for each in taken] == [True, False]
    assert seen_by_both[0].id == content.id


def test_the_sweep_goes_through_more_than_one_batch(sweep: Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.generation.sweep.BATCH", 3)
    for _ in range(7):
        requested(-30)
    assert sweep.sweep() == 7


@pytest.mark.usefixtures("sweep")
def test_the_sweep_reads_through_its_index() -> None:
    """With 20,000 finished documents it looks at the two that are unfinished and at nothing else."""
    finished = {"user_id": ObjectId(), "generation_status": "completed", **SETTLED}
    collection = Content._get_collection()
    with pymongo.timeout(PATIENCE_SECONDS):
        collection.insert_many([dict(finished) for _ in range(20_000)])
    contents = [requested(-30), requested(-20)]
    after = (contents[0].wake_at, contents[0].id)
    for cursor, expected in ((None, 2), (after, 1)):
        plan = overdue_query(utcnow(), cursor, 500).explain()
        assert "'indexName': 'wake'" in str(plan["queryPlanner"]["winningPlan"])
        assert "'stage': 'SORT'" not in str(plan["queryPlanner"]["winningPlan"])
        assert plan["executionStats"]["nReturned"] == expected
        assert plan["executionStats"]["totalKeysExamined"] <= 3
        assert plan["executionStats"]["totalDocsExamined"] <= 2
