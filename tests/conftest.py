"""Real MongoDB, Redis and Gemini stand-in for every test; the product in-process, or as its real processes.

With `--product URL,URL` nothing is started: the tests of the contract run against the web processes at these addresses.
With `--soak` only the random tests, the races and the attacks run, each for a long round (see `rounds`), and /healthz
must respond within the promised time (see `longest_answer`).
"""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import requests
from flask import Flask
from redis import Redis
from werkzeug.test import Client
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from app import database
from app.config import Settings, load_settings
from app.factory import close, create_app
from app.ops.indexes import ensure_indexes
from app.services import services_of
from tests import forked_processes
from tests.attacker import PATIENT_SECONDS, PROMISED_SECONDS
from tests.listener import left_connected, threads_of_clients
from tests.memory_folder import memory_folder
from tests.once_more import ENDED, FAILED_ONCE
from tests.patience import REQUEST_SECONDS, until
from tests.person import Answer, Http, Person
from tests.product import InTurn, Product
from tests.round_trips import listen
from tools import ports
from tools.fake_gemini.remote import Remote
from tools.system import Servers, System

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

gc.disable()  # until `pytest_collection_finish`
FAST_BCRYPT = "4"
LONGEST_FIRST = (
    "tests/ui/test_browser_app.py",
    "tests/ops/test_commands.py",
    "tests/generation/test_outcomes.py",
    "tests/faults/test_mongodb_away.py",
    "tests/faults/test_chaos.py",
    "tests/ui/test_components.py",
    "tests/faults/test_workers_die.py",
    "tests/ops/test_one_client.py",
    "tests/http/test_reference.py",
    "tests/ops/test_start.py",
    "tests/ops/test_production.py",
    "tests/ops/test_logs_of_processes.py",
    "tests/ops/test_connections.py",
    "tests/docs/test_readme_troubles.py",
    "tests/generation/test_gemini_answers.py",
    "tests/http/test_content.py",
    "tests/http/test_rate_limits.py",
    "tests/ops/test_readiness.py",
    "tests/http/test_auth.py",
    "tests/content/test_export.py",
    "tests/tools/test_servers.py",
    "tests/generation/test_quality.py",
    "tests/tools/test_run.py",
    "tests/content/test_text_diff.py",
    "tests/tools/test_bench.py",
)
"""The slowest files, and those that share a `system` with them. Six run at a time, and none should finish alone."""
WITH_SYSTEM = (
    ("tests/generation/test_outcomes.py", "tests/realtime/test_session_end.py", "tests/http/test_hardening.py"),
    (
        "tests/ops/test_commands.py",
        "tests/ops/test_metrics.py",
        "tests/ops/test_one_id.py",
        "tests/ops/test_import_node.py",
        "tests/generation/test_timing.py",
        "tests/docs/test_readme_session.py",
        "tests/docs/test_scripting.py",
        "tests/realtime/test_events.py",
        "tests/realtime/test_following.py",
        "tests/realtime/test_text_stream.py",
        "tests/realtime/test_cut_and_resumed.py",
        "tests/realtime/test_replay.py",
        "tests/realtime/test_javascript_client.py",
        "tests/realtime/test_sockets.py",
        "tests/http/test_envelope.py",
    ),
)
"""Files that share a `system`. Its four processes take a while to start, so there are only two systems."""

WITH_DRILLS = (
    (
        "tests/faults/test_workers_die.py",
        "tests/faults/test_web_stops.py",
        "tests/faults/test_keyed_requests.py",
        "tests/faults/test_quotas_hold.py",
        "tests/faults/test_cancel.py",
    ),
    (
        "tests/faults/test_mongodb_away.py",
        "tests/faults/test_redis_away.py",
        "tests/faults/test_fresh_web.py",
        "tests/faults/test_worker_dies_between.py",
    ),
)
"""Files that share the servers and the web process of `drill`."""


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return FilesTogether(config, log)


class FilesTogether(LoadFileScheduling):
    """Runs the tests of a file in one process, and also all files that share a `system` or drills."""

    def _reschedule(self, node: WorkerController) -> None:
        """Gives a process its next file only when fewer than two tests are left, so that none waits for a long file."""
        if self._pending_of(self.assigned_work[node]) < 2:  # it starts a test only when it knows the next one
            super()._reschedule(node)

    def _split_scope(self, nodeid: str) -> str:
        file = file_of(nodeid)
        return next((files[0] for files in (*WITH_SYSTEM, *WITH_DRILLS) if file in files), file)


