"""SECURITY.md names the tests of its promises: each of them exists."""

from __future__ import annotations

import ast
import re

from tools.processes import ROOT


def test_every_test_that_security_names_exists() -> None:
    """Fails if the test of a promise was renamed or removed."""
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8")))
    existing = {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert named, "SECURITY.md names no tests"
    assert named - existing == set()
