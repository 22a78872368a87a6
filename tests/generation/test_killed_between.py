"""Killed between a write and its consequences, for every transition and handler: each consequence happens once.

Everything runs in one process, with real MongoDB and Redis: an object dies, and a new one takes its place.
tests/faults/test_worker_dies_between.py does the same with real processes and SIGKILL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis

from app import worker_process
from app.clock import utcnow
from app.config import Settings
from app.content.document import COMPLETED, FAILED, Content
from app.content.new_content import NewContent
from app.errors import PermanentFailure, TransientFailure
from app.generation.attempt import Attempts
from app.generation.counters import Counters, read_totals
from app.generation.leases import Leases
from app.generation.streaming import LiveStreams
from app.generation.sweep import Sweep
from app.queueing.schedule import GenerationQueue
from app.realtime.event_log import stream_of
from app.realtime.live_text import LiveTexts
from app.redis_client import connect
from app.services import services_of
from app.usage.document import OPEN, UsageRow
from tests.attempts import claim
from tests.dying_worker import MOMENTS, arm
from tests.fake_provider import TEXT, FakeProvider

LONG_AGO = timedelta(minutes=5)


class Killed(BaseException):
    """Simulates SIGKILL: nothing in the product catches it."""


def die() -> None:
    raise Killed


@pytest.fixture
def redis(app: Flask) -> Iterator[Redis]:
    """An empty Redis and empty collections."""
    Content.objects.delete()
    UsageRow.objects.delete()
    redis = connect(services_of(app).get(Settings), 2.0)
    redis.flushdb()
    yield redis
    redis.flushdb()


class Process:
    """The state of a worker process. When it dies, its replacement knows nothing that it had in memory."""

    def __init__(self, redis: Redis, provider: FakeProvider, settings: Any) -> None:
        queue = GenerationQueue(redis, settings)
        self.relay = worker_process.relay_of(redis, queue, buffered=True)
        live = LiveStreams(LiveTexts(redis))
        self.leases = Leases(60)
        self.attempts = Attempts(provider, queue, self.relay, self.leases, settings, counters=Counters(), live=live)
        self.sweep = Sweep(queue, self.relay, Counters())

    def live(self, content_id: ObjectId) -> None:
        """Sweeps once and works twice. A doomed process dies in between."""
        self.look(content_id)
        self.work(content_id)
        self.work(content_id)

    def work(self, content_id: ObjectId) -> None:
        """Runs one attempt, if one is due, and all of its consequences."""
        make_due(content_id)
        content = Content.objects(id=content_id).first()
        self.attempts.run(str(content_id), content.attempt + 1)
        self.relay.acknowledge()

    def look(self, content_id: ObjectId) -> None:
        """Sweeps as if time had passed: leases have expired, and outbox entries were left behind."""
        grow_old(content_id)
        self.sweep.sweep()
        self.relay.carry_left_behind()
        self.relay.acknowledge()


def make_due(content_id: ObjectId) -> None:
    Content.objects(id=content_id, wake_at__exists=True).update(set__due_at=utcnow() - LONG_AGO)


def grow_old(content_id: ObjectId) -> None:
    """Moves `wake_at` and similar times into the past, so that the sweep finds the document."""
    past = utcnow() - LONG_AGO
    Content.objects(id=content_id, lease_owner__exists=True).update(set__lease_expires_at=past, set__wake_at=past)
    Content.objects(id=content_id, outbox_at__exists=True).update(set__outbox_at=past)


def requested() -> NewContent:
    content = NewContent.request(
        user_id=ObjectId(),
        title="Owls",
        content_type="social",
        prompt="Write about owls",
        due_at=utcnow() - LONG_AGO,
        max_attempts=3,
        request_id=None,
    )
    content.insert()
    return content


def answers_for(moment: str) -> list[Any]:
    again = [TransientFailure("AI service timeout - please try again")] if "retrying" in moment else []
    return [*again, PermanentFailure("Content blocked by safety filters") if "failed" in moment else TEXT]


def told(redis: Redis, content: NewContent) -> Counter[str]:
    """The number of events in the log, by name."""
    events: Any = redis.xrange(stream_of(content.user_id))
    assert all(orjson.loads(members[b"payload"])["jobId"] == content.job_id for _, members in events)
    return Counter(members[b"event"].decode().rpartition(":")[2] for _, members in events)


@pytest.mark.parametrize("moment", MOMENTS)
def test_each_consequence_happens_once(app: Flask, redis: Redis, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, provider = services_of(app).get(Settings), FakeProvider(*answers_for(moment))
    content = requested()
    if moment == "taken over":
        _leave_an_attempt_without_worker(content)
    with monkeypatch.context() as patching:
        arm(moment, die, patching.setattr)
        with pytest.raises(Killed):
            Process(redis, provider, settings).live(content.id)
    heir = Process(redis, provider, settings)
    for _ in range(6):
        heir.look(content.id)
        if Content.objects(id=content.id).first().generation_status not in {COMPLETED, FAILED}:
            heir.work(content.id)
    stored = Content._get_collection().find_one({"_id": content.id})
    final = FAILED if "failed" in moment else COMPLETED
    assert stored["generation_status"] == final
    assert "outbox" not in stored
    assert "outbox_at" not in stored
    events = told(redis, content)
    assert (events["started"], events[COMPLETED] + events[FAILED], events[final]) == (1, 1, 1)
    assert read_totals(redis).generations["social", final] == 1
    assert UsageRow.objects(outcome__ne=OPEN).count() == UsageRow.objects.count() >= len(provider.prompts)


def _leave_an_attempt_without_worker(content: NewContent) -> None:
    """Leaves a run like a worker that was killed while Gemini was writing."""
    assert claim(content.id, owner="the dead")
