"""`make audit`: weaknesses fail it, a missing network does not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tools import audit
from tools.processes import ROOT


def test_without_a_network_it_warns(nobody: str) -> None:
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
    assert ran.stdout.count("not audited") == 2, ran.stdout + ran.stderr
    assert ran.returncode == 0


PIP_AUDIT = """Found 1 known vulnerability in 1 package
Name  Version ID             Fix Versions
----- ------- -------------- ------------
flask 0.5     PYSEC-2019-179 1.0"""
NPM_AUDIT = """# npm audit report

zod  <3.22.3
Severity: high
1 high severity vulnerability"""


@pytest.mark.parametrize("said", [PIP_AUDIT, NPM_AUDIT], ids=["pip-audit", "npm audit"])
def test_a_weakness_is_shown(said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.report("Python", audit.Ran(well=False, said=said))
    assert capsys.readouterr().out == f"Python: KNOWN WEAKNESSES\n{said}\n"


def test_packages_that_are_not_found_are_no_good_news(capsys: pytest.CaptureFixture[str]) -> None:
    said = "flask Dependency not found on PyPI and could not be audited: flask (0.5)"
    assert not audit.report("Python", audit.Ran(well=True, said=said))
    assert capsys.readouterr().out == "Python: no known weakness, but 1 packages were not found\n"
