"""A short chaos drill; `make chaos` runs longer ones."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.drill import run


def test_every_promise_is_kept(tmp_path: Path) -> None:
    verdict = run(seed=20261122, seconds=15, generations=60, folder=tmp_path)
    print(f"\n{verdict.table()}")
    assert verdict.kept, verdict.table()
