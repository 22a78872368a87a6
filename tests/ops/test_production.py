"""A copy of the tree, deployed as docs/deployment.md says, fulfils the contract."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from app.config import SettingsSchema
from tests.docs import readme
from tests.patience import PATIENCE_SECONDS, REQUEST_SECONDS
from tools import ports
from tools.processes import ROOT, Child, start
from tools.system import Servers, answers

Until = Callable[..., Any]

SELECTION = [
    "tests/http/test_auth.py::test_registering_creates_an_account_and_logs_in",
    "tests/http/test_auth.py::test_logging_in",
    "tests/http/test_auth.py::test_a_forged_access_token_is_rejected",
    "tests/http/test_auth.py::test_the_cookie_is_secure_only_over_https",
    "tests/http/test_sessions.py::test_log_out_ends_the_access_token",
    "tests/http/test_content.py::test_every_bad_field_is_named_once",
    "tests/http/test_content.py::test_another_users_content_is_404",
    "tests/http/test_content.py::test_deleting_removes_a_waiting_generation_from_the_queue",
    "tests/http/test_envelope.py::test_every_route_rejects_an_oversized_body",
    "tests/http/test_hardening.py::test_every_answer_has_the_security_headers",
    "tests/http/test_hardening.py::test_over_https_responses_have_hsts",
    "tests/realtime/test_sockets.py::test_the_owner_receives_the_events",
    "tests/realtime/test_sockets.py::test_every_process_delivers_each_event_once",
]
"""A small part of the tests that `--product` runs."""
AFTER_SIGTERM = 143
PAIRS = range(32_000, 32_700, 2)
"""Ports outside the range of `ports.choose`, because it takes some seconds until they are in use."""


def block(language: str, name: str) -> str:
    """The fenced block with this language and name."""
    (text,) = (each.text for each in readme.blocks(name) if each.language == language)
    return text


def variables(name: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in block("text", name).splitlines())


def invented(name: str) -> str:
    """A random value for a secret, with the characters that openssl uses."""
    return f"{name.lower()}-of-more-than-thirty-two-bytes+/="


class Machine:
    """A folder like a fresh clone after installation, and a shell with no other environment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environ = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
        self.log = folder.parent / "log"
        self.port = next(port for port in random.sample(PAIRS, 100) if ports.is_free(port) and ports.is_free(port + 1))
        ignored = [line.rstrip("/").rpartition("/")[2] for line in (ROOT / ".gitignore").read_text().splitlines()]
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", *ignored))
        (folder / ".venv").symlink_to(sys.prefix)

    @property
    def urls(self) -> list[str]:
        return [f"http://localhost:{self.port}", f"http://localhost:{self.port + 1}"]

    def write_settings(self, values: dict[str, str]) -> None:
        (self._folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))

    def adapted(self, commands: str) -> str:
        """The page's commands, with the ports of this machine."""
        return commands.replace(":3000", f":{self.port}").replace(":3001", f":{self.port + 1}").strip()

    def run(self, commands: str) -> str:
        """Runs commands and returns their output. Each must succeed."""
        shell = ["bash", "-ec", self.adapted(commands)]
        ended = subprocess.run(
            shell,
            cwd=self._folder,
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=4 * PATIENCE_SECONDS,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def start(self, commands: str) -> Child:
        """Starts the commands. The last one replaces the shell, so that it receives the signals."""
        *first, last = self.adapted(commands).splitlines()
        shell = ["bash", "-ec", "\n".join([*first, f"exec {last}"])]
        return start(
            "production", shell, env=self._environ, cwd=self._folder, log=self.log, death_signal=signal.SIGTERM
        )


@pytest.fixture
def machine(tmp_path: Path, servers: Servers) -> Machine:
    """A machine with the `.env` from the page's two blocks, with its placeholders replaced."""
    made = Machine(tmp_path / "clone")
    environ = servers.environ("production", redis_db=7)
    own = {name: invented(name) for name in variables("env")}
    own |= {name: environ[name] for name in ("MONGO_URI", "REDIS_URL")}
    own |= {"APP_ENV": variables("env")["APP_ENV"], "PORT": str(made.port)}
    made.write_settings(own | variables("contract") | {"GOOGLE_AI_ENDPOINT": environ["GOOGLE_AI_ENDPOINT"]})
    return made


@pytest.fixture
def production(machine: Machine) -> Iterator[Child]:
    started = machine.start(block("bash", "production"))
    yield started
    whole = psutil.Process(started.pid).children(recursive=True) if started.running else []
    started.stop(30)
    for process in whole:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def test_the_page_names_the_settings_that_production_needs() -> None:
    """All required ones, and none that is missing in the table of settings."""
    needed = {name.upper() for name in SettingsSchema().validate({"APP_ENV": "production"})}
    assert needed < set(variables("env"))
    assert set(variables("env") | variables("contract")) <= {row[0] for row in readme.table("Variable")}


def two_workers_live(url: str) -> bool:
    figures = requests.get(
        f"{url}/metrics", headers={"Authorization": f"Bearer {invented('METRICS_TOKEN')}"}, timeout=REQUEST_SECONDS
    )
    return "acg_workers_alive 2.0" in figures.text


def test_a_deployment_as_documented_keeps_the_contract(machine: Machine, production: Child, until: Until) -> None:
    """Two web and two worker processes are started, checked, tested from outside, and stopped completely."""
    until(lambda: not production.running or all(answers(f"{url}/readyz") for url in machine.urls))
    assert production.running, machine.log.read_text()
    until(lambda: two_workers_live(machine.urls[1]))
    verdicts = machine.run(block("bash", "check"))
    assert readme.pattern(block("text", "check")).fullmatch(verdicts.strip()), verdicts
    tested = machine.run(" ".join([block("bash", "contract").strip(), *SELECTION]))
    assert re.search(r"^\d+ passed(, \d+ warnings?)? in ", tested, re.MULTILINE), tested
    processes = psutil.Process(production.pid).children(recursive=True)
    production.ask_to_stop()
    assert production.wait(PATIENCE_SECONDS)
    assert production.exit_code == AFTER_SIGTERM
    assert psutil.wait_procs(processes, timeout=PATIENCE_SECONDS)[1] == []
    log = machine.log.read_text()
    assert log.count("worker stopped") == 2
    assert "Traceback" not in log
