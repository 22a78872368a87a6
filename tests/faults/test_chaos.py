"""A short chaos drill; `make chaos` runs longer ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.chaos.drill import run


def test_every_promise_is_kept(tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    seconds, generations = rounds(15, 120), rounds(60, 500)
    verdict = run(seed=20261122, seconds=seconds, generations=generations, folder=tmp_path)
    print(f"\n{verdict.table()}")
    assert verdict.kept, verdict.table()
