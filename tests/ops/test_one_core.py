"""On a small machine each worker is bound to its own core, except the first core."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator

import pytest

from app.ops import one_core
from app.ops.one_core import MOST_CORES, keep_on_one_core

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds processes to cores")
NAME = f"test-{uuid.uuid4()}"


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[int]]:
    """The cores that this process may use: two, of which workers may use the second."""
    before = os.sched_getaffinity(0)
    if len(before) < 2:
        pytest.skip("needs two cores")
    monkeypatch.setattr(one_core, "_claims", claims := [])
    two = set(sorted(before)[:2])
    os.sched_setaffinity(0, two)
    yield two
    os.sched_setaffinity(0, before)
    for claim in claims:
        claim.close()


def started_anew(cores: set[int]) -> int | None:
    """The core that another process gets."""
    os.sched_setaffinity(0, cores)
    return keep_on_one_core(NAME)


def test_a_worker_gets_a_core_except_the_first_and_surplus_workers_stay_unbound(cores: set[int]) -> None:
    assert started_anew(cores) == max(cores)
    assert os.sched_getaffinity(0) == {max(cores)}
    assert started_anew(cores) is None
    assert os.sched_getaffinity(0) == cores


def test_no_two_workers_get_the_same_core(cores: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    bound: list[set[int]] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(4)))
    monkeypatch.setattr(os, "sched_setaffinity", lambda _pid, chosen: bound.append(chosen))
    assert {keep_on_one_core(NAME) for _ in range(3)} == {1, 2, 3}
    assert keep_on_one_core(NAME) is None
    assert sorted(map(max, bound)) == [1, 2, 3]
    monkeypatch.undo()
    assert os.sched_getaffinity(0) == cores


def test_the_core_of_a_worker_that_ended_is_free_again(cores: set[int]) -> None:
    first = started_anew(cores)
    one_core._claims.pop().close()
    assert started_anew(cores) == first


@pytest.mark.parametrize("count", [1, MOST_CORES + 1])
def test_workers_are_unbound_on_machines_with_one_core_or_many(
    count: int, cores: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(count)))
    assert keep_on_one_core(NAME) is None
    monkeypatch.undo()
    assert os.sched_getaffinity(0) == cores
