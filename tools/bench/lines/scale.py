"""The effect of other users' documents on a user's requests, and the cost of a deep page."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import requests
from bson import ObjectId
from pymongo.collection import Collection

from app import database
from app.clock import utcnow
from app.config import load_settings
from app.generation.backlog import overdue
from tools.bench import samples
from tools.bench.measurement import Measurement, times_baseline
from tools.bench.stage import Stage, contents_of, fill, fill_waiting, milliseconds_of, register
from tools.system import System

FEW = 1_000
MANY = 1_000_000
OWN = 500
OVERDUE = 100
SHORT_TEXT = "A sentence of about fifty characters stands here. "
REPEATS = 300
DEEP_PAGE = 10_000

Timer = Callable[[], float]


def many_documents(stage: Stage) -> list[Measurement]:
    """The list's first page, a job's status and the sweep with a thousand and with a million documents."""
    many = stage.amount(MANY, 5_000)
    with stage.system() as small, stage.system() as large:
        few_timers, many_timers = _prepared(small, FEW), _prepared(large, many)
        found = {}
        for name, timer in few_timers.items():
            few_ms, many_ms = samples.in_turns(stage.amount(REPEATS, 20), timer, many_timers[name])
            found[name] = samples.median(few_ms), samples.median(many_ms)
    return [
        times_baseline(
            f"{name}, p50, {many:,} documents", "ms", many_ms, few_ms, 1.3, note=f"baseline: {FEW:,} documents"
        )
        for name, (few_ms, many_ms) in found.items()
    ]


def deep_page(stage: Stage) -> list[Measurement]:
    """The last page of a large account compared with its first."""
    page = stage.amount(DEEP_PAGE, 10)
    with stage.system() as system:
        account = register(system.webs[0])
        fill(contents_of(system.environ), account.user_id, page * 10, SHORT_TEXT)
        session = requests.Session()
        first, deep = samples.in_turns(
            stage.amount(40, 3),
            partial(milliseconds_of, session, account.gets("/content?page=1")),
            partial(milliseconds_of, session, account.gets(f"/content?page={page}")),
        )
    name = f"GET /content?page={page}, p50"
    return [
        times_baseline(name, "ms", samples.median(deep), samples.median(first), 3, note="baseline: page 1 of the same")
    ]


def _prepared(system: System, count: int) -> dict[str, Timer]:
    """Fills the collection and returns a timer in milliseconds for each of the three operations."""
    contents = contents_of(system.environ)
    account = register(system.webs[0])
    fill(contents, str(ObjectId()), count - OWN - OVERDUE, SHORT_TEXT)
    fill(contents, account.user_id, OWN, SHORT_TEXT)
    fill_waiting(contents, str(ObjectId()), OVERDUE, utcnow() + timedelta(seconds=1))
    job_id = (contents.find_one({"user_id": ObjectId(account.user_id)}) or {})["job_id"]
    session = requests.Session()
    return {
        "GET /content": partial(milliseconds_of, session, account.gets("/content")),
        "GET /content/job/:id/status": partial(milliseconds_of, session, account.gets(f"/content/job/{job_id}/status")),
        "the sweep's query": _sweep_timer(system, contents),
    }


def _sweep_timer(system: System, contents: Collection[dict[str, Any]]) -> Timer:
    settings = load_settings(system.environ)

    def run() -> float:
        database.connect(settings)
        overdue(utcnow(), None, 1)
        began = time.perf_counter()
        found = overdue(utcnow() + timedelta(seconds=5), None, OVERDUE * 2)
        seconds = time.perf_counter() - began
        database.disconnect()
        assert len(found) == OVERDUE, f"{contents.count_documents({})} documents, {len(found)} overdue"  # noqa: S101  # a bench checks
        return 1000 * seconds

    return run
