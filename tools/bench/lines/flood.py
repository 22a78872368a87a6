"""10,000 generations due in the same second."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from pymongo.collection import Collection
from redis import Redis

from app.queueing.schedule import DelaySchedule
from tools.bench.lines.http import ONE_CORE
from tools.bench.load import begin, press, read
from tools.bench.measurement import Measurement, at_least, at_most
from tools.bench.stage import Account, Stage, contents_of, register
from tools.processes import StartError, wait_until

AMOUNT = 10_000
LEAD_SECONDS = 3.0


def due_at_once(stage: Stage) -> list[Measurement]:
    """The rates at which requests are accepted and due jobs enqueued, and the list's latency meanwhile."""
    amount = stage.amount(AMOUNT, 200)
    with stage.system(GENERATION_DELAY_SECONDS="3600") as system:
        account = register(system.webs[0])
        stage.servers.standin.script(match="", then={"hang": True})
        accepted = _accept(stage, account, amount)
        redis = Redis.from_url(system.environ["REDIS_URL"])
        system.add_worker(WORKER_CONCURRENCY="1")
        handed_over, slowest = _hand_over(redis, contents_of(system.environ), account)
    return [
        at_least(f"{amount:,} requests: accepted and scheduled", "/s", accepted, 500, node=312, limit=ONE_CORE),
        at_least(f"{amount:,} due at once: handed to the queue", "/s", handed_over, 500),
        at_most("GET /content p99 meanwhile", "ms", slowest, 250),
    ]


def _accept(stage: Stage, account: Account, amount: int) -> float:
    """Sends requests until `amount` are accepted and returns the rate per second."""
    accepted, seconds = 0, 0.0
    while accepted < amount:
        load = press(account.asks, stage.amount(5, 1))
        if not load.answered:
            raise StartError("no request was accepted")
        accepted += load.answered
        seconds += load.answered / load.per_second
    return accepted / seconds


def _hand_over(redis: Redis, contents: Collection[dict[str, Any]], account: Account) -> tuple[float, float]:
    """Returns jobs per second from the due time until the schedule is empty, and the list's p99 in ms meanwhile."""
    due = time.time() + LEAD_SECONDS
    due_at = datetime.fromtimestamp(due, UTC)
    contents.update_many({"wake_at": {"$exists": True}}, {"$set": {"due_at": due_at, "wake_at": due_at}})
    key = DelaySchedule.scheduled_jobs_key
    jobs: Any = redis.zrange(key, 0, -1)
    redis.zadd(key, dict.fromkeys(jobs, due))
    time.sleep(max(0.0, due - time.time()))
    began = time.time()
    watching = begin(account.gets("/content"), len(jobs) / 1000, 4)
    if not wait_until(lambda: redis.zcard(key) == 0, 120, every=0.02):
        raise StartError(f"{redis.zcard(key)} jobs were not handed over")
    seconds = time.time() - began
    return len(jobs) / seconds, read(watching).p99
