"""Jobs planted in Redis by an attacker: none is executed, and the workers continue.

A real RQ worker and the real scheduler loop run in threads. Only the code that runs attempts is replaced by a list of
calls.
"""

from __future__ import annotations

import contextvars
import json
import pickle
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import rq.job
import rq.utils
from redis import Redis
from rq.exceptions import NoSuchJobError

from app.clock import utcnow
from app.queueing.fair_queue import FairQueue
from app.queueing.job_message import FUNCTION, JobMessage
from app.queueing.jobs import current_attempts
from app.queueing.schedule import QUEUE_NAME, DelaySchedule, JsonJob
from app.queueing.scheduler import SchedulerLoop
from app.queueing.thread_worker import AttemptJob, ThreadWorker
from tests.patience import PATIENCE_SECONDS

Until = Callable[..., Any]
CONTENT_ID = "5f43a7d4e13823a0b0a0b0a0"
SCHEDULE = DelaySchedule.scheduled_jobs_key


class Attempts(list[tuple[str, int]]):
    """Replaces app.generation.attempt, and records the calls."""

    def run(self, content_id: str, number: int) -> None:
        self.append((content_id, number))


@pytest.fixture
def redis(empty_redis: Redis) -> Redis:
    return empty_redis


@pytest.fixture
def attempts(redis: Redis) -> Iterator[Attempts]:
    """The calls made by a worker and a scheduler that run during the test."""
    noted, stopping = Attempts(), threading.Event()
    worker = ThreadWorker(redis, "worker-of-this-test", stopping)

    def serve() -> None:
        current_attempts.set(noted)
        worker.serve()

    threads = [
        threading.Thread(target=contextvars.Context().run, args=(each,))
        for each in (serve, SchedulerLoop(redis, stopping).run)
    ]
    for thread in threads:
        thread.start()
    yield noted
    stopping.set()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that is created if the module `planted` is imported, or anything in it is called."""
    file = tmp_path / "canary"
    touch = f"import pathlib\npathlib.Path({str(file)!r}).touch()\n"
    (tmp_path / "planted.py").write_text(f"{touch}def called(*_, **__):\n    pathlib.Path({str(file)!r}).touch()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield file
    assert not file.exists()


def planted(job_call: Any, **fields: Any) -> dict[str, Any]:
    """The fields of a job that RQ would execute."""
    data = job_call if isinstance(job_call, bytes) else json.dumps(job_call).encode()
    ours = {
        "data": zlib.compress(data),
        "origin": QUEUE_NAME,
        "timeout": 60,
        "status": "queued",
        "created_at": "2026-01-01T00:00:00.000000Z",
    }
    return ours | fields


class Pickled:
    """Creates the file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


def jobs_of_somebody(canary: Path) -> dict[str, dict[str, Any]]:
    """Jobs that would create the canary, each in a different way."""
    ours = [FUNCTION, None, [CONTENT_ID, 1], {}]
    shell = f"touch {canary}"
    return {
        "system": planted(["os.system", None, [shell], {}]),
        "subprocess": planted(["subprocess.check_call", None, [["touch", str(canary)]], {}]),
        "eval": planted(["builtins.eval", None, [f"open({str(canary)!r}, 'w')"], {}]),
        "import": planted(["planted.called", None, [], {}]),
        "deep-import": planted(["planted.called.deeper", None, [], {}]),
        "instance": planted(["called", "planted", [], {}]),
        "keywords": planted(["planted.called", None, [], {"a": 1}]),
        "pickle": planted(pickle.dumps(("planted.called", None, (Pickled(canary),), {}))),
        "pickled-meta": planted(ours, meta=pickle.dumps(Pickled(canary))),
        "pickled-result": planted(ours, result=pickle.dumps(Pickled(canary))),
        "on-success": planted(ours, success_callback_name="planted.called"),
        "on-failure": planted(
            [FUNCTION, None, ["not an id", 1], {}], failure_callback_name="planted.called", retries_left=3
        ),
        "on-stopped": planted(ours, stopped_callback_name="planted.called"),
        "webhook": planted(ours, webhooks='[{"url": "http://127.0.0.1:9/", "statuses": ["finished"]}]'),
        "dependency": planted(ours, dependency_ids='["import"]'),
        "odd-attempt": planted([FUNCTION, None, [CONTENT_ID, {"$gt": 0}], {}]),
        "odd-meta": planted(ours, meta='{"event": "forged", "job_id": ["x"]}'),
        "odd-queue": planted(ours, meta='{"queue_class_name": "planted.called"}'),
        "no-data": {"status": "queued"},
        "large": planted(ours, description="x" * 5_000_000),
        "many-fields": planted(ours, **{f"field-{number}": 1 for number in range(5_000)}),
        "bomb": planted(b" " * 50_000_000),
    }


