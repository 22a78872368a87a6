"""Building the declared indexes."""

from __future__ import annotations

import pytest

from app.ops.indexes import ensure_indexes
from tests.round_trips import counted


@pytest.mark.usefixtures("app")
def test_an_index_may_take_any_time_to_build() -> None:
    with counted() as operations:
        ensure_indexes()
    assert set(operations.timeouts) == {None}
