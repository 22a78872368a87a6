"""Usage and cost reports, computed from the usage rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId

from app.clock import utcnow
from app.database import collection_of
from app.usage.document import UsageRow
from app.usage.prices import DEFAULTS, Prices
from tests.person import Http, Person

LITE = "gemini-3.5-flash-lite"


def note(user_id: str, *, day: str = "2026-03-04", job: str = "job", model: str = LITE, **changes: Any) -> None:
    """Puts a call into the ledger."""
    row = {
        "_id": str(ObjectId()), "user_id": ObjectId(user_id), "content_id": ObjectId(), "job_id": job, "attempt": 1,
        "content_type": "blog", "model": model, "outcome": "done", "input_tokens": 1000, "output_tokens": 200,
        "thinking_tokens": 100, "at": datetime.fromisoformat(f"{day}T12:00:00+00:00"),
    }  # fmt: skip
    collection_of(UsageRow).insert_one(row | changes)


def usage(person: Person, query: str) -> dict[str, Any]:
    status, answer = person.call("GET", f"/api/usage?{query}")
    assert status == 200, answer
    data: dict[str, Any] = answer["data"]
    return data


def test_calls_are_added_up_by_day_model_and_type(person: Person, http: Http) -> None:
    """A generation with two attempts counts as one. Other users' usage is not included."""
    me = person.user["id"]
    note(me)
    note(me, attempt=2)
    note(me, day="2026-03-05", job="other", content_type="social")
    note(Person.register(http).user["id"])
    found = usage(person, "from=2026-03-01&to=2026-03-31")
    cost = {"amount": pytest.approx(0.00315), "currency": "USD"}  # 3 * (1000 * 0.3 + 300 * 2.5) per million
    assert found["totals"] == {
        "calls": 3, "generations": 2, "inputTokens": 3000, "outputTokens": 600, "thinkingTokens": 300, "cost": cost,
    }  # fmt: skip
    assert [(row["day"], row["calls"], row["generations"]) for row in found["rows"]] == [
        ("2026-03-04", 2, 1),
        ("2026-03-05", 1, 1),
    ]
    both = usage(person, "from=2026-03-01&to=2026-03-31&by=type,model")["rows"]
    assert [(row["type"], row["model"], row["calls"]) for row in both] == [("blog", LITE, 2), ("social", LITE, 1)]
    assert found["limits"] == {"dailyGenerations": None, "monthlyTokens": None}


def test_days_are_utc_and_both_ends_are_included(person: Person) -> None:
    me = person.user["id"]
    for moment in ("2026-03-03T23:59:59.999", "2026-03-04T00:00:00", "2026-03-05T23:59:59.999", "2026-03-06T00:00:00"):
        note(me, at=datetime.fromisoformat(f"{moment}+00:00"))
    assert usage(person, "from=2026-03-04&to=2026-03-05")["totals"]["calls"] == 2


def test_an_unknown_price_gives_an_unknown_cost(person: Person) -> None:
    """So is every total that it is part of. A missing price is never 0."""
    note(person.user["id"])
    note(person.user["id"], model="somebody-elses")
    found = usage(person, "from=2026-03-01&to=2026-03-31&by=model")
    assert found["totals"]["cost"] is None
    assert [row["cost"] and row["cost"]["currency"] for row in found["rows"]] == ["USD", None]


def test_the_default_period_is_this_month(person: Person) -> None:
    now = utcnow()
    note(person.user["id"], at=now)
    note(person.user["id"], at=now.replace(day=1) - timedelta(days=2))
    assert usage(person, "")["totals"]["calls"] == 1


def test_a_period_that_ends_before_it_begins_is_empty(person: Person) -> None:
    note(person.user["id"])
    assert usage(person, "from=2026-03-05&to=2026-03-03")["totals"]["calls"] == 0
    assert usage(person, "from=0001-01-01&to=9999-12-31&by=day,day")["totals"]["calls"] == 1


def test_no_usage_is_zero(person: Person) -> None:
    found = usage(person, "by=day,model,type")
    assert found["rows"] == []
    assert found["totals"]["cost"] == {"amount": 0, "currency": "USD"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=yesterday", "from"), ("to=2026-02-30", "to"), ("by=user", "by"), ("by=day,user", "by"), ("by=", "by"),
        ("day=1", "day"),
    ],
)  # fmt: skip
def test_invalid_fields_are_named(person: Person, query: str, field: str) -> None:
    status, answer = person.call("GET", f"/api/usage?{query}")
    assert (status, [each["field"] for each in answer["errors"]]) == (422, [field])


def test_given_prices_replace_the_built_in_ones() -> None:
    prices = Prices({LITE: (1.0, 2.0), "mine": (0.0, 0.0)})
    assert prices.cost_of(f"models/{LITE}", 1_000_000, 500_000, 500_000) == 3.0
    assert prices.cost_of("mine", 5, 5, 5) == 0
    assert prices.cost_of("gemini-2.5-pro", 1_000_000, 0, 0) == DEFAULTS["gemini-2.5-pro"].input
    assert prices.cost_of("nobodys", 1, 1, 1) is None
