"""Computes the tokens and cost of the model calls that produced versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bson import ObjectId

from app.database import collection_of
from app.usage.document import UsageRow
from app.usage.prices import Prices, shown_cost

TOKENS = ("input_tokens", "output_tokens", "thinking_tokens")
NOTHING = {"calls": 0, **dict.fromkeys(TOKENS, 0), "cost": None}
"""The usage of a text that no model wrote."""


def usage_of(content_id: str, job_ids: Iterable[str], prices: Prices) -> dict[str, dict[str, Any]]:
    """Returns, by job id: calls, tokens, cost (None if a price is not known) and the last model called."""
    stages: list[dict[str, Any]] = [
        {"$match": {"content_id": ObjectId(content_id), "job_id": {"$in": list(job_ids)}}},
        {"$sort": {"at": 1}},
    ]
    calls: dict[str, list[dict[str, Any]]] = {}
    for row in collection_of(UsageRow).aggregate(stages):
        calls.setdefault(row["job_id"], []).append(row)
    return {job_id: _sum(rows, prices) for job_id, rows in calls.items()}


def _sum(rows: list[dict[str, Any]], prices: Prices) -> dict[str, Any]:
    counted = {name: sum(row.get(name) or 0 for row in rows) for name in TOKENS}
    costs = [prices.cost_of(row["model"], *(row.get(name) or 0 for name in TOKENS)) for row in rows]
    known = [cost for cost in costs if cost is not None]
    cost = sum(known) if len(known) == len(costs) else None
    return {"calls": len(rows), **counted, "cost": shown_cost(cost), "model": rows[-1]["model"]}
