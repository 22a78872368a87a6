"""Where the data of the tests' servers is kept."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests import memory_folder as module
from tests.memory_folder import LONGEST_RUN_SECONDS, memory_folder


def test_it_is_in_memory_and_those_of_killed_runs_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IN_MEMORY", tmp_path)
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", 0)
    with memory_folder() as killed, memory_folder() as running:
        long_ago = time.time() - LONGEST_RUN_SECONDS - 60
        os.utime(killed, (long_ago, long_ago))
        with memory_folder() as folder:
            assert set(tmp_path.iterdir()) == {folder, running}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("least", [10**18, 0])
def test_without_memory_it_is_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int) -> None:
    """If there is too little, or no such folder, as on macOS."""
    place = tmp_path if least else tmp_path / "missing"
    monkeypatch.setattr(module, "IN_MEMORY", place)
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", least)
    with memory_folder() as folder:
        assert folder.is_dir()
        assert folder.parent != place
    assert not folder.exists()
