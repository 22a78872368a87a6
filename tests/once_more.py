"""Reruns the failed tests of the previous run alone, and names those that pass.

On a machine that others use too, a process may be too slow for a test that waits for it. What fails a second time,
alone, is broken. What passes alone is named on the last lines, and has to be made patient: it is a fault, too.
Ends with 0 only when every test that failed has passed now.
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
"""What tests/conftest.py notes at the end of every run."""
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
