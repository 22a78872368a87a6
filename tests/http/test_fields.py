"""Fields of request bodies: accepted values, and bounded validation time."""

from __future__ import annotations

import math
from typing import Any

import pytest
from marshmallow import ValidationError

from app.http.fields import WholeNumber

LARGEST = 10**15


@pytest.mark.parametrize(("value", "number"), [(0, 0), (7, 7), (7.0, 7), (LARGEST, LARGEST), (1e15, LARGEST)])
def test_whole_numbers_are_accepted(value: float, number: int) -> None:
    loaded = WholeNumber(0, LARGEST).deserialize(value)
    assert (loaded, type(loaded)) == (number, int)


@pytest.mark.parametrize(
    "value",
    [-1, LARGEST + 1, 0.5, 2.5e-42, 1e300, -0.5, math.inf, math.nan, "7", True, None, [7], {}, 10**400],
    ids=str,
)
def test_other_values_are_rejected_quickly(value: Any) -> None:
    """Earlier, a fraction was searched for in the whole range of numbers, which ended the web process."""
    with pytest.raises(ValidationError):
        WholeNumber(0, LARGEST).deserialize(value)