STRANGE_MEMBERS = [b"\xff\xfe", b"", b"a:b", b"../../etc", b"\x1b[2J", b"lost", b"x" * 10_000, b"{'a': 1}"]


def plant(redis: Redis, canary: Path, *, queued: bool) -> list[str]:
    """Puts all of them into the schedule or the queue. Returns the ids of the jobs that have data."""
    jobs = jobs_of_somebody(canary)
    for job_id, fields in jobs.items():
        redis.hset(JsonJob.key_for(job_id), mapping=fields)
    redis.set(JsonJob.key_for("no-hash"), "text")
    members = [*(name.encode() for name in (*jobs, "no-hash")), *STRANGE_MEMBERS]
    key = FairQueue(QUEUE_NAME, connection=redis).key if queued else SCHEDULE
    redis.zadd(key, dict.fromkeys(members, 0))
    return [*jobs, "no-hash"]


@pytest.mark.parametrize("queued", [True, False], ids=["in the queue", "on the schedule"])
def test_no_planted_job_is_executed(redis: Redis, attempts: Attempts, canary: Path, until: Until, queued: bool) -> None:
    """Each is dropped once with its data, and a real job behind them is executed."""
    ids = plant(redis, canary, queued=queued)
    DelaySchedule(redis).add("owner_ours_1", JobMessage(CONTENT_ID, 2, 60, {}), utcnow())
    until(lambda: (CONTENT_ID, 2) in attempts and redis.zcard(SCHEDULE) == 0)
    until(lambda: FairQueue(QUEUE_NAME, connection=redis).count == 0)
    until(lambda: not any(redis.exists(JsonJob.key_for(job_id)) for job_id in ids))
    assert attempts == [(CONTENT_ID, 2)]


def test_no_planted_job_is_taken_after_a_real_one(redis: Redis, canary: Path) -> None:
    """A worker takes its next job directly after a finished one through another code path."""
    ids = plant(redis, canary, queued=True)
    schedule, queue = DelaySchedule(redis), FairQueue(QUEUE_NAME, connection=redis)
    schedule.add("owner_ours_1", JobMessage(CONTENT_ID, 2, 60, {"job_id": "j"}), utcnow())
    schedule.hand_over(["owner_ours_1"])
    redis.zadd(queue.key, {"owner_ours_1": 7})
    taken = []
    while queue.count:
        try:
            taken.append(AttemptJob.take(queue))
        except NoSuchJobError:
            continue
    (job,) = taken
    assert job is not None
    assert (job.id, job.args, job.meta) == ("owner_ours_1", [CONTENT_ID, 2], {"job_id": "j"})
    assert AttemptJob.take(queue) is None
    assert float(cast("bytes", redis.get(queue.served_key(queue.key)))) == 7
    assert not any(redis.exists(JsonJob.key_for(job_id)) for job_id in ids)


