"""Real MongoDB, Redis and Gemini stand-in for every test; the product in-process, or as its real processes.

With `--product URL,URL` nothing is started: the tests of the contract go to the web processes at these addresses.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import requests
from flask import Flask
from werkzeug.test import Client
from xdist.scheduler import LoadFileScheduling

from app import create_app, database
from app.config import Settings, load_settings
from app.ops.indexes import ensure_indexes
from app.services import services_of
from tests.person import Answer, Http, Person
from tests.product import InTurn, Product
from tools.fake_gemini.remote import Remote
from tools.system import Servers, System

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

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


CONTRACT = (
    "tests/http/",
    "tests/realtime/",
    "tests/generation/test_outcomes.py",
    "tests/generation/test_timing.py",
)
"""What clients rely on: the tests that `--product` runs."""
GIVEN = pytest.StashKey[Product | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    about = "run the tests of the contract against the web processes that answer at these addresses"
    parser.addoption("--product", metavar="URL,URL", help=about)


def pytest_configure(config: pytest.Config) -> None:
    addresses = config.getoption("product")
    config.stash[GIVEN] = Product.at(addresses, os.environ) if addresses else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Longest files first. Raises UsageError for a file that needs a `system` and is not listed above."""
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(file_of(item.nodeid), len(ranks)))
    needing = {file_of(item.nodeid) for item in items if {"system", "product"} & set(fixtures_of(item))}
    if unlisted := needing - {file for files in WITH_SYSTEM for file in files}:
        raise pytest.UsageError(f"name these files in WITH_SYSTEM of tests/conftest.py: {sorted(unlisted)}")
    if config.stash[GIVEN]:
        others = [item for item in items if not item.nodeid.startswith(CONTRACT)]
        items[:] = [item for item in items if item.nodeid.startswith(CONTRACT)]
        config.hook.pytest_deselected(items=others)


def file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def fixtures_of(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


@pytest.fixture(scope="session")
def given_product(pytestconfig: pytest.Config) -> Product | None:
    """The running product that `--product` names."""
    return pytestconfig.stash[GIVEN]


@pytest.fixture(scope="session")
def servers(given_product: Product | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """MongoDB, Redis and the stand-in, for this test run alone."""
    if given_product:
        pytest.skip("needs the application in this process, or processes that the test starts itself")
    started = Servers.start(tmp_path_factory.mktemp("servers"), fail_points=True)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def app(servers: Servers) -> Iterator[Flask]:
    """The web application in this process. Its Redis database is not the one that `system` works on."""
    environ = servers.environ(
        "in-process",
        redis_db=1,
        BCRYPT_ROUNDS=FAST_BCRYPT,
        RATE_LIMIT_ENABLED="false",
        MAX_WAITING_GENERATIONS="0",
    )
    application = create_app(load_settings(environ | {"SOCKETIO_ASYNC_MODE": "threading"}))
    ensure_indexes()
    yield application
    database.disconnect()


@pytest.fixture(scope="session")
def wsgi(given_product: Product | None, request: pytest.FixtureRequest) -> WSGIApplication:
    """What answers the tests' requests: the in-process application, or the given web processes in turn."""
    application: WSGIApplication = InTurn(given_product.urls) if given_product else request.getfixturevalue("app")
    return application


@pytest.fixture(scope="session")
def settings(given_product: Product | None, request: pytest.FixtureRequest) -> Settings:
    """The settings of what answers."""
    if given_product:
        return given_product.settings
    return services_of(request.getfixturevalue("app")).get(Settings)


@pytest.fixture(scope="session")
def documents(given_product: Product | None, request: pytest.FixtureRequest) -> Iterator[None]:
    """MongoEngine's documents are those of what answers."""
    if not given_product:
        request.getfixturevalue("app")
        yield
        return
    database.connect(given_product.settings)
    yield
    database.disconnect()


@pytest.fixture(scope="session")
def new_client(wsgi: WSGIApplication) -> Callable[[], Client]:
    """Makes clients, each with cookies of its own."""
    return wsgi.test_client if isinstance(wsgi, Flask) else partial(Client, wsgi)


@pytest.fixture(scope="session")
def https(given_product: Product | None) -> str:
    """The `base_url` of a request that comes over https."""
    if given_product and not given_product.settings.trusted_proxies:
        pytest.skip("needs a product that trusts a proxy's word for https (TRUSTED_PROXIES=1)")
    return "https://localhost"


@pytest.fixture
def http(new_client: Callable[[], Client]) -> Http:
    """Sends requests to the in-process application, or to the given web processes in turn."""
    client = new_client()

    def send(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        content = {"data": body, "content_type": "application/json"} if isinstance(body, bytes) else {"json": body}
        response = client.open(path, method=method, headers=headers, **(content if body is not None else {}))
        return response.status_code, response.get_json(silent=True)

    return send


@pytest.fixture
def person(http: Http) -> Person:
    """Somebody with an account."""
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
        MAX_WAITING_GENERATIONS="0",
    )
    running = System(environ, tmp_path_factory.mktemp("logs"))
    for add in (running.add_web, running.add_web, running.add_worker, running.add_worker):
        add()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def product(given_product: Product | None, request: pytest.FixtureRequest) -> Product:
    """The product as real processes: `system`, or the given one."""
    return given_product or Product.of(request.getfixturevalue("system"))


@pytest.fixture(scope="session")
def standin(product: Product) -> Remote:
    """Steers the Gemini stand-in that `product` asks."""
    return product.standin


def over_http(url: str) -> Http:
    """Sends requests to a real web process."""
    session = requests.Session()

    def send(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        content = {"data": body} if isinstance(body, bytes) else {"json": body}
        response = session.request(method, url + path, headers=headers, timeout=30, **content)
        return response.status_code, response.json() if response.content else None

    return send


@pytest.fixture
def resident(product: Product) -> Person:
    """Somebody with an account in the running product, at its first web process."""
    return Person.register(over_http(product.urls[0]), product.urls[0])


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
