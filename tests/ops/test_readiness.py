"""/readyz: names what is missing, and answers even if a dependency hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from app.ops.health import ask_all
from tests.patience import REQUEST_SECONDS
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
    """A web process that uses those servers."""
    running = System(servers_of_its_own.environ("fragile", WORKER_CONCURRENCY="2"), tmp_path)
    running.add_web()
    yield running
    running.stop()


def ask(web: Web) -> tuple[int, list[str]]:
    answer = requests.get(f"{web.url}/readyz", timeout=REQUEST_SECONDS)
    assert "missing" in answer.json(), answer.text
    return answer.status_code, answer.json()["missing"]


def test_a_check_that_hangs_is_not_awaited() -> None:
    """It counts as failed. The results of the others are used, in any order."""
    over = threading.Event()
    questions = {"hangs": over.wait, "there": lambda: ["a worker"], "nobody": list, "fails": lambda: 1 // 0}
    assert ask_all(questions, 0.5) == {"hangs": False, "there": True, "nobody": False, "fails": False}
    assert not over.is_set()
    over.set()


def test_every_missing_part_is_named(fragile: System, servers_of_its_own: Servers, until: Callable[..., Any]) -> None:
    """No worker, then one; a frozen MongoDB; a frozen Redis; a stopped one. Each is named until it is back."""
    (web,) = fragile.webs
    assert ask(web) == (503, ["worker"])
    worker = fragile.add_worker()
    until(lambda: ask(web)[0] == 200)

    for service, missing in (
        (servers_of_its_own.mongodb, ["mongodb"]),
        (servers_of_its_own.redis, ["redis", "worker"]),
    ):
        service.freeze()
        assert ask(web) == (503, missing)
        assert requests.get(f"{web.url}/metrics", timeout=REQUEST_SECONDS).status_code == 200
        service.thaw()
        until(lambda: ask(web)[0] == 200)

    servers_of_its_own.mongodb.freeze()
    servers_of_its_own.redis.freeze()
    assert ask(web) == (503, ["mongodb", "redis", "worker"])
    servers_of_its_own.mongodb.thaw()
    servers_of_its_own.redis.thaw()

    worker.child.kill()
    until(lambda: ask(web)[1] == ["worker"])
    servers_of_its_own.redis.kill()
    assert ask(web)[1] == ["redis", "worker"]
