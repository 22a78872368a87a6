"""`make audit`: asks the advisory databases about every pinned dependency, Python's and the interface's.

Exit code 1 when one has a known weakness. When the databases cannot be reached it warns and ends with 0, so that a
machine without a network is not stopped by it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.dev.processes import ROOT

PATIENCE_SECONDS = 180
_NO_NETWORK = (
    "connectionerror", "connection refused", "max retries", "name resolution", "getaddrinfo", "timed out", "timeout",
    "enotfound", "econnrefused", "econnreset", "eai_again", "network", "proxyerror", "sslerror",
    "audit endpoint returned an error", "service unavailable", "404", "403",
)  # fmt: skip


def main() -> int:
    """Runs both audits; the exit code."""
    constraints = ROOT / "constraints.txt"
    pip_audit = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off"]
    found = [audit("Python", [*pip_audit, "-r", str(constraints)], ROOT)]
    interface = ROOT / "app" / "ui"
    if (interface / "node_modules").is_dir() and shutil.which("npm"):
        found.append(audit("interface", ["npm", "audit", "--omit=dev", "--audit-level=high"], interface))
    else:
        print("interface: not audited, its node_modules or npm are missing")
    return int(any(found))


def audit(name: str, command: Sequence[str], folder: Path) -> bool:
    """Runs one audit and prints what it says; whether it found a weakness."""
    try:
        result = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        print(f"{name}: WARNING, not audited: no answer within {PATIENCE_SECONDS} s")
        return False
    said = f"{result.stdout}\n{result.stderr}".strip()
    if result.returncode == 0:
        print(f"{name}: no known weakness")
        return False
    if found_something(said):
        print(f"{name}: known weaknesses\n{said}")
        return True
    reason = said.splitlines()[-1][:200] if said else "it said nothing"
    print(f"{name}: WARNING, not audited: {reason}")
    return False


def found_something(said: str) -> bool:
    """Whether a failed audit reports weaknesses, not that it could not ask."""
    text = said.lower()
    reports = "known vulnerabilit" in text or "severity:" in text
    return reports or not any(word in text for word in _NO_NETWORK)


if __name__ == "__main__":
    sys.exit(main())