CONTRACT = (
    "tests/http/",
    "tests/realtime/",
    "tests/generation/test_outcomes.py",
    "tests/generation/test_timing.py",
)
"""The tests of what clients rely on, which `--product` runs."""
GIVEN = pytest.StashKey[Product | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    about = "run the tests of the contract against the web processes that answer at these addresses"
    parser.addoption("--product", metavar="URL,URL", help=about)
    parser.addoption("--soak", action="store_true", help="run the random tests and the races alone, in long rounds")


def pytest_configure(config: pytest.Config) -> None:
    addresses = config.getoption("product")
    listen()
    config.stash[GIVEN] = Product.at(addresses, os.environ) if addresses else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Longest files first. Raises UsageError for a file that needs a `system` and is not listed above."""
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(file_of(item.nodeid), len(ranks)))
    needing = {file_of(item.nodeid) for item in items if {"system", "product"} & set(fixtures_of(item))}
    if unlisted := needing - {file for files in WITH_SYSTEM for file in files}:
        raise pytest.UsageError(f"name these files in WITH_SYSTEM of tests/conftest.py: {sorted(unlisted)}")
    if config.stash[GIVEN]:
        keep(config, items, lambda item: item.nodeid.startswith(CONTRACT))
    if config.getoption("soak"):
        keep(config, items, lambda item: bool({"rounds", "longest_answer"} & set(fixtures_of(item))))


def pytest_collection_finish() -> None:
    """Keeps what was imported and collected out of garbage collections, which would take a tenth of all tests' time."""
    gc.freeze()
    gc.enable()


def keep(config: pytest.Config, items: list[pytest.Item], wanted: Callable[[pytest.Item], bool]) -> None:
    """Deselects the other tests."""
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = filter(wanted, items)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Stores the result of the run for tests/once_more.py."""
    cache = getattr(session.config, "cache", None)
    if cache and not hasattr(session.config, "workerinput"):
        cache.set(ENDED, int(exitstatus))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Lists what a test had to retry."""
    for report in terminalreporter.getreports("passed"):
        for name in (value for key, value in report.user_properties if key == FAILED_ONCE):
            terminalreporter.write_line(f"{FAILED_ONCE}: {name}")


@pytest.fixture
def failed_once(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Adds a line to the summary about something that failed the first time."""
    return partial(record_property, FAILED_ONCE)


@pytest.fixture(scope="session", autouse=True)
def every_log_line_is_written() -> Iterator[None]:
    """Fails if a log line cannot be written, because its thread outlived the log or its fields cannot be rendered.

    Also fails if a client's thread is left: its late messages would appear in the output of `make test`.
    """
    lost: list[str] = []

    def note(_handler: logging.Handler, record: logging.LogRecord) -> None:
        lost.append(f"{record.getMessage()[:300]} ({sys.exception()!r})")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logging.Handler, "handleError", note)
        yield
        until(lambda: not threads_of_clients())
    assert lost == []


@pytest.fixture(scope="session", autouse=True)
def processes_are_forked() -> Iterator[None]:
    """Web and worker processes are forked from one that has imported everything; see tests/forked_processes.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tools.system.start", forked_processes.start)
        yield


@pytest.fixture(autouse=True)
def no_socket_is_left() -> Iterator[None]:
    """Fails a test that leaves a Socket.IO client connected, whose thread would log errors when the server stops."""
    yield
    assert left_connected() == 0


@pytest.fixture(scope="session")
def rounds(pytestconfig: pytest.Config) -> Callable[[int, int], int]:
    """The number of rounds of a random test or a race: `rounds(short, long)`, the long one with `--soak`."""
    return (lambda _short, long: long) if pytestconfig.getoption("soak") else (lambda short, _long: short)


@pytest.fixture(scope="session")
def longest_answer(pytestconfig: pytest.Config) -> float:
    """The maximum response time of /healthz during an attack, in seconds; the promised value with `--soak`."""
    return PROMISED_SECONDS if pytestconfig.getoption("soak") else PATIENT_SECONDS


def file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def fixtures_of(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


@pytest.fixture(scope="session")
def given_product(pytestconfig: pytest.Config) -> Product | None:
    """The running product that `--product` names."""
    return pytestconfig.stash[GIVEN]


@pytest.fixture(scope="session")
def servers(given_product: Product | None) -> Iterator[Servers]:
    """MongoDB, Redis and the stand-in, used only by this test run."""
    if given_product:
        pytest.skip("needs the application in this process, or processes that the test starts itself")
    with memory_folder() as folder:
        started = Servers.start(folder, fail_points=True)
        yield started
        started.stop()


@pytest.fixture
def empty_redis(servers: Servers) -> Iterator[Redis]:
    """A Redis database that contains nothing before and after the test, and that no product uses."""
    with Redis.from_url(servers.environ("unused", redis_db=4)["REDIS_URL"], socket_timeout=None) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture(scope="session")
def app(servers: Servers) -> Iterator[Flask]:
    """The web application in this process. Its Redis database is separate from that of `system`."""
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
    close(application)
    database.disconnect()


@pytest.fixture
def new_app() -> Iterator[Callable[[Settings], Flask]]:
    """Creates further applications in this process. Their threads end with the test."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        made.append(create_app(settings))
        return made[-1]

    yield make
    for each in made:
        close(each)


@pytest.fixture(scope="session")
def wsgi(given_product: Product | None, request: pytest.FixtureRequest) -> WSGIApplication:
    """What answers the tests' requests: the in-process application, or the given web processes in turn."""
    application: WSGIApplication = InTurn(given_product.urls) if given_product else request.getfixturevalue("app")
    return application


@pytest.fixture(scope="session")
def settings(given_product: Product | None, request: pytest.FixtureRequest) -> Settings:
    """The settings of the application or product under test."""
    if given_product:
        return given_product.settings
    return services_of(request.getfixturevalue("app")).get(Settings)


@pytest.fixture(scope="session")
def documents(given_product: Product | None, request: pytest.FixtureRequest) -> Iterator[None]:
    """Connects MongoEngine to the database of the application or product under test."""
    if not given_product:
        request.getfixturevalue("app")
        yield
        return
    database.connect(given_product.settings)
    yield
    database.disconnect()


@pytest.fixture(scope="session")
def new_client(wsgi: WSGIApplication) -> Callable[[], Client]:
    """Creates clients with separate cookies."""
    return wsgi.test_client if isinstance(wsgi, Flask) else partial(Client, wsgi)


@pytest.fixture(scope="session")
def https(given_product: Product | None) -> str:
    """The `base_url` of a request over https."""
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
    """A registered user."""
    return Person.register(http)


@pytest.fixture(scope="session")
def system(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Two web and two worker processes with a delay of one second, shared by all tests of a run."""
    environ = servers.environ(
        "system",
        redis_db=2,
        BCRYPT_ROUNDS=FAST_BCRYPT,
        GENERATION_DELAY_SECONDS="1",
        WORKER_CONCURRENCY="8",
        AI_TIMEOUT_SECONDS="10",
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
    """Controls the Gemini stand-in that `product` uses."""
    return product.standin


def over_http(url: str) -> Http:
    """Sends requests to a real web process."""
    session = requests.Session()

    def send(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        content = {"data": body} if isinstance(body, bytes) else {"json": body}
        response = session.request(method, url + path, headers=headers, timeout=REQUEST_SECONDS, **content)
        return response.status_code, response.json() if response.content else None

    return send


@pytest.fixture
def resident(product: Product) -> Person:
    """A registered user of the running product, at its first web process."""
    return Person.register(over_http(product.urls[0]), product.urls[0])


@pytest.fixture
def nobody() -> Iterator[str]:
    """A host and port that reject connections, reserved so that nothing else can listen there."""
    with socket.socket() as taken:
        taken.bind((ports.LOOPBACK, 0))
        yield f"{ports.LOOPBACK}:{taken.getsockname()[1]}"


@pytest.fixture
def topic() -> str:
    """A word that no other test's prompt contains, for scripting the stand-in."""
    return f"topic{uuid.uuid4().hex[:12]}"


@pytest.fixture(name="until")
def fixture_until() -> Callable[..., Any]:
    """Waits until a function returns something true, and returns it; see tests/patience.py."""
    return until
