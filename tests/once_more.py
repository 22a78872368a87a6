"""Reruns the failed tests of the previous run alone, and names those that pass.

On a machine with other load, a process may be too slow for a test that waits for it. A test that fails again, alone, is
broken. A test that passes alone is named in the last lines and should be made more patient: that is a fault, too. The
exit code is 0 only if every failed test has now passed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.processes import ROOT

CACHE = ROOT / ".pytest_cache" / "v"
FAILED = "cache/lastfailed"
ENDED = "acg/exit-status"
"""Stored by tests/conftest.py at the end of every run."""
TESTS_FAILED = 1
FAILED_ONCE = "Failed once, passed alone"


def main() -> int:
    failed = set(noted(CACHE, FAILED) or {})
    if noted(CACHE, ENDED) != TESTS_FAILED or not failed:
        print("The run did not end with failed tests alone: it is not repeated.", file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "pytest", "--last-failed", "--last-failed-no-failures", "none"]
    again = subprocess.run(command, cwd=ROOT, check=False).returncode
    print(told(failed, set(noted(CACHE, FAILED) or {})))
    return again


def noted(cache: Path, name: str) -> Any:
    """The value in pytest's cache with this name, or None."""
    path = cache / name
    return json.loads(path.read_text()) if path.is_file() else None


def told(before: set[str], after: set[str]) -> str:
    """The final lines: which tests passed alone, and which failed again."""
    lines = [f"{FAILED_ONCE}: {name}" for name in sorted(before - after)]
    lines += [f"Failed twice: {name}" for name in sorted(before & after)]
    return "\n".join(["", *lines])


if __name__ == "__main__":
    sys.exit(main())
