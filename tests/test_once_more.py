"""Rerunning failed tests: those that pass alone are named, and real failures are not hidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import once_more


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """pytest's cache, after a run that ended with failed tests."""
    monkeypatch.setattr(once_more, "CACHE", tmp_path)
    for name, content in ((once_more.FAILED, {"a::b": True}), (once_more.ENDED, once_more.TESTS_FAILED)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(content))
    return tmp_path


@pytest.fixture
def repeated(cache: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of repeated runs; the test that failed passes in them."""
    commands: list[list[str]] = []

    class Passed:
        returncode = 0

    def run(command: list[str], **_: object) -> Passed:
        commands.append(command)
        (cache / once_more.FAILED).write_text("{}")
        return Passed()

    monkeypatch.setattr("tests.once_more.subprocess.run", run)
    return commands


def test_tests_that_pass_alone_are_named(repeated: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert once_more.main() == 0
    assert len(repeated) == 1
    assert "--last-failed" in repeated[0]
    assert capsys.readouterr().out.splitlines()[-1] == "Failed once, passed alone: a::b"


def test_tests_that_fail_twice_are_reported_separately() -> None:
    lines = once_more.told({"a", "b"}, {"b", "c"}).splitlines()
    assert lines[1:] == ["Failed once, passed alone: a", "Failed twice: b"]


@pytest.mark.parametrize(
    ("name", "content"), [("cache/lastfailed", {}), ("acg/exit-status", 2), ("acg/exit-status", 3)]
)
def test_an_aborted_run_remains_a_failure(cache: Path, repeated: list[list[str]], name: str, content: object) -> None:
    """If it was interrupted, crashed before any test, or recorded nothing."""
    (cache / name).write_text(json.dumps(content))
    assert once_more.main() == 1
    assert repeated == []
