"""The first session of README.md, which goes on in docs/, pasted block by block into a shell, shows what they say."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs import readme
from tests.person import PASSWORD
from tools.processes import ROOT
from tools.system import System, Web

Until = Callable[..., Any]
DELAY = "5"


class Terminal:
    """A shell into which blocks are pasted, and everything it has printed."""

    def __init__(self, replacements: dict[str, str]) -> None:
        self.output = ""
        self._replacements = replacements
        self._shell = subprocess.Popen(
            ["bash"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONUTF8": "1"},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def paste(self, block: str) -> None:
        assert self._shell.stdin
        self._shell.stdin.write(self.adapted(block))
        self._shell.stdin.flush()

    def adapted(self, quoted: str) -> str:
        """The text with the address and the delay of this test's web process."""
        for old, new in self._replacements.items():
            quoted = quoted.replace(old, new)
        return quoted

    def close(self) -> None:
        assert self._shell.stdin
        self._shell.stdin.close()
        os.killpg(self._shell.pid, signal.SIGKILL)
        self._shell.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self._shell.stdout
        for line in self._shell.stdout:
            self.output += line


@pytest.fixture
def impatient_web(system: System) -> Iterator[Web]:
    """A web process like that of `GENERATION_DELAY_SECONDS=5 make run`."""
    web = system.add_web(GENERATION_DELAY_SECONDS=DELAY)
    system.webs.remove(web)  # other tests expect two
    yield web
    web.child.stop()


@pytest.fixture
def terminal(impatient_web: Web, tmp_path: Path) -> Iterator[Terminal]:
    opened = Terminal(
        {
            "http://localhost:3000": impatient_web.url,
            "in 1 minute.": f"in {DELAY} seconds.",
            "60000": f"{DELAY}000",
            ".venv/bin/python": sys.executable,
            "/tmp/cookies": str(tmp_path / "cookies"),  # noqa: S108
        }
    )
    yield opened
    opened.close()


def test_the_first_session(terminal: Terminal, until: Until) -> None:
    """Register, log in, listen, request a text, receive it and list it; then the same with a cookie."""
    seen = 0

    def found(wanted: re.Pattern[str]) -> bool:
        nonlocal seen
        match = wanted.search(terminal.output, seen)
        seen = match.end() if match else seen
        return match is not None

    session = readme.blocks("session")
    assert [block.language for block in session].count("bash") == 7
    for block in session:
        if block.language == "bash":
            terminal.paste(block.text)
            continue
        wanted = readme.pattern(terminal.adapted(block.text))
        try:
            until(lambda wanted=wanted: found(wanted))
        except AssertionError:
            pytest.fail(f"the page shows\n{block.text}\nthe terminal\n{terminal.output[seen:]}")
    (cookie,) = readme.blocks("cookie")
    begin = len(terminal.output)
    terminal.paste(cookie.text)
    until(lambda: found(re.compile("Login successful.*Access token refreshed successfully", re.DOTALL)))
    assert '"refresh_token"' not in terminal.output[begin:]


def test_the_session_uses_a_password_that_is_allowed() -> None:
    assert PASSWORD in readme.text()


def test_the_javascript_listener_handles_every_event() -> None:
    (listener,) = (block.text for block in readme.blocks("") if block.language == "javascript")
    events = {row[0] for row in readme.table("Event")} - {
        "content:generation:delta",  # only for clients that follow a text
        "events:caught-up",  # only for clients that connect with lastEventId
    }
    assert len(events) == 12
    assert set(re.findall(r"'((?:content|auth|batch|webhook):[\w:]+)'", listener)) == events