@pytest.mark.parametrize("registry", ["wip", "failed", "finished", "deferred", "ready", "scheduled", "canceled"])
def test_rqs_maintenance_runs_no_planted_jobs(redis: Redis, canary: Path, registry: str) -> None:
    """RQ's maintenance would process abandoned jobs with callbacks, and jobs that wait for others."""
    jobs = jobs_of_somebody(canary)
    for job_id, fields in jobs.items():
        redis.hset(JsonJob.key_for(job_id), mapping=fields | {"status": "started"})
        redis.zadd(f"rq:{registry}:{QUEUE_NAME}", {f"{job_id}:an-execution": 1, "\x00": 1, b"\xff": 1})
    redis.sadd(f"rq:workers:{QUEUE_NAME}", b"\xff", "rq:worker:gone")
    redis.lpush(f"rq:intermediate:{QUEUE_NAME}", *jobs)
    redis.sadd("rq:rate-limits", *jobs)
    worker = ThreadWorker(redis, "worker-of-this-test", threading.Event())
    worker.run_maintenance_tasks()
    assert not worker.should_run_maintenance_tasks
    assert redis.smembers(f"rq:workers:{QUEUE_NAME}") == set()
    assert FairQueue(QUEUE_NAME, connection=redis).count == 0
    if registry in {"wip", "failed"}:
        assert redis.zcard(f"rq:{registry}:{QUEUE_NAME}") == 0


def test_messages_on_rqs_command_channel_have_no_effect(redis: Redis, attempts: Attempts, until: Until) -> None:
    """Our workers do not listen to remote commands."""
    until(lambda: redis.smembers(f"rq:workers:{QUEUE_NAME}"))
    for command in ('{"command": "shutdown"}', "no json", pickle.dumps("x")):
        assert redis.publish("rq:pubsub:worker-of-this-test", command) == 0
    DelaySchedule(redis).add("owner_ours_1", JobMessage(CONTENT_ID, 1, 60, {}), utcnow())
    until(lambda: attempts == [(CONTENT_ID, 1)])


def test_leftover_fields_of_a_job_are_removed(redis: Redis, attempts: Attempts, until: Until) -> None:
    """Storing a job replaces whatever is under its key."""
    redis.hset(JsonJob.key_for("owner_ours_1"), mapping={"webhooks": "[]", "result": "x"})
    DelaySchedule(redis).add("owner_ours_1", JobMessage(CONTENT_ID, 1, 60, {}), utcnow())
    until(lambda: attempts == [(CONTENT_ID, 1)])


def test_planted_tags_do_not_stop_the_queue(redis: Redis) -> None:
    """Invalid tags count as missing."""
    queue = FairQueue(QUEUE_NAME, connection=redis)
    redis.zadd(queue.key, {"owner_first_1": "inf"})
    redis.set(f"{queue.key}:served", "inf")
    redis.hset(f"{queue.key}:next-tags", "owner", "no number")
    queue.push_job_id("owner_ours_1")
    assert queue.get_job_ids() == ["owner_ours_1", "owner_first_1"]


# --- overridden parts of RQ, and what RQ must not change


