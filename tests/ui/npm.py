"""Runs the browser app's own commands; without Node, the tests that need it say so and are skipped."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import NoReturn

import pytest

from tests.process_group import run_group
from tools.processes import ROOT

UI = ROOT / "app" / "ui"
LONGEST_SECONDS = 1200
MOST_SNAPSHOTS = 4
SNAPSHOT_CHARACTERS = 4000


def unavailable(what: str) -> NoReturn:
    reason = f"the browser app's tests need {what}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def npm(script: str, **environ: str) -> str:
    """What `npm run script` prints, without colours. Fails the test with it when it fails."""
    if not shutil.which("npm"):
        unavailable("Node 22.12 or newer, or 20.19, with npm")
    if not (UI / "node_modules").is_dir():
        unavailable("app/ui/node_modules: run `make test`, or `npm ci` there")
    # When npm is killed, it leaves its children behind: browsers that go on for minutes.
    ended = run_group(
        ["npm", "run", script],
        cwd=UI,
        environ={**os.environ, "NO_COLOR": "1", "FORCE_COLOR": "0", **environ},
        timeout=LONGEST_SECONDS,
        errors=subprocess.STDOUT,
    )
    printed = re.sub(r"\x1b\[[0-9;]*m", "", ended.stdout)
    assert ended.returncode == 0, printed[-6000:] + pages_shown(printed)
    return printed


def pages_shown(printed: str) -> str:
    """What the pages showed when Playwright's tests failed: the snapshots that it names in what it printed."""
    paths = dict.fromkeys(re.findall(r"Error Context: (\S+)", printed))
    snapshots = [(UI / path).read_text().partition("# Page snapshot")[2] for path in paths if (UI / path).is_file()]
    return "".join(f"\n\nThe page:{snapshot[:SNAPSHOT_CHARACTERS]}" for snapshot in snapshots[:MOST_SNAPSHOTS])


def passed_on_retry(printed: str) -> list[str]:
    """The names of Playwright's tests that failed at first, from what its list reporter printed."""
    return re.findall(r"(?:✓|ok) +\d+ (.+?) \(retry #\d+\)", printed)
