"""Usage reports: calls, generations, tokens and their cost in a period."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from bson import ObjectId

from app.database import collection_of
from app.usage.document import UsageRow
from app.usage.prices import Prices, shown_cost

DAY, MODEL, TYPE = "day", "model", "type"
DIMENSIONS = (DAY, MODEL, TYPE)
_BY_ALL = {DAY: {"$dateToString": {"format": "%Y-%m-%d", "date": "$at"}}, MODEL: "$model", TYPE: "$content_type"}
MOST_PEOPLE = 500
_TOKENS = ("input_tokens", "output_tokens", "thinking_tokens")


@dataclass
class _Sum:
    """A sum over calls. `cost` is None if the price of one of them is not known."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    thinking_tokens: int = 0
    cost: float | None = 0.0
    jobs: set[str] = field(default_factory=set)

    def add(self, counted: Mapping[str, Any], prices: Prices) -> None:
        tokens = [counted[name] for name in _TOKENS]
        cost = prices.cost_of(counted["_id"][MODEL], *tokens)
        self.calls += counted["calls"]
        self.jobs.update(counted["jobs"])
        for name in _TOKENS:
            setattr(self, name, getattr(self, name) + counted[name])
        self.cost = None if cost is None or self.cost is None else self.cost + cost

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens + self.thinking_tokens

    def shown(self) -> dict[str, Any]:
        tokens = {name: getattr(self, name) for name in _TOKENS}
        return {"calls": self.calls, "generations": len(self.jobs), **tokens, "cost": shown_cost(self.cost)}


class UsageReports:
    """Builds usage reports. `limits` returns a user's quotas and their use."""

    def __init__(self, prices: Prices, limits: Callable[[str], dict[str, Any]]) -> None:
        self._prices = prices
        self._limits = limits

    def report(self, user_id: str, first: date, last: date, by: Iterable[str]) -> dict[str, Any]:
        """Returns the totals from `first` to `last` (UTC, inclusive), and a row for each combination of `by`.

        A generation counts once, however many attempts it took; a rewrite is not a generation. Days without calls have
        no row. `limits` are the current ones.
        """
        dimensions = tuple(by)
        totals, rows = _Sum(), dict[tuple[str, ...], _Sum]()
        for counted in _counted({"user_id": ObjectId(user_id)}, first, last, _BY_ALL):
            totals.add(counted, self._prices)
            key = tuple(counted["_id"][each] for each in dimensions)
            rows.setdefault(key, _Sum()).add(counted, self._prices)
        named = [dict(zip(dimensions, key, strict=True)) | rows[key].shown() for key in sorted(rows)]
        return {"totals": totals.shown(), "rows": named, "limits": self._limits(user_id)}

    def by_person(self, first: date, last: date) -> dict[str, Any]:
        """Like `report`, with a row for each of the (at most 500) users who used the most tokens."""
        totals, rows = _Sum(), dict[Any, _Sum]()
        for counted in _counted({}, first, last, {"user": "$user_id", MODEL: "$model"}):
            totals.add(counted, self._prices)
            rows.setdefault(counted["_id"]["user"], _Sum()).add(counted, self._prices)
        most = sorted(rows, key=lambda each: rows[each].tokens, reverse=True)[:MOST_PEOPLE]
        return {"totals": totals.shown(), "rows": [{"user_id": str(each)} | rows[each].shown() for each in most]}


def _counted(whose: Mapping[str, Any], first: date, last: date, key: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Returns the calls that match `whose`, summed up by `key`."""
    begin, end = datetime.combine(first, time(), UTC), datetime.combine(last, time(23, 59, 59, 999_999), UTC)
    job = {"$cond": [{"$eq": ["$rewrite", True]}, "$$REMOVE", "$job_id"]}
    sums = {name: {"$sum": {"$ifNull": [f"${name}", 0]}} for name in _TOKENS}
    return collection_of(UsageRow).aggregate(
        [
            {"$match": {**whose, "at": {"$gte": begin, "$lte": end}}},
            {"$group": {"_id": key, "calls": {"$sum": 1}, "jobs": {"$addToSet": job}, **sums}},
        ]
    )
