"""Small statistics."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from typing import TypeVar

R = TypeVar("R")

median = statistics.median


def percentile(values: Sequence[float], percent: float) -> float:
    """Returns the nearest-rank percentile: the smallest value that at least `percent` % of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def in_turns(rounds: int, *measures: Callable[[], R]) -> list[list[R]]:
    """Runs the measures in alternation, so that slow periods affect all of them; returns the results of each."""
    results: list[list[R]] = [[] for _ in measures]
    for _ in range(rounds):
        for measure, found in zip(measures, results, strict=True):
            found.append(measure())
    return results
