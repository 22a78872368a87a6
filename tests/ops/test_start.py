"""A start that cannot succeed ends with one message that says what to do, within 5 s."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from app.config import SettingsSchema
from app.dev import ports
from app.dev.processes import ROOT
from app.dev.system import Servers
from tests.ops.conftest import run_process

LINES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
SECRET = "hunter2hunter2"
EQUAL = "access-secret-for-tests-and-drills-only"
REFUSED = "refuses the user or the password"
WAITED = 2.5
"""For a server that does not answer; see app/preflight.py."""
REQUIRED = ("MONGO_URI", "REDIS_URL", "JWT_SECRET", "JWT_REFRESH_SECRET", "GOOGLE_AI_API_KEY")

BROKEN: dict[str, tuple[dict[str, str], str]] = {
    **{f"no {name}": ({name: ""}, f"{name}: must be set") for name in REQUIRED},
    "wrong scheme": ({"MONGO_URI": "http://host/db"}, "MONGO_URI: must be an address that starts with mongodb://"),
    "wrong scheme of redis": ({"REDIS_URL": "host:6379"}, "REDIS_URL: must be an address that starts with redis://"),
    "port that is no number": ({"REDIS_URL": f"redis://:{SECRET}@host:port"}, "REDIS_URL: must be an address"),
    "port of mongodb": ({"MONGO_URI": f"mongodb://a:{SECRET}@host:port/db"}, "MONGO_URI: must be an address"),
    "name of a database": ({"MONGO_URI": f"mongodb://a:{SECRET}@host/a%20b"}, "MONGO_URI: is no MongoDB address"),
    "slash in a password": ({"MONGO_URI": f"mongodb://a:{SECRET}/b@host/db"}, "MONGO_URI: has a special character"),
    "wrong password": ({"MONGO_URI": f"mongodb://me:{SECRET}@MONGO/db?authSource=admin"}, REFUSED),
    "wrong password of redis": ({"REDIS_URL": f"redis://operator:{SECRET}@REDIS/0"}, REFUSED),
    "nobody there": ({"MONGO_URI": f"mongodb://a:{SECRET}@FREE/db"}, "MongoDB connection failed"),
    "no redis there": ({"REDIS_URL": f"redis://:{SECRET}@FREE/0"}, "Redis connection failed at 127.0.0.1:"),
    "no such host": ({"MONGO_URI": "mongodb://no.such.host.invalid/db"}, "MongoDB connection failed at no.such.host"),
    "short secret": ({"JWT_SECRET": "short"}, "JWT_SECRET: "),
    "equal secrets": ({"JWT_REFRESH_SECRET": EQUAL}, "JWT_REFRESH_SECRET: must differ"),
    "no number": ({"WORKER_CONCURRENCY": "many"}, "WORKER_CONCURRENCY: "),
    "no port": ({"PORT": "many"}, "PORT: "),
    "no such mode": ({"SOCKETIO_ASYNC_MODE": "gvent"}, "SOCKETIO_ASYNC_MODE: must be"),
}


@pytest.fixture(scope="module")
def environ(servers: Servers) -> Iterator[dict[str, str]]:
    """A production environment that is all right; its Redis knows the user `operator`."""
    redis = Redis.from_url(servers.redis.url)
    redis.execute_command("ACL", "SETUSER", "operator", "on", ">the-right-one", "~*", "+@all")
    yield servers.environ("start", redis_db=5, APP_ENV="production", PORT=str(ports.choose()))
    redis.execute_command("ACL", "DELUSER", "operator")


@pytest.mark.parametrize("process", ["web", "worker", "release"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_start_says_what_to_do(environ: dict[str, str], servers: Servers, process: str, name: str) -> None:
    changes, message = BROKEN[name]
    addresses = {
        "MONGO": servers.mongodb.url.split("/")[2],
        "REDIS": servers.redis.url.split("/")[2],
        "FREE": f"127.0.0.1:{ports.choose()}",
    }
    broken = dict(environ)
    for variable, value in changes.items():
        placeholder = next((name for name in addresses if f"@{name}/" in value), "")
        broken[variable] = (
            value.replace(f"@{placeholder}/", f"@{addresses.get(placeholder)}/") if placeholder else value
        )
    ran = run_process(["/bin/sh", "-c", f"exec {LINES[process]}"], broken)
    text = ran.out + ran.errors
    assert ran.code not in {0, None}
    assert message in text, text
    assert text.count(message) == 1, text
    assert "Traceback" not in text, text
    assert "Warning" not in text, text
    assert SECRET not in text
    assert min(ran.seconds, ran.busy + WAITED) < 5  # the processor may be shared with others


def test_two_servers_that_are_away_are_named_together(environ: dict[str, str]) -> None:
    away = {
        "MONGO_URI": f"mongodb://127.0.0.1:{ports.choose()}/db",
        "REDIS_URL": f"redis://127.0.0.1:{ports.choose()}",
    }
    ran = run_process(["/bin/sh", "-c", f"exec {LINES['worker']}"], environ | away)
    assert "MONGO_URI: " in ran.errors
    assert "REDIS_URL: " in ran.errors


def test_the_table_covers_what_production_requires() -> None:
    """A variable that production requires and this table does not take away would go untested."""
    given = {"APP_ENV": "production"}
    missing = SettingsSchema().validate(given)
    assert {name.upper() for name in missing} == set(REQUIRED)
