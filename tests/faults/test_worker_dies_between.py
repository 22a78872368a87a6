"""A worker is killed between a write and its consequences: another one carries out each of them once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from redis import Redis

from app.generation.counters import read_totals
from app.realtime.event_log import stream_of
from tests.dying_worker import MOMENTS
from tests.faults.conftest import Drill

Until = Callable[..., Any]
LEASE_IS_LOST = {"taken over"}
SHORT_ROUND = ("settled", "before acknowledging")


def told(redis: Redis, user_id: str, job_id: str) -> Counter[str]:
    """The number of a run's events in the log, by name."""
    events: Any = redis.xrange(stream_of(user_id))
    return Counter(
        members[b"event"].decode().rpartition(":")[2]
        for _, members in events
        if orjson.loads(members[b"payload"])["jobId"] == job_id
    )


def counted(redis: Redis) -> dict[str, int]:
    totals = read_totals(redis).generations
    return {outcome: sum(count for (_, each), count in totals.items() if each == outcome) for _, outcome in totals}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """All moments with `make soak`. test_killed_between.py always tests each of them, in one process."""
    metafunc.parametrize("moment", MOMENTS if metafunc.config.getoption("soak") else SHORT_ROUND)


def test_every_consequence_happens_once(drill: Drill, topic: str, until: Until, moment: str) -> None:
    """Whenever it is killed: one started event, one final event, one count, one row per call, an empty outbox."""
    fails = "failed" in moment
    answers = [{"status": 503}] if "retrying" in moment else []
    answers += [{"blocked": "prompt"}] if fails else []
    if moment in LEASE_IS_LOST:
        _leave_an_attempt_without_worker(drill, topic, until)
    drill.servers.standin.script(*answers, match=topic)
    redis = Redis.from_url(drill.system.environ["REDIS_URL"])
    before = counted(redis)
    person = drill.person()
    accepted = person.generate(topic, contentType="social")
    dying = drill.system.start_worker(["-m", "tests.dying_worker", *moment.split()], JOB_BACKOFF_SECONDS="0.2")
    until(lambda: not dying.child.running)
    drill.system.add_worker(JOB_BACKOFF_SECONDS="0.2")
    content = person.wait_for(accepted["id"])
    until(lambda: not drill.documents().count_documents({"outbox_at": {"$exists": True}}))
    final = "failed" if fails else "completed"
    assert content["generationStatus"] == final
    events = told(redis, content["userId"], content["jobId"])
    assert (events["started"], events[final], events["completed"] + events["failed"]) == (1, 1, 1)
    assert counted(redis)[final] - before[final] >= 1
    if moment not in LEASE_IS_LOST:
        assert counted(redis)[final] - before[final] == 1
    calls = drill.servers.standin.calls(topic)
    rows = list(drill.documents().database["usage"].find({"job_id": content["jobId"]}))
    assert len(rows) >= len([call for call in calls if call["title"] == content["title"]])
    assert not drill.documents().count_documents({"outbox": {"$exists": True}})


def _leave_an_attempt_without_worker(drill: Drill, topic: str, until: Until) -> None:
    """A generation whose worker was killed during the Gemini call. Its lease expires within 10 s."""
    marker = f"orphan-{topic[::-1]}"
    drill.servers.standin.script({"delayMs": 20_000}, match=marker)
    worker = drill.system.add_worker()
    drill.person().generate(marker, contentType="social")
    until(lambda: drill.servers.standin.calls(marker))
    worker.child.kill()
