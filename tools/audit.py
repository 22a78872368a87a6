"""`make audit`: checks every pinned Python and npm dependency against the advisory databases.

Exits with 1 if a dependency has a known vulnerability, and with 2 if the audit is incomplete: a database cannot be
reached (reported within 20 s) or does not know a package. A missing answer never counts as success.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.processes import ROOT

PROBE_SECONDS = 10
PYPI_SECONDS = 180
NPM_SECONDS = 20
"""npm sends one request, pip-audit one per package, so a probe runs first to avoid minutes of retries."""
_PROBE = "import requests; requests.head('https://pypi.org/pypi/pip/json')"
_UNKNOWN = "could not be audited"
CLEAN, WEAK, NOT_AUDITED = 0, 1, 2
_NO_NETWORK = (
    "connectionerror", "connection refused", "max retries", "name resolution", "getaddrinfo", "timed out", "timeout",
    "enotfound", "econnrefused", "econnreset", "eai_again", "network", "proxyerror", "sslerror",
    "audit endpoint returned an error", "service unavailable", "404", "403", "no answer within",
)  # fmt: skip


def main() -> int:
    """Runs both audits in parallel and returns the exit code."""
    with ThreadPoolExecutor() as pool:
        audits = [pool.submit(audit) for audit in (audit_python, audit_interface)]
    verdicts = {audit.result() for audit in audits}
    return next((verdict for verdict in (WEAK, NOT_AUDITED) if verdict in verdicts), CLEAN)


@dataclass(frozen=True)
class Ran:
    """The result of a command; `said` is its complete output."""

    well: bool
    said: str


def audit_python() -> int:
    """Audits the packages in constraints.txt; prints and returns the result."""
    ran = run([sys.executable, "-c", _PROBE], ROOT, PROBE_SECONDS)
    if ran.well:
        pip_audit = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off"]
        ran = run([*pip_audit, "-r", "constraints.txt"], ROOT, PYPI_SECONDS)
    return report("Python", ran)


def audit_interface() -> int:
    """Audits the packages of the browser app; prints and returns the result."""
    interface = ROOT / "app" / "ui"
    if not (interface / "node_modules").is_dir() or not shutil.which("npm"):
        print("interface: NOT AUDITED, its node_modules or npm are missing")
        return NOT_AUDITED
    npm_audit = ["npm", "audit", "--omit=dev", "--audit-level=high", "--fetch-retries=0"]
    return report("interface", run(npm_audit, interface, NPM_SECONDS))


def run(command: Sequence[str], folder: Path, seconds: float) -> Ran:
    """Runs a command with a timeout in seconds."""
    try:
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return Ran(well=False, said=f"no answer within {seconds} s")
    return Ran(ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}".strip())


def report(name: str, ran: Ran) -> int:
    """Prints the result of an audit and returns CLEAN, WEAK or NOT_AUDITED."""
    if not ran.well and found_something(ran.said):
        print(f"{name}: KNOWN WEAKNESSES\n{ran.said}")
        return WEAK
    if unknown := ran.said.count(_UNKNOWN):
        print(f"{name}: NOT AUDITED, the database does not know {unknown} of the packages")
        return NOT_AUDITED
    if ran.well:
        print(f"{name}: no known weakness")
        return CLEAN
    reasons = [line for line in ran.said.splitlines() if "complete log of this run" not in line]
    print(f"{name}: NOT AUDITED: {reasons[-1][:200] if reasons else 'it said nothing'}")
    return NOT_AUDITED


def found_something(said: str) -> bool:
    """Whether a failed audit reports vulnerabilities, as opposed to a network error."""
    text = said.lower()
    reports = "known vulnerabilit" in text or "severity:" in text
    return reports or not any(word in text for word in _NO_NETWORK)


if __name__ == "__main__":
    sys.exit(main())
