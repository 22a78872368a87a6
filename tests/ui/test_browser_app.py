"""The browser app end to end, in a real Chromium against the real system.

Without Node or a browser the tests are skipped with the reason. In CI they fail instead.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ops.conftest import run_process
from tests.ui.npm import UI, npm, passed_on_retry, unavailable
from tools.system import Servers, System

BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser")


def browser_is_there() -> bool:
    own = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    named = os.environ.get("CHROMIUM_PATH")
    return any(Path(path).exists() for path in (*BROWSERS, *([named] if named else []))) or any(own.glob("chromium*"))


@pytest.fixture
def stage(servers: Servers, tmp_path: Path, topic: str) -> Iterator[System]:
    """A system of its own, with a delay and a backoff that a page has the time to show."""
    system = System(
        servers.environ(
            topic,
            redis_db=3,
            BCRYPT_ROUNDS="4",
            GENERATION_DELAY_SECONDS="2",
            JOB_BACKOFF_SECONDS="4",
            RATE_LIMIT_ENABLED="false",
            MAX_WAITING_GENERATIONS="0",
            WEBHOOKS_ALLOW_PRIVATE="true",
            AI_PRICES='{"gemini-3.5-flash-lite": {"input": 100, "output": 400}}',
        ),
        tmp_path,
    )
    try:
        system.add_web()
        system.add_worker()
        yield system
    finally:
        system.stop()


def operator_of(stage: System) -> dict[str, str]:
    """The login of a new operator, as Playwright finds it in its environment."""
    names = ["--first-name", "Olga", "--last-name", "Operator"]
    command = ["flask", "user", "create", "olga@example.com", *names, "--admin", "--generate-password", "--json"]
    made = run_process([sys.executable, "-m", *command], dict(stage.environ))
    assert made.code == 0, made.errors
    return {"E2E_OPERATOR_EMAIL": "olga@example.com", "E2E_OPERATOR_PASSWORD": made.json["password"]}


def test_end_to_end(stage: System, servers: Servers, failed_once: Callable[[str], None]) -> None:
    """Playwright: a user's whole journey, live updates, faults, hostile texts, and axe on every page."""
    if not browser_is_there():
        unavailable("a Chromium (on Debian: apt-get install chromium; elsewhere: npx playwright install chromium)")
    if not (UI / "dist" / "index.html").is_file():
        unavailable("the built browser app: run `make ui`")
    addresses = {"E2E_BASE_URL": stage.webs[0].url, "E2E_STANDIN_URL": servers.gemini.url}
    printed = npm("e2e", **addresses, **operator_of(stage), E2E_PYTHON=sys.executable)
    print(printed[-3000:])
    for name in passed_on_retry(printed):
        failed_once(name)
    assert re.search(r"\d+ passed", printed)
    assert not re.search(r"\d+ (skipped|did not run)", printed)


def test_tests_retried_by_playwright_are_named() -> None:
    printed = """
      ✓   1 e2e/live.spec.ts:12:1 : a text appears (2.1s)
      ✘   2 e2e/live.spec.ts:30:1 : the notice goes (60.0s)
      ✓   3 e2e/live.spec.ts:30:1 : the notice goes (retry #1) (3.0s)
    """
    assert passed_on_retry(printed) == ["e2e/live.spec.ts:30:1 : the notice goes"]
