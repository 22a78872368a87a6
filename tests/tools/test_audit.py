"""`make audit` fails for vulnerabilities, and if nothing could be audited."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tools import audit
from tools.processes import ROOT


def test_without_a_network_it_says_that_nothing_was_audited(nobody: str) -> None:
    nowhere = f"http://{nobody}"
    proxies = dict.fromkeys(("HTTPS_PROXY", "https_proxy", "npm_config_https_proxy"), nowhere)
    direct = dict.fromkeys(("NO_PROXY", "no_proxy", "npm_config_noproxy"), "")
    ran = subprocess.run(
        [sys.executable, "-m", "tools.audit"],
        cwd=ROOT,
        env={**os.environ, **proxies, **direct},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout.count("NOT AUDITED") == 2, ran.stdout + ran.stderr
    assert "no known weakness" not in ran.stdout
    assert ran.returncode == audit.NOT_AUDITED


PIP_AUDIT = """Found 1 known vulnerability in 1 package
Name  Version ID             Fix Versions
----- ------- -------------- ------------
flask 0.5     PYSEC-2019-179 1.0"""
NPM_AUDIT = """# npm audit report

zod  <3.22.3
Severity: high
1 high severity vulnerability"""


@pytest.mark.parametrize("said", [PIP_AUDIT, NPM_AUDIT], ids=["pip-audit", "npm audit"])
def test_a_vulnerability_is_shown(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.report("Python", audit.Ran(well=False, said=said)) == audit.WEAK
    assert capsys.readouterr().out == f"Python: KNOWN WEAKNESSES\n{said}\n"


@pytest.mark.parametrize("count", [1, 126])
def test_packages_that_are_not_found_fail_the_audit(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    """pip-audit succeeds in that case, but the audit fails."""
    said = "\n".join(["flask Dependency not found on PyPI and could not be audited: flask (0.5)"] * count)
    assert audit.report("Python", audit.Ran(well=True, said=said)) == audit.NOT_AUDITED
    assert capsys.readouterr().out == f"Python: NOT AUDITED, the database does not know {count} of the packages\n"


def test_a_clean_audit_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.report("Python", audit.Ran(well=True, said="No known vulnerabilities found")) == audit.CLEAN
    assert capsys.readouterr().out == "Python: no known weakness\n"


@pytest.mark.parametrize(
    ("verdicts", "code"), [((0, 0), 0), ((0, 1), 1), ((2, 1), 1), ((1, 2), 1), ((2, 0), 2), ((2, 2), 2)]
)
def test_the_exit_code_is_the_worst_of_both(
    verdicts: tuple[int, int], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "audit_python", lambda: verdicts[0])
    monkeypatch.setattr(audit, "audit_interface", lambda: verdicts[1])
    assert audit.main() == code