def test_rq_reads_jobs_only_through_our_validation(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of RQ's ways to load a job end in `restore`, and none imports a function by name."""

    def no_import(name: str) -> Any:
        raise AssertionError(name)

    monkeypatch.setattr(rq.job, "import_attribute", no_import)
    monkeypatch.setattr(rq.utils, "import_attribute", no_import)
    DelaySchedule(redis).add("owner_ours_1", JobMessage(CONTENT_ID, 1, 60, {"job_id": "j"}), utcnow())
    job = AttemptJob.fetch("owner_ours_1", redis)
    assert (job.func_name, job.args, job.kwargs, job.instance) == (FUNCTION, [CONTENT_ID, 1], {}, None)
    assert (job.meta, job.origin, job.timeout, job.result_ttl) == ({"job_id": "j"}, QUEUE_NAME, 60, 0)
    assert job.func.__name__ == "run_attempt"
    assert (job.success_callback, job.failure_callback, job.stopped_callback) == (None, None, None)
    assert (job.dependency, job.webhooks, job.group_id, job.retries_left, job.repeats_left) == (
        None,
        [],
        None,
        None,
        None,
    )
    job.refresh()
    assert job.args == [CONTENT_ID, 1]
    with pytest.raises(TypeError):
        _ = JsonJob.fetch("owner_ours_1", redis).func
    with pytest.raises(NoSuchJobError):
        JsonJob.fetch("nobody", redis)


def test_due_times_keep_fractions_of_a_second(redis: Redis) -> None:
    """rq-scheduler would truncate them, so that jobs start early."""
    due_at = utcnow().replace(microsecond=750_000) + timedelta(seconds=5)
    DelaySchedule(redis).add("owner_ours_1", JobMessage(CONTENT_ID, 1, 60, {}), due_at)
    assert redis.zscore(SCHEDULE, "owner_ours_1") == pytest.approx(due_at.timestamp(), abs=0.001)


def test_a_finished_job_leaves_nothing(redis: Redis, attempts: Attempts, until: Until) -> None:
    """RQ itself would keep a result. Only its `cleanup_execution` is still called, which also deletes the rest."""
    DelaySchedule(redis).add("owner_ours_1", JobMessage(CONTENT_ID, 1, 60, {}), utcnow())
    until(lambda: attempts == [(CONTENT_ID, 1)])

    def left() -> list[bytes]:
        kept = (b"rq:worker", b"rq:queue", b"rq:scheduler", b"rq:clean")
        return [key for key in redis.keys("rq:*") if not key.startswith(kept) or b"executions" in key]

    until(lambda: left() == [])
    worker = redis.hgetall("rq:worker:worker-of-this-test")
    assert worker[b"successful_job_count"] == b"1"


# --- other methods of RQ's queue


@pytest.fixture
def queue(redis: Redis) -> FairQueue:
    """Three jobs of two users, in their fair order."""
    schedule = DelaySchedule(redis)
    ids = ["anna_a_1", "anna_b_1", "bert_a_1"]
    for job_id in ids:
        schedule.add(job_id, JobMessage(CONTENT_ID, 1, 60, {}), utcnow())
    schedule.hand_over(ids)
    return FairQueue(QUEUE_NAME, connection=redis, job_class=JsonJob)


def test_the_queue_lists_waiting_jobs(queue: FairQueue) -> None:
    assert (queue.count, len(queue), queue.is_empty()) == (3, 3, False)
    assert queue.get_job_ids() == queue.job_ids == ["anna_a_1", "bert_a_1", "anna_b_1"]
    assert [queue.get_job_ids(1, 1), queue.get_job_ids(1), queue.get_job_ids(0, 0)] == [
        ["bert_a_1"],
        ["bert_a_1", "anna_b_1"],
        [],
    ]
    assert [job.id for job in queue.jobs] == queue.job_ids
    assert [queue.get_job_position(job_id) for job_id in ("anna_a_1", "anna_b_1", "nobody")] == [0, 2, None]


def test_jobs_can_be_removed_from_the_queue(queue: FairQueue) -> None:
    assert queue.pop_job_id() == "anna_a_1"
    queue.remove("bert_a_1")
    assert queue.job_ids == ["anna_b_1"]
    assert queue.fetch_job("nobody") is None


def test_the_queue_can_be_emptied(queue: FairQueue, redis: Redis) -> None:
    assert queue.empty() == 3
    assert queue.is_empty()
    assert queue.pop_job_id() is None
    assert redis.keys("rq:job:*") == []


def test_the_queue_can_be_deleted(queue: FairQueue, redis: Redis) -> None:
    queue.delete(delete_jobs=False)
    assert redis.keys(f"{queue.key}*") == []
    assert len(cast("list[bytes]", redis.keys("rq:job:*"))) == 3


def test_unsupported_queue_methods_raise(queue: FairQueue) -> None:
    with pytest.raises(NotImplementedError, match="no compaction"):
        queue.compact()


def test_every_method_of_rqs_queue_that_uses_its_list_is_overridden() -> None:
    """Fails if an upgrade of RQ adds another one."""
    commands = {"lpush", "rpush", "lpop", "rpop", "blpop", "lmove", "blmove", "lrange", "llen", "lrem", "lpos"}
    touching = {
        name
        for name, member in vars(rq.queue.Queue).items()
        if (code := getattr(getattr(member, "__func__", getattr(member, "fget", None) or member), "__code__", None))
        and commands & set(code.co_names)
    }
    own = {
        "lmove",
        "lpop",
        "remove",
        "push_job_id",
        "get_job_ids",
        "get_job_position",
        "pop_job_id",
        "count",
        "compact",
    }
    assert touching - set(vars(FairQueue)) == {"dequeue_any"}, "dequeue_any goes through lmove"
    assert own <= set(vars(FairQueue))
