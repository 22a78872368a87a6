"""Processes that cannot start exit with one message that names all problems and says what to do.

The rules of each variable are tested in tests/test_settings.py; here real processes start. Those that wait for a server
wait for at most 3 s (app/ops/startup_checks.py). Every row is tested with a worker (tests/ops/worker_starts.py), and
with the lines of the Procfile that do something of their own.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from redis import Redis

from app.config import SettingsSchema
from tests.ops.conftest import Ran, run_process
from tests.ops.worker_starts import ran_with
from tools import ports
from tools.processes import ROOT
from tools.system import Servers

LINES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
SECRET = "hunter2hunter2"
EQUAL = "access-secret-for-tests-and-drills-only"
REQUIRED = ("MONGO_URI", "REDIS_URL", "JWT_SECRET", "JWT_REFRESH_SECRET")
MESSAGE = "The settings cannot be used"


@dataclass(frozen=True)
class Broken:
    """Changed variables (None: removed) and the expected messages, in order. In both, {mongo} … are addresses."""

    changes: dict[str, str | None]
    said: tuple[str, ...]
    lines: tuple[str, ...] = ()
    """The Procfile lines that are also started with it; none for checks that all processes share."""
    a_workers: bool = True
    """Whether it concerns workers."""


EACH_LINE = ("web", "worker", "release")

BROKEN = {
    "nothing given": Broken(
        dict.fromkeys(REQUIRED),
        (
            "JWT_REFRESH_SECRET: must be set in production, to a random secret",
            "JWT_SECRET: must be set in production, to a random secret",
            "MONGO_URI: must be set in production.",
            "REDIS_URL: must be set in production.",
        ),
    ),
    "no key": Broken({"GOOGLE_AI_API_KEY": None}, ("GOOGLE_AI_API_KEY: must be set, to a key from ",)),
    "nothing usable": Broken(
        {
            "MONGO_URI": f"mongodb://a:{SECRET}@host:port/db",
            "REDIS_URL": f"redis://:{SECRET}@host:port",
            "JWT_SECRET": SECRET,
            "PORT": "many",
            "WORKER_CONCURRENCY": "many",
            "SOCKETIO_ASYNC_MODE": "gvent",
            "LOG_LEVEL": "LOUD",
            "LOG_FORMAT": "xml",
        },
        (
            "JWT_SECRET: is too short",
            "LOG_FORMAT: must be console or json.",
            "LOG_LEVEL: must be DEBUG, INFO, WARNING or ERROR.",
            "MONGO_URI: must be an address that starts with mongodb:// or mongodb+srv://, with a number",
            "PORT: must be a whole number.",
            "REDIS_URL: must be an address that starts with redis:// or rediss:// or unix://, with a number",
            "SOCKETIO_ASYNC_MODE: must be eventlet or threading.",
            "WORKER_CONCURRENCY: must be a whole number.",
        ),
        EACH_LINE,
    ),
    "nearly right": Broken(
        {
            "JWT_REFRESH_SECRET": EQUAL,
            "MONGO_URI": f"mongodb://a:{SECRET}/b@host/db",
            "REDIS_URL": "redis://{redis}/zero",
        },
        (
            "JWT_REFRESH_SECRET: must differ from JWT_SECRET.",
            "MONGO_URI: has a special character in its user or password: percent-encode it",
            "REDIS_URL: must end with a database number",
        ),
    ),
    "no port for web": Broken({"PORT": "70000"}, ("PORT: must be from 1 to 65535.",), ("web",), a_workers=False),
    "nobody there": Broken(
        {"MONGO_URI": f"mongodb://a:{SECRET}@{{nobody}}/db", "REDIS_URL": f"redis://:{SECRET}@{{nobody}}/0"},
        (
            "MONGO_URI: MongoDB connection failed at {nobody} (",
            "REDIS_URL: Redis connection failed at {nobody} (",
        ),
    ),
    "nobody answers": Broken(
        {"MONGO_URI": f"mongodb://a:{SECRET}@{{silent}}/db", "REDIS_URL": f"rediss://:{SECRET}@{{silent}}/0"},
        (
            "MONGO_URI: MongoDB connection failed at {silent} (",
            "REDIS_URL: Redis connection failed at {silent} (",
        ),
        EACH_LINE,
    ),
    "wrong passwords": Broken(
        {"MONGO_URI": f"mongodb://me:{SECRET}@{{mongo}}/db?authSource=admin", "REDIS_URL": f"redis://operator:{SECRET}@{{redis}}/0"},
        (
            "MONGO_URI: MongoDB at {mongo} refuses the user or the password",
            "REDIS_URL: Redis at {redis} refuses the user or the password",
        ),
    ),
    "no such place": Broken(
        {"MONGO_URI": f"mongodb+srv://a:{SECRET}@cluster0.nowhere.invalid/db", "REDIS_URL": "unix:///nowhere/redis.sock"},
        (
            "MONGO_URI: cluster0.nowhere.invalid cannot be looked up (",
            "REDIS_URL: Redis connection failed at the given path (Error 2 ",
        ),
    ),
    "TLS where there is none": Broken(
        {"MONGO_URI": "mongodb://{mongo}/db?tls=true", "REDIS_URL": "rediss://{redis}/0"},
        (
            "MONGO_URI: MongoDB connection failed at {mongo} (",
            "REDIS_URL: Redis connection failed at {redis} (",
        ),
    ),
    "no name for a database": Broken(
        {"MONGO_URI": f"mongodb://a:{SECRET}@host/a%20b"},
        ("MONGO_URI: is no MongoDB address that can be used: check ",),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def environ(servers: Servers) -> Iterator[dict[str, str]]:
    """A valid production environment; its Redis has the user `operator`."""
    with Redis.from_url(servers.redis.url) as redis:
        redis.execute_command("ACL", "SETUSER", "operator", "on", ">the-right-one", "~*", "+@all")
        yield servers.environ("start", redis_db=5, APP_ENV="production", PORT=str(ports.choose()))
        redis.execute_command("ACL", "DELUSER", "operator")


@pytest.fixture(scope="module")
def addresses(servers: Servers) -> Iterator[dict[str, str]]:
    """The servers for the placeholders: `nobody` rejects connections, `silent` accepts them but never responds."""
    with socket.socket() as nobody, socket.create_server((ports.LOOPBACK, 0)) as silent:
        nobody.bind((ports.LOOPBACK, 0))
        yield {
            "mongo": servers.mongodb.url.split("/")[2],
            "redis": servers.redis.url.split("/")[2].rpartition("@")[2],
            "nobody": f"{ports.LOOPBACK}:{nobody.getsockname()[1]}",
            "silent": f"{ports.LOOPBACK}:{silent.getsockname()[1]}",
        }


@pytest.fixture(scope="module")
def environs(environ: dict[str, str], addresses: dict[str, str]) -> dict[str, dict[str, str]]:
    """The environment for each case."""
    broken = {}
    for name, row in BROKEN.items():
        changes = {variable: text and text.format(**addresses) for variable, text in row.changes.items()}
        broken[name] = {variable: text for variable, text in {**environ, **changes}.items() if text is not None}
    return broken


@pytest.fixture(scope="module")
def workers(environs: dict[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """How a worker exits in each of these environments."""
    theirs = {name: environ for name, environ in environs.items() if BROKEN[name].a_workers}
    return ran_with(theirs, tmp_path_factory.mktemp("workers"))


@pytest.mark.parametrize("name", [name for name, row in BROKEN.items() if row.a_workers])
def test_a_worker_that_cannot_start_says_what_to_do(
    workers: dict[str, Ran], addresses: dict[str, str], name: str
) -> None:
    check(workers[name], [said.format(**addresses) for said in BROKEN[name].said])


@pytest.mark.parametrize(("name", "line"), [(name, line) for name, row in BROKEN.items() for line in row.lines])
def test_a_line_of_the_procfile_that_cannot_start_says_what_to_do(
    environs: dict[str, dict[str, str]], addresses: dict[str, str], name: str, line: str
) -> None:
    ran = run_process(["/bin/sh", "-c", f"exec {LINES[line]}"], environs[name])
    check(ran, [said.format(**addresses) for said in BROKEN[name].said])


def check(ran: Ran, expected: list[str]) -> None:
    """Asserts a failed exit with one message that names exactly these problems."""
    assert ran.code not in {0, None}
    text = ran.out + ran.errors
    assert text.count(MESSAGE) == 1, text
    said = [line.removeprefix("  - ") for line in ran.errors.splitlines() if line.startswith("  - ")]
    for line, beginning in zip(said, expected, strict=True):
        assert line.startswith(beginning)
    assert "Traceback" not in text, text
    assert "Warning" not in text, text
    assert SECRET not in text


def test_the_table_covers_what_production_requires() -> None:
    """Otherwise a variable required in production would go untested."""
    missing = SettingsSchema().validate({"APP_ENV": "production"})
    assert {name.upper() for name in missing} == set(REQUIRED)
