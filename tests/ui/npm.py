"""Runs the browser app's own commands; without Node, the tests that need it say so and are skipped."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import NoReturn

import pytest

from tools.processes import ROOT

UI = ROOT / "app" / "ui"
LONGEST_SECONDS = 1200


def unavailable(what: str) -> NoReturn:
    reason = f"the browser app's tests need {what}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def npm(script: str, **environ: str) -> str:
    """What `npm run script` prints, without colours. Fails the test with it when it fails."""
    if not shutil.which("npm"):
        unavailable("Node 20 or newer, with npm")
    if not (UI / "node_modules").is_dir():
        unavailable("app/ui/node_modules: run `make test`, or `npm ci` there")
    done = subprocess.run(
        ["npm", "run", script],
        cwd=UI,
        env={**os.environ, "NO_COLOR": "1", "FORCE_COLOR": "0", **environ},
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    printed = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    assert done.returncode == 0, printed[-6000:]
    return printed


def passed_on_retry(printed: str) -> list[str]:
    """The names of Playwright's tests that failed at first, from what its list reporter printed."""
    return re.findall(r"(?:✓|ok) +\d+ (.+?) \(retry #\d+\)", printed)
