"""No test gives up too early on a slow machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.patience import REQUEST_SECONDS

HERE = Path(__file__).parent
WAITING = ("requests.", "subprocess.", "urlopen", "communicate", "run_process")
"""Calls that end when their timeout is over, regardless of their result."""


def short_timeouts(source: str) -> Iterator[int]:
    """The lines that wait with a timeout below that of tests/patience.py."""
    for node in ast.walk(ast.parse(source)):
        given = [each.value for each in node.keywords if each.arg == "timeout"] if isinstance(node, ast.Call) else []
        short = any(isinstance(each, ast.Constant) and each.value < REQUEST_SECONDS for each in given)
        if short and any(name in ast.unparse(node.func) for name in WAITING):
            yield node.lineno


def test_no_test_uses_a_short_timeout() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(HERE.rglob("*.py"))}
    waiting = {path: source for path, source in sources.items() if "timeout=" in source}
    found = [f"{path.relative_to(HERE)}:{line}" for path, source in waiting.items() for line in short_timeouts(source)]
    assert found == []


def test_a_short_timeout_is_detected() -> None:
    assert list(short_timeouts("requests.get(url, timeout=5)")) == [1]
    assert list(short_timeouts("requests.get(url, timeout=REQUEST_SECONDS)\nclient.wait(timeout=5)")) == []
