"""The delay from a generation's due time to its start, and from its end to the event in the browser."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import requests

from app.clock import utcnow
from app.realtime.payloads import COMPLETED_EVENT
from tools.bench import samples
from tools.bench.browser import Browser
from tools.bench.lines.writing import schedule_all
from tools.bench.measurement import Measurement, at_least, at_most
from tools.bench.stage import Account, Stage, ask, contents_of, fill_waiting, register
from tools.processes import StartError, wait_until
from tools.system import System

PACE_SECONDS = 0.0173
"""The pause between requests, which spreads due times over all fractions of a second."""
CROWD = 10_000


def start_after_due(stage: Stage) -> list[Measurement]:
    """500 generations on an otherwise idle system."""
    with _timed_system(stage) as system:
        return _starts(stage, system, "start after due time")


def start_after_due_in_a_crowd(stage: Stage) -> list[Measurement]:
    """The same with 10,000 others in the schedule that do not become due."""
    with _timed_system(stage) as system:
        crowd = stage.amount(CROWD, 100)
        contents = contents_of(system.environ)
        waiting = fill_waiting(contents, register(system.webs[0]).user_id, crowd, utcnow() + timedelta(hours=1))
        schedule_all(system, waiting)
        return _starts(stage, system, "start after due time, 10,000 others waiting")


def delivery(stage: Stage) -> list[Measurement]:
    """The time from the worker's final write to the event in a browser, with sequential generations."""
    amount = stage.amount(200, 5)
    with _timed_system(stage) as system:
        account = register(system.webs[0])
        with Browser(account) as browser, requests.Session() as session:
            _ask_at_a_pace(account, session, amount, 0.04)
            arrivals = browser.wait_for(COMPLETED_EVENT.name, amount, 60)
        written = {str(each["_id"]): each["finished_at"].timestamp() for each in contents_of(system.environ).find({})}
    lags = [1000 * (at - written[content_id]) for content_id, at in arrivals.items()]
    note = "from the time stamp in the write, which is taken before it is sent"
    return [
        at_most("final write to event in a browser, p50", "ms", samples.percentile(lags, 50), 15, note=note),
        at_most("final write to event in a browser, p99", "ms", samples.percentile(lags, 99), 60),
    ]


def _timed_system(stage: Stage) -> AbstractContextManager[System]:
    return stage.system(workers=1, GENERATION_DELAY_SECONDS="3")


def _starts(stage: Stage, system: System, name: str) -> list[Measurement]:
    amount = stage.amount(500, 10)
    account = register(system.webs[0])
    timer = _IdealTimer()
    with requests.Session() as session:
        dues = _ask_at_a_pace(account, session, amount, PACE_SECONDS, timer)
    if not wait_until(lambda: len(stage.servers.standin.calls()) >= amount, 60, every=0.2):
        raise StartError("not every generation was started")
    asked = {call["title"]: call["at"] for call in stage.servers.standin.calls()}
    lags = [1000 * (asked[title] - due) for title, due in dues.items()]
    ideal = samples.percentile(timer.lags_ms(), 99)
    note = f"p50 {samples.percentile(lags, 50):.1f} ms; baseline: a thread that sleeps until each due time"
    return [
        at_most(f"{name}, p99", "ms", samples.percentile(lags, 99), 150, baseline=ideal, note=note),
        at_least(f"{name}, earliest", "ms", min(lags), 0),
    ]


def _ask_at_a_pace(
    account: Account, session: requests.Session, amount: int, pace: float, timer: _IdealTimer | None = None
) -> dict[str, float]:
    """Requests `amount` texts, one every `pace` seconds, and returns their due times (epoch seconds) by title."""
    dues = {}
    began = time.monotonic()
    for number in range(amount):
        time.sleep(max(0.0, began + number * pace - time.monotonic()))
        title = f"n{number}"
        dues[title] = datetime.fromisoformat(ask(account, session, title)["dueAt"]).timestamp()
        if timer is not None:
            timer.sleep_until(dues[title])
    return dues


class _IdealTimer:
    """Measures the machine's own timer latency with one sleeping thread per due time."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._lags: list[float] = []

    def sleep_until(self, due: float) -> None:
        def sleep() -> None:
            time.sleep(max(0.0, due - time.time()))
            self._lags.append(1000 * (time.time() - due))

        self._threads.append(threading.Thread(target=sleep, daemon=True))
        self._threads[-1].start()

    def lags_ms(self) -> list[float]:
        for thread in self._threads:
            thread.join()
        return self._lags
