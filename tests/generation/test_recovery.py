"""The sweep, asked directly: what it finds, what it leaves alone, and that it reads through its index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from app.clock import utcnow
from app.content.document import Content
from app.generation.counters import Figures
from app.generation.leases import LEASE
from app.generation.sweep import WORKER_DIED, Recovery
from app.queueing.schedule import GenerationQueue
from app.realtime.events import EventEmitter
from app.redis_client import connect

SETTLED = {"status": "draft", "deleted": False, "generated_text": "", "attempt": 1}


@pytest.fixture
def queue(app: Flask) -> GenerationQueue:
    return GenerationQueue(connect(app.extensions["settings"], 2.0), app.extensions["settings"])


@pytest.fixture
def recovery(app: Flask, queue: GenerationQueue) -> Iterator[Recovery]:
    """A sweep over an empty collection and an empty Redis."""
    Content.objects.delete()
    redis = connect(app.extensions["settings"], 2.0)
    redis.flushdb()
    yield Recovery(queue, EventEmitter(app.extensions["settings"]), Figures())
    redis.flushdb()


def requested(due_in: float = 0.0, **changes: Any) -> Content:
    content = Content.request(
        user_id=ObjectId(),
        title="t",
        content_type="blog",
        prompt="p",
        due_at=utcnow() + timedelta(seconds=due_in),
        max_attempts=3,
        request_id=None,
    )
    for name, value in changes.items():
        setattr(content, name, value)
    stored: Content = content.save()
    return stored


def broken(attempt: int) -> Content:
    """A content whose worker died during its attempt number `attempt`, a lease ago."""
    content = requested(-60, attempt=attempt - 1)
    assert Content.claim(str(content.id), attempt, owner="the dead", lease=-LEASE)
    return content


def test_an_attempt_without_a_worker_is_tried_again(recovery: Recovery) -> None:
    """The broken attempt counts, and the next one is due at once."""
    content = broken(attempt=1)
    assert recovery.sweep() == 1
    content.reload()
    assert (content.generation_status, content.attempt, content.lease_owner) == ("processing", 1, None)
    assert Content.claim(str(content.id), 2, owner="the next", lease=LEASE)


def test_a_generation_that_keeps_killing_workers_fails(recovery: Recovery) -> None:
    """After the last attempt it ends, with that reason, instead of killing workers for ever."""
    content = broken(attempt=3)
    recovery.sweep()
    content.reload()
    assert (content.generation_status, content.failure_reason) == ("failed", WORKER_DIED)
    assert recovery.sweep() == 0


def test_what_redis_forgot_is_scheduled_at_its_due_time(recovery: Recovery, queue: GenerationQueue) -> None:
    """Long overdue, or due in a moment: scheduled again, once."""
    contents = [requested(-30), requested(3)]
    assert recovery.sweep() == 2
    assert queue.forgotten(contents) == []
    assert recovery.sweep() == 0


def test_what_is_scheduled_running_or_ended_is_left_alone(recovery: Recovery, queue: GenerationQueue) -> None:
    queue.must_schedule(requested(2))
    running = requested(-1)
    assert Content.claim(str(running.id), 1, owner="alive", lease=LEASE)
    ended = requested(-1)
    assert Content.claim(str(ended.id), 1, owner="done", lease=LEASE)
    assert Content.finish(ended.id, "done", "text", 1)
    deleted = requested(-30)
    assert Content.delete_for(str(deleted.user_id), str(deleted.id))
    assert recovery.sweep() == 0


@pytest.mark.usefixtures("recovery")
def test_two_sweeps_at_once_take_an_attempt_over_once() -> None:
    content = broken(attempt=1)
    seen_by_both = Content.overdue(utcnow(), None, 10)
    taken = [Content.take_expired(each, WORKER_DIED) for each in (*seen_by_both, *seen_by_both)]
    assert [each is not None for each in taken] == [True, False]
    assert seen_by_both[0].id == content.id


def test_the_sweep_goes_through_more_than_one_batch(recovery: Recovery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.generation.sweep.BATCH", 3)
    for _ in range(7):
        requested(-30)
    assert recovery.sweep() == 7


@pytest.mark.usefixtures("recovery")
def test_the_sweep_reads_through_its_index() -> None:
    """With 20,000 finished documents it looks at the two that are unfinished and at nothing else."""
    finished = {"user_id": ObjectId(), "generation_status": "completed", **SETTLED}
    collection = Content._get_collection()
    collection.insert_many([dict(finished) for _ in range(20_000)])
    contents = [requested(-30), requested(-20)]
    after = (contents[0].wake_at, contents[0].id)
    for cursor, expected in ((None, 2), (after, 1)):
        plan = Content.overdue_query(utcnow(), cursor, 500).explain()
        assert "'indexName': 'wake'" in str(plan["queryPlanner"]["winningPlan"])
        assert "'stage': 'SORT'" not in str(plan["queryPlanner"]["winningPlan"])
        assert plan["executionStats"]["nReturned"] == expected
        assert plan["executionStats"]["totalKeysExamined"] <= 3
        assert plan["executionStats"]["totalDocsExamined"] <= 2
