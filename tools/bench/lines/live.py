"""The latency of live text, and the worker's memory for many concurrent streams."""

from __future__ import annotations

import time

import requests

from app.realtime.payloads import COMPLETED_EVENT, DELTA
from tools.bench import proc, samples
from tools.bench.browser import Browser
from tools.bench.measurement import Measurement, at_most
from tools.bench.stage import Stage, ask, register
from tools.processes import StartError, wait_until

AT_ONCE = 32
DELAY_MS, PIECE_MS = 100, 60
PACE_SECONDS = 0.3


def first_words(stage: Stage) -> list[Measurement]:
    """The time from the endpoint's first chunk to the first `delta` in a subscribed browser."""
    amount = stage.amount(100, 4)
    with stage.system(workers=1, GENERATION_DELAY_SECONDS="1") as system:
        stage.servers.standin.delay(DELAY_MS, piece=PIECE_MS)
        account = register(system.webs[0])
        titles = {}
        with Browser(account) as browser, requests.Session() as session:
            for number in range(amount):
                content_id = ask(account, session, f"n{number}")["id"]
                titles[content_id] = f"n{number}"
                browser.follow(content_id)
                time.sleep(PACE_SECONDS)
            browser.wait_for(COMPLETED_EVENT.name, amount, 60)
            arrivals = browser.of(DELTA.name)
        asked = {call["title"]: call["at"] for call in stage.servers.standin.calls()}
    if len(arrivals) < amount:
        raise StartError(f"only {len(arrivals)} of {amount} texts were seen while they were written")
    sent_after = (DELAY_MS + PIECE_MS) / 1000
    lags = [1000 * (at - asked[titles[content_id]] - sent_after) for content_id, at in arrivals.items()]
    spread = ", ".join(f"p{share} {samples.percentile(lags, share):.0f}" for share in (5, 25, 75, 90, 95))
    return [
        at_most("first words at a follower, p50", "ms", samples.percentile(lags, 50), 300, note=f"{spread} ms"),
        at_most("first words at a follower, p99", "ms", samples.percentile(lags, 99), 600),
    ]


def many_at_once(stage: Stage) -> list[Measurement]:
    """Memory of a worker that reads 32 streams, including its children."""
    amount = stage.amount(AT_ONCE, 4)
    with stage.system(workers=1, GENERATION_DELAY_SECONDS="1", WORKER_CONCURRENCY=str(amount)) as system:
        stage.servers.standin.delay(DELAY_MS, piece=10 * PIECE_MS)
        account, worker = register(system.webs[0]), system.workers[0]
        with requests.Session() as session:
            for number in range(amount):
                ask(account, session, f"n{number}")
        if not wait_until(lambda: stage.servers.standin.report(limit=0)["running"] >= amount, 60, every=0.2):
            raise StartError("not every text was written at once")
        memory = 0.0
        while stage.servers.standin.report(limit=0)["running"] >= amount:
            memory = max(memory, proc.memory_mb(worker.child.pid))
            time.sleep(0.2)
    return [at_most(f"worker memory with {amount} streams at once", "MB", memory, 200)]
