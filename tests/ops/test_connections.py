"""The number of connections of a process to Redis and MongoDB: the budget in docs/deployment.md."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests
from pymongo import MongoClient
from redis import Redis

from tests.conftest import over_http
from tests.listener import Listener
from tests.patience import REQUEST_SECONDS
from tests.person import Person
from tools.system import Servers, System

CONCURRENCY = 8
CROWD, EACH = 60, 120
"""The number of concurrent clients, and of requests of each kind. All connections of the pools are in use."""
REDIS_OF_WEB = 12
"""Ten for requests, one for receiving events, one spare."""
REDIS_OF_WORKER = 3 * CONCURRENCY + 4
"""Per thread at most two for its job and one for its events; scheduler, sweep, heartbeat, and one spare."""
MONGODB_OF_WEB = 102
"""pymongo's pool, and two that monitor the server."""
MONGODB_OF_WORKER = CONCURRENCY + 6


class Observer:
    """Counts the connections to both servers, over a separate connection to each."""

    def __init__(self, servers: Servers) -> None:
        self._redis = Redis.from_url(servers.redis.url)
        self._mongodb = MongoClient[dict[str, Any]](servers.mongodb.url)

    def held(self) -> Counter[str]:
        """The number of open connections, without the observer's own."""
        clients: Any = self._redis.client_list()
        own = str(self._redis.client_id())
        ours = [
            {"$currentOp": {"allUsers": True, "idleConnections": True}},
            {"$match": {"appName": "ai-content-generator"}},
            {"$count": "connections"},
        ]
        (counted,) = list(self._mongodb.admin.aggregate(ours)) or [{"connections": 0}]
        others = sum(client["id"] != own for client in clients)
        return Counter({"redis": others, "mongodb": counted["connections"]})

    def most_held(self, seconds: float) -> Counter[str]:
        """The maximum number of open connections within this time."""
        most: Counter[str] = Counter()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            most |= self.held()
            time.sleep(0.1)
        return most

    def close(self) -> None:
        self._redis.close()
        self._mongodb.close()


def ask_for_text(url: str, person: Person) -> requests.Response:
    body = {"title": "Bees", "contentType": "social", "prompt": "Write about bees"}
    return requests.post(f"{url}/api/content/generate", json=body, headers=person.headers, timeout=REQUEST_SECONDS)


def test_each_process_stays_within_its_budget(tmp_path: Path, until: Callable[..., Any]) -> None:
    """A web process, idle and under load; then also a worker with eight threads, with a backlog and slow texts."""
    servers = Servers.start(tmp_path)
    environ = servers.environ(
        "budget",
        GENERATION_DELAY_SECONDS="1",
        BCRYPT_ROUNDS="4",
        RATE_LIMIT_ENABLED="false",
        MAX_WAITING_GENERATIONS="0",
    )
    running = System(environ, tmp_path)
    observer = Observer(servers)
    try:
        web = running.add_web()
        http = over_http(web.url)
        idle_web = observer.most_held(1)
        person = Person.register(http, web.url)
        with ThreadPoolExecutor(max_workers=CROWD) as crowd:
            asked = [
                crowd.submit(requests.get, f"{web.url}/api/content", headers=person.headers, timeout=REQUEST_SECONDS)
                for _ in range(EACH)
            ]
            asked += [crowd.submit(ask_for_text, web.url, person) for _ in range(EACH)]
            crowded_web = observer.most_held(1)
            while not all(each.done() for each in asked):
                crowded_web |= observer.most_held(0.3)
        assert {each.result().status_code for each in asked} == {200, 202}
        running.add_worker(WORKER_CONCURRENCY=str(CONCURRENCY))
        until(lambda: http("GET", "/readyz")[0] == 200)
        both = observer.most_held(2)
        servers.standin.script(match="busy", then={"delayMs": 1000})
        with Listener(web.url, person.access_token):
            accepted = [person.generate("busy", contentType="social") for _ in range(24)]
            busy = observer.most_held(4)
            for each in accepted:
                person.wait_for(each["id"])
    finally:
        observer.close()
        running.stop()
        servers.stop()
    print(f"\nweb: idle {dict(idle_web)}, crowded {dict(crowded_web)}; and a worker: {dict(both)}, busy {dict(busy)}")
    assert crowded_web["redis"] <= REDIS_OF_WEB
    assert crowded_web["mongodb"] <= MONGODB_OF_WEB
    assert busy["redis"] <= REDIS_OF_WEB + REDIS_OF_WORKER
    assert busy["mongodb"] <= MONGODB_OF_WEB + MONGODB_OF_WORKER
