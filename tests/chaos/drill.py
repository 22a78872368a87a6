"""One drill, from starting the servers to the verdict."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from random import Random as Dice
from typing import Any

from pymongo import MongoClient
from redis import Redis

from tests.chaos.faults import Saboteur
from tests.chaos.load import Load, people_at
from tests.chaos.verdict import FINISHED, FinishWatch, Told, Verdict, judge
from tools.processes import wait_until
from tools.system import Servers, System

PEOPLE = 8
WORKERS = 3
SETTLE_SECONDS = 300.0
STANDIN_DELAY_MS, STANDIN_PIECE_MS = 300, 60
SETTINGS = {
    "BCRYPT_ROUNDS": "4",
    "GENERATION_DELAY_SECONDS": "1",
    "JOB_BACKOFF_SECONDS": "0.5",
    "JOB_MAX_ATTEMPTS": "10",
    "JWT_EXPIRATION": "1h",
    "RATE_LIMIT_ENABLED": "false",
    "MAX_WAITING_GENERATIONS": "0",
    "WORKER_CONCURRENCY": "8",
}


def run(seed: int, seconds: float, generations: int, folder: Path) -> Verdict:
    """Causes faults for `seconds` while `generations` texts are requested, waits for the end, and judges the result."""
    servers = Servers.start(folder)
    system = System(servers.environ("chaos", **SETTINGS), folder)
    try:
        for _ in range(2):
            system.add_web()
        for _ in range(WORKERS):
            system.add_worker()
        return _drill(seed, seconds, generations, servers, system)
    finally:
        for process in [*system.webs, *system.workers]:
            process.child.kill()
        servers.stop()


def _drill(seed: int, seconds: float, generations: int, servers: Servers, system: System) -> Verdict:
    documents = MongoClient(system.environ["MONGO_URI"], tz_aware=True).get_default_database()["contents"]
    servers.standin.delay(STANDIN_DELAY_MS, piece=STANDIN_PIECE_MS)
    watch = FinishWatch(documents)
    saboteur = Saboteur(system, servers.redis, seed)
    breaking, watching = threading.Event(), threading.Event()
    with people_at(system, servers.standin, PEOPLE) as load:
        sabotage = saboteur.threads(breaking)
        observer = threading.Thread(target=watch.run, args=(watching,))
        for thread in [*sabotage, observer]:
            thread.start()
        load.run(generations, seconds, Dice(seed), breaking)
        breaking.set()
        for thread in sabotage:
            thread.join()
        load.delete_the_rest()
        _settle(load, documents)
        load.follows.end()
        watching.set()
        observer.join()
        told = Told(Redis.from_url(system.environ["REDIS_URL"]), saboteur.redis_emptied_at)
        verdict = judge(load, documents, servers.standin.calls(), watch, told)
    faults = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(saboteur.done.items()))
    return Verdict({"faults": faults, **verdict.figures}, verdict.broken)


def _settle(load: Load, documents: Any) -> None:
    """Waits until all accepted generations have ended and their last events have had time to arrive."""
    undone = {"$or": [{"generation_status": {"$nin": FINISHED}}, {"outbox_at": {"$exists": True}}]}
    wait_until(lambda: not documents.count_documents(undone), SETTLE_SECONDS, 0.2)
    quiet_since = time.monotonic()
    count = 0
    while time.monotonic() - quiet_since < 1:
        received = sum(len(listener.events) for listener in load.listeners)
        if received != count:
            count, quiet_since = received, time.monotonic()
        time.sleep(0.1)
