"""Real MongoDB, Redis and Gemini stand-in for every test; the product in-process, or as its real processes."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask
from xdist.scheduler import LoadFileScheduling

from app import create_app
from app.config import load_settings
from app.database import disconnect
from app.dev.system import Servers, System
from app.indexes import ensure_indexes
from tests.person import Answer, Http, Person

FAST_BCRYPT = "4"
LONGEST_FIRST = (
    "tests/ui/test_browser_app.py",
    "tests/generation/test_outcomes.py",
    "tests/ops/test_commands.py",
    "tests/faults/test_workers_die.py",
    "tests/ops/test_start.py",
    "tests/http/test_reference.py",
    "tests/faults/test_mongodb_away.py",
    "tests/faults/test_chaos.py",
    "tests/ui/test_components.py",
)
"""Files that take longest: several run at a time, and the last one should not run alone."""
WITH_SYSTEM = (
    ("tests/generation/test_outcomes.py", "tests/realtime/test_session_end.py", "tests/http/test_hardening.py"),
    (
        "tests/ops/test_commands.py",
        "tests/ops/test_metrics.py",
        "tests/ops/test_one_id.py",
        "tests/ops/test_import_node.py",
        "tests/generation/test_timing.py",
        "tests/docs/test_readme_session.py",
        "tests/realtime/test_events.py",
        "tests/realtime/test_javascript_client.py",
        "tests/realtime/test_sockets.py",
        "tests/http/test_envelope.py",
    ),
)
"""Files that share a `system`: its four processes take a while to start, so only two of them are started."""


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return FilesTogether(config, log)


class FilesTogether(LoadFileScheduling):
    """Keeps the tests of a file in one process, and the files that share a `system` too."""

    def _split_scope(self, nodeid: str) -> str:
        file = file_of(nodeid)
        return next((files[0] for files in WITH_SYSTEM if file in files), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest files first. Raises UsageError for a file that needs a `system` and is not listed above."""
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(file_of(item.nodeid), len(ranks)))
    needing = {file_of(item.nodeid) for item in items if "system" in getattr(item, "fixturenames", ())}
    if unlisted := needing - {file for files in WITH_SYSTEM for file in files}:
        raise pytest.UsageError(f"name these files in WITH_SYSTEM of tests/conftest.py: {sorted(unlisted)}")


def file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """MongoDB, Redis and the stand-in, for this test run alone."""
    started = Servers.start(tmp_path_factory.mktemp("servers"), fail_points=True)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def app(servers: Servers) -> Iterator[Flask]:
    """The web application in this process. Its Redis database is not the one that `system` works on."""
    environ = servers.environ("in-process", redis_db=1, BCRYPT_ROUNDS=FAST_BCRYPT, RATE_LIMIT_ENABLED="false")
    application = create_app(load_settings(environ | {"SOCKETIO_ASYNC_MODE": "threading"}))
    ensure_indexes()
    yield application
    disconnect()


@pytest.fixture
def http(app: Flask) -> Http:
    """Sends requests to the in-process application."""
    client = app.test_client()

    def send(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        content = {"data": body, "content_type": "application/json"} if isinstance(body, bytes) else {"json": body}
        response = client.open(path, method=method, headers=headers, **(content if body is not None else {}))
        return response.status_code, response.get_json(silent=True)

    return send


@pytest.fixture
def person(http: Http) -> Person:
    """Somebody with an account in the in-process application."""
    return Person.register(http)


@pytest.fixture(scope="session")
def system(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Two web and two worker processes, with a delay of one second, that all tests of a run share."""
    environ = servers.environ(
        "system",
        redis_db=2,
        BCRYPT_ROUNDS=FAST_BCRYPT,
        GENERATION_DELAY_SECONDS="1",
        WORKER_CONCURRENCY="8",
        AI_TIMEOUT_SECONDS="5",
        RATE_LIMIT_ENABLED="false",
    )
    running = System(environ, tmp_path_factory.mktemp("logs"))
    for add in (running.add_web, running.add_web, running.add_worker, running.add_worker):
        add()
    yield running
    running.stop()


def over_http(url: str) -> Http:
    """Sends requests to a real web process."""
    session = requests.Session()

    def send(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        content = {"data": body} if isinstance(body, bytes) else {"json": body}
        response = session.request(method, url + path, headers=headers, timeout=30, **content)
        return response.status_code, response.json() if response.content else None

    return send


@pytest.fixture
def resident(system: System) -> Person:
    """Somebody with an account in the running system, at its first web process."""
    return Person.register(over_http(system.webs[0].url), system.webs[0].url)


@pytest.fixture
def topic() -> str:
    """A word that no other test's prompt holds, to script the stand-in by."""
    return f"topic{uuid.uuid4().hex[:12]}"


@pytest.fixture
def until() -> Callable[..., Any]:
    """Waits until a function returns something true, and returns it."""

    def wait(condition: Callable[[], Any], timeout: float = 15) -> Any:
        deadline = time.monotonic() + timeout
        while not (found := condition()):
            assert time.monotonic() < deadline, f"not within {timeout} s"
            time.sleep(0.02)
        return found

    return wait
