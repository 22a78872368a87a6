"""The throughput of a worker process, with slow and with instant answers."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import requests
from pymongo.collection import Collection

from app import redis_client
from app.clock import utcnow
from app.config import load_settings
from app.content.document import COMPLETED, Content
from app.generation.backlog import next_attempt
from app.queueing.schedule import GenerationQueue
from app.realtime.payloads import COMPLETED_EVENT
from tools.bench import proc, samples
from tools.bench.baseline_worker import write_all
from tools.bench.browser import Browser
from tools.bench.measurement import Measurement, at_least, at_most
from tools.bench.stage import Stage, ask, contents_of, fill_waiting, register
from tools.processes import StartError, wait_until
from tools.system import System

CONCURRENCY = 32
ROUNDS = 3
PATIENCE_SECONDS = 90.0
NOT_FOR_THE_WORKER = timedelta(hours=1)
"""The baseline's documents are due this late, so that the worker's sweep does not pick them up."""


LOCK = "one core: by py-spy a quarter is Gemini's client library, an eighth each RQ, MongoDB and the events"
CORES = "two workers, MongoDB, Redis and the endpoint share two cores"


def burst(stage: Stage) -> list[Measurement]:
    """64 generations of one second on 32 threads. The ideal is two rounds in 2 s."""
    amount = stage.amount(64, 4)
    with stage.system(workers=1, WORKER_CONCURRENCY=str(CONCURRENCY), GENERATION_DELAY_SECONDS="2") as system:
        stage.servers.standin.delay(1000)
        rounds = [_one_burst(stage, system, amount) for _ in range(stage.amount(2, 1))]
        memory = proc.memory_mb(system.workers[0].child.pid)
        contents = contents_of(system.environ)
        waiting = fill_waiting(contents, rounds[0][1], amount, utcnow() + NOT_FOR_THE_WORKER)
        baseline = write_all(contents, waiting, stage.servers.gemini.url, CONCURRENCY)
    seconds = samples.median([each for each, _ in rounds])
    name = f"{amount} generations of 1 s, one worker, 32 threads"
    return [
        at_most(name, "s", seconds, 3, baseline=baseline),
        at_most("worker memory after them (PSS of its tree)", "MB", memory, 160, node=75),
    ]


def instant(stage: Stage) -> list[Measurement]:
    """Generations per second of one worker process with an instant model, bound to a core as usual, and unbound."""
    with stage.system(workers=1) as system:
        worker = system.workers[0].child.pid
        proc.keep_on_one_core(worker)  # even if another worker on this machine has claimed the core
        before = proc.cpu_seconds(worker)
        bound = _rates(stage, system)
        cpu_ms = 1000 * (proc.cpu_seconds(worker) - before) / bound.amount
    with stage.system(workers=1, WORKER_ONE_CORE="false") as system:
        unbound = _rates(stage, system)
    note = f"WORKER_CONCURRENCY={bound.threads}, its default; {cpu_ms:.1f} ms of the worker's processor time each"
    return [
        at_least(
            "generations answered at once", "/s", bound.rate, 60,
            baseline=bound.baseline, node=57, note=note, limit=LOCK,
        ),
        Measurement("the same with WORKER_ONE_CORE=false", "/s", unbound.rate, "", None, baseline=unbound.baseline),
    ]  # fmt: skip


def two_workers(stage: Stage) -> list[Measurement]:
    """Generations per second of two worker processes, as they run (one of them bound to a core), and both unbound."""
    with stage.system(workers=2) as system:
        usual = _rates(stage, system)
        memory = samples.median([proc.memory_mb(worker.child.pid) for worker in system.workers])
    with stage.system(workers=2, WORKER_ONE_CORE="false") as system:
        unbound = _rates(stage, system)
    name = "generations answered at once, two workers"
    note = f"{memory:.0f} MB each (PSS of its tree); baseline: {usual.threads} plain threads of one process"
    return [
        at_least(name, "/s", usual.rate, 80, baseline=usual.baseline, note=note, limit=CORES),
        Measurement(f"{name}, WORKER_ONE_CORE=false", "/s", unbound.rate, "", None, baseline=unbound.baseline),
    ]


class _Rates(NamedTuple):
    """Median generations per second of the workers and of plain threads. `amount` is how many the workers wrote."""

    rate: float
    baseline: float
    threads: int
    amount: int


def _rates(stage: Stage, system: System) -> _Rates:
    """Measures the workers of a system and as many plain threads in alternation."""
    amount, rounds = stage.amount(1000, 50), stage.amount(ROUNDS, 1)
    threads = len(system.workers) * load_settings(system.environ).worker_concurrency
    user_id, contents = register(system.webs[0]).user_id, contents_of(system.environ)
    baselines, rates = samples.in_turns(
        rounds,
        partial(_rate_of_baseline, stage, contents, user_id, amount, threads),
        partial(rate_of_workers, system, contents, user_id, amount),
    )
    return _Rates(samples.median(rates), samples.median(baselines), threads, amount * rounds)


def _rate_of_baseline(
    stage: Stage, contents: Collection[dict[str, Any]], user_id: str, amount: int, threads: int
) -> float:
    waiting = fill_waiting(contents, user_id, amount, utcnow() + NOT_FOR_THE_WORKER)
    return amount / write_all(contents, waiting, stage.servers.gemini.url, threads)


def _one_burst(stage: Stage, system: System, amount: int) -> tuple[float, str]:
    """Returns the seconds from the first model call to the last event in a browser, and the user id."""
    account = register(system.webs[0])
    known = len(stage.servers.standin.calls())
    with Browser(account) as browser, requests.Session() as session:
        for _ in range(amount):
            ask(account, session)
        last = max(browser.wait_for(COMPLETED_EVENT.name, amount, PATIENCE_SECONDS).values())
    return last - min(call["at"] for call in stage.servers.standin.calls()[known:]), account.user_id


def rate_of_workers(system: System, contents: Collection[dict[str, Any]], user_id: str, amount: int) -> float:
    """Schedules generations and returns their rate per second, from the due time to the end of the last."""
    due_at = utcnow() + timedelta(seconds=3)
    waiting = fill_waiting(contents, user_id, amount, due_at)
    schedule_all(system, waiting)
    ids = [content.id for content in waiting]
    unfinished = {"_id": {"$in": ids}, "generation_status": {"$ne": COMPLETED}}
    time.sleep(max(0.0, (due_at - utcnow()).total_seconds()))
    if not wait_until(lambda: contents.find_one(unfinished) is None, PATIENCE_SECONDS, every=0.1):
        raise StartError(f"{contents.count_documents(unfinished)} generations did not end")
    (last,) = contents.find({"_id": {"$in": ids}}).sort("finished_at", -1).limit(1)
    return float(amount / (last["finished_at"] - due_at).total_seconds())


def schedule_all(system: System, waiting: list[Content]) -> None:
    """Schedules the contents one by one, as the web process does."""
    settings = load_settings(system.environ)
    redis = redis_client.connect(settings, redis_client.WORKER_TIMEOUT_SECONDS)
    queue = GenerationQueue(redis, settings)
    for content in waiting:
        queue.must_schedule(next_attempt(content.to_mongo()))
    redis.close()
