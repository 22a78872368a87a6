"""`python -m tools.run`, driven with a Procfile of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pymongo import MongoClient
from redis import Redis

from tools import ports
from tools.processes import ROOT, StartError, wait_until
from tools.run import development_secrets, refuse_leftovers, with_env_file, without_password

WEB = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
    def log_message(self, *_): pass
print("endpoint", os.environ["GOOGLE_AI_ENDPOINT"], os.environ["APP_ENV"], len(os.environ["JWT_SECRET"]), flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
WORKER = """
import signal, sys, time
times = []
signal.signal(signal.SIGTERM, lambda *_: times.append(1))
print("waiting for work", flush=True)
while not times: time.sleep(0.02)
time.sleep(0.2)
print("finished in order after", len(times), "signal", flush=True)
"""
PATIENCE_SECONDS = 90
"""For a busy machine, but less than the 120 s for which a worker that does not stop would delay the test."""
ELSEWHERE = {"MONGO_URI": "mongodb://me:secret@mongodb.example:1/x", "REDIS_URL": "redis://redis.example:1/0"}

Launch = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    """Start the runner; its output goes to the file `out`. Whatever is left of it is killed in the end."""
    (tmp_path / "web.py").write_text(WEB)
    (tmp_path / "worker.py").write_text(WORKER)
    started: list[subprocess.Popen[str]] = []

    def start(procfile: str, **variables: str) -> subprocess.Popen[str]:
        (tmp_path / "Procfile").write_text(procfile.replace("DIR", str(tmp_path)))
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        command = [sys.executable, "-m", "tools.run", "--procfile", tmp_path / "Procfile"]
        command += ["--data-dir", tmp_path / "data", "--env-file", tmp_path / ".env"]
        with (tmp_path / "out").open("w") as out:
            started.append(
                subprocess.Popen(command, cwd=ROOT, env={**kept, **variables}, stdout=out, stderr=out, text=True)
            )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


PROCFILE = "web: python DIR/web.py $PORT\nworker: python DIR/worker.py\nrelease: echo indexes\n"


def test_a_complete_run_shuts_down_cleanly(launch: Launch, tmp_path: Path) -> None:
    """Everything starts, prints its address, and stops on SIGINT, the worker after its work."""
    run = launch(PROCFILE)
    out = tmp_path / "out"
    assert wait_until(lambda: "Ctrl-C stops everything" in out.read_text(), PATIENCE_SECONDS), out.read_text()
    family = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGINT)
    assert run.wait(PATIENCE_SECONDS) == 0
    text = out.read_text()
    assert len(family) == 6  # two of them are the stand-in's
    assert wait_until(lambda: not any(process.is_running() for process in family), PATIENCE_SECONDS)
    for line in (
        r"release\| indexes",
        r"web    \| endpoint http://127\.0\.0\.1:\d+ development 128",
        r"worker \| finished in order after 1 signal",
        r"MongoDB +mongodb://%2F[\w%.-]+\.sock/",
        r"Redis +redis://:\*\*\*@127\.0\.0\.1:\d+/0",
        r"Gemini stand-in http://127\.0\.0\.1:\d+ +\(local stand-in, no AI is called\)",
        r"Delay +60 s",
    ):
        assert re.search(line, text), (line, text)


def test_commands_can_read_the_addresses_while_it_runs(launch: Launch, tmp_path: Path) -> None:
    """As docs/operations.md says: from a file only its owner can read, because the output has no passwords."""
    addresses = tmp_path / "data" / "addresses.env"
    addresses.parent.mkdir()
    addresses.write_text("REDIS_URL=redis://of-a-killed-run\n")
    addresses.chmod(0o644)
    run = launch(PROCFILE)
    out = tmp_path / "out"
    assert wait_until(lambda: "Ctrl-C stops everything" in out.read_text(), PATIENCE_SECONDS), out.read_text()
    assert stat.S_IMODE(addresses.stat().st_mode) == 0o600
    script = f"export $(cat {addresses}); printenv MONGO_URI REDIS_URL GOOGLE_AI_ENDPOINT"
    mongodb, redis, gemini = subprocess.check_output(["/bin/sh", "-c", script], text=True).split()
    with MongoClient(mongodb) as client, Redis.from_url(redis) as connection:
        assert client.admin.command("ping")["ok"]
        assert connection.ping()
        password = connection.connection_pool.connection_kwargs["password"]
    run.send_signal(signal.SIGINT)
    assert run.wait(PATIENCE_SECONDS) == 0
    text = out.read_text()
    assert f"For commands    {addresses}" in text
    assert f"Gemini stand-in {gemini}" in text
    assert password not in text
    assert not addresses.exists()


def test_addresses_from_the_environment_are_not_written_to_the_file(launch: Launch, tmp_path: Path) -> None:
    """The file of another run in the same folder is not changed either."""
    addresses = tmp_path / "data" / "addresses.env"
    addresses.parent.mkdir()
    addresses.write_text("of another run")
    assert launch(PROCFILE.replace("echo indexes", "false"), **ELSEWHERE).wait(PATIENCE_SECONDS) == 1
    assert addresses.read_text() == "of another run"


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"MONGO_URI": "mongodb://%2Fgone%2Fmongodb-1.sock/x"}, "MONGO_URI"),
        ({"REDIS_URL": "redis://:secret@127.0.0.1:1/0"}, "REDIS_URL"),
        ({"REDIS_URL": "unix:///gone.sock", "GOOGLE_AI_ENDPOINT": "http://[::1]:1"}, "REDIS_URL GOOGLE_AI_ENDPOINT"),
    ],
)
def test_addresses_exported_for_an_earlier_run_are_named(variables: dict[str, str], named: str) -> None:
    """With how to remove them, and without their passwords."""
    with pytest.raises(StartError, match=f"unset {named}$") as raised:
        refuse_leftovers(variables)
    assert "secret" not in str(raised.value)


def test_addresses_that_answer_or_are_elsewhere_are_used() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        refuse_leftovers({"REDIS_URL": f"redis://:secret@127.0.0.1:{server.getsockname()[1]}/0"})
    refuse_leftovers({"MONGO_URI": "mongodb+srv://me:secret@cluster0.example/x", "REDIS_URL": "redis://10.0.0.1:1"})
    refuse_leftovers({"MONGO_URI": "mongodb://localhost:1,localhost:2/x?replicaSet=rs", "REDIS_URL": "redis://[::1"})


def test_the_files_of_a_run_are_only_readable_by_their_owner(launch: Launch, tmp_path: Path) -> None:
    """Even in a folder that was readable by everyone before."""
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    run = launch(PROCFILE, GOOGLE_AI_ENDPOINT="http://gemini.example:1", **ELSEWHERE)
    assert wait_until((data / "secrets.env").exists, PATIENCE_SECONDS)
    run.send_signal(signal.SIGINT)
    assert run.wait(PATIENCE_SECONDS) == 0
    assert [path for path in [data, *data.rglob("*")] if path.stat().st_mode & 0o077] == []


def test_a_child_that_dies_ends_the_run(launch: Launch, tmp_path: Path) -> None:
    """The run prints which one and how, without passwords, and exits with 1."""
    dying = 'worker: python -c "import time; time.sleep(1); raise SystemExit(7)"\nweb: python DIR/web.py $PORT\n'
    run = launch(dying, GOOGLE_AI_API_KEY="k", GOOGLE_AI_ENDPOINT="http://gemini.example:1", **ELSEWHERE)
    assert run.wait(PATIENCE_SECONDS) == 1
    text = (tmp_path / "out").read_text()
    assert "worker ended with exit code 7" in text
    assert "secret" not in text


def test_a_second_interrupt_kills_the_processes(launch: Launch, tmp_path: Path) -> None:
    """Even if a worker does not stop."""
    (tmp_path / "worker.py").write_text("import signal, time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(120)\n")
    run = launch(PROCFILE, GOOGLE_AI_ENDPOINT="http://gemini.example:1", **ELSEWHERE)
    out = tmp_path / "out"
    assert wait_until(lambda: "Ctrl-C stops everything" in out.read_text(), PATIENCE_SECONDS), out.read_text()
    run.send_signal(signal.SIGINT)
    assert wait_until(lambda: "stopping" in out.read_text(), PATIENCE_SECONDS)
    run.send_signal(signal.SIGTERM)
    assert run.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(
    ("procfile", "variables", "message"),
    [
        (PROCFILE.replace("echo indexes", "false"), ELSEWHERE, "release ended with exit code 1: false"),
        ("web: true\n", ELSEWHERE, "has no line for worker"),
        (PROCFILE, {**ELSEWHERE, "PORT": "many"}, "PORT"),
    ],
)
def test_a_failed_start_prints_the_reason(
    launch: Launch, tmp_path: Path, procfile: str, variables: dict[str, str], message: str
) -> None:
    assert launch(procfile, **variables).wait(PATIENCE_SECONDS) == 1
    text = (tmp_path / "out").read_text()
    assert message in text
    assert "Traceback" not in text


def test_a_requested_port_that_is_busy_is_an_error(launch: Launch, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", ports.choose())) as busy:
        port = busy.getsockname()[1]
        assert launch(PROCFILE, PORT=str(port), **ELSEWHERE).wait(PATIENCE_SECONDS) == 1
    assert f"Port {port} (from PORT) is already in use" in (tmp_path / "out").read_text()


def test_secrets_are_generated_once_and_only_readable_by_their_owner(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    made = development_secrets(path)
    assert development_secrets(path) == made
    assert {name: len(value) for name, value in made.items()} == {
        "JWT_SECRET": 128,
        "JWT_REFRESH_SECRET": 128,
    }
    assert len(set(made.values())) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environment_overrides_the_env_file(tmp_path: Path) -> None:
    """Empty variables count as not set."""
    env_file = tmp_path / ".env"
    env_file.write_text("PORT=4000\nAI_MODEL=gemini-a\nGOOGLE_AI_API_KEY=\n")
    assert with_env_file({"PORT": "5000", "AI_MODEL": ""}, env_file) == {
        "PORT": "5000",
        "AI_MODEL": "gemini-a",
    }


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:hunter2@host:1/0", "redis://:***@host:1/0"),
        ("mongodb+srv://me:p:w@a,b/x", "mongodb+srv://me:***@a,b/x"),
        ("mongodb://a/x", "mongodb://a/x"),
    ],
)
def test_passwords_are_not_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown
