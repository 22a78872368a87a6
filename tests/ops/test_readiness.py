"""/readyz: says what is missing, and answers whatever hangs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tools.system import Servers, System, Web


@pytest.fixture
def servers_of_its_own(tmp_path: Path) -> Iterator[Servers]:
    """Servers that a test may freeze."""
    started = Servers.start(tmp_path)
    yield started
    for service in (started.mongodb, started.redis):
        service.thaw()
    started.stop()


@pytest.fixture
def fragile(servers_of_its_own: Servers, tmp_path: Path) -> Iterator[System]:
    """A web process on those servers."""
    running = System(servers_of_its_own.environ("fragile", WORKER_CONCURRENCY="2"), tmp_path)
    running.add_web()
    yield running
    running.stop()


def ask(web: Web) -> tuple[int, list[str], float]:
    began = time.monotonic()
    answer = requests.get(f"{web.url}/readyz", timeout=30)
    return answer.status_code, answer.json()["missing"], time.monotonic() - began


def test_every_missing_part_is_named(fragile: System, servers_of_its_own: Servers, until: Callable[..., Any]) -> None:
    """No worker, then one; a frozen MongoDB; a frozen Redis; a dead one; each within 5 s, and back again."""
    (web,) = fragile.webs
    assert ask(web)[:2] == (503, ["worker"])
    worker = fragile.add_worker()
    until(lambda: ask(web)[0] == 200, 5)

    for service, missing in (
        (servers_of_its_own.mongodb, ["mongodb"]),
        (servers_of_its_own.redis, ["redis", "worker"]),
    ):
        service.freeze()
        status, named, seconds = ask(web)
        assert (status, named) == (503, missing)
        assert seconds < 5
        assert requests.get(f"{web.url}/metrics", timeout=5).status_code == 200
        service.thaw()
        until(lambda: ask(web)[0] == 200, 15)

    servers_of_its_own.mongodb.freeze()
    servers_of_its_own.redis.freeze()
    status, named, seconds = ask(web)
    assert (status, named) == (503, ["mongodb", "redis", "worker"])
    assert seconds < 5
    servers_of_its_own.mongodb.thaw()
    servers_of_its_own.redis.thaw()

    worker.child.kill()
    until(lambda: ask(web)[1] == ["worker"], 15)
    servers_of_its_own.redis.kill()
    assert ask(web)[1] == ["redis", "worker"]
