"""The update pipelines of `transitions.settle`, one for each outcome of an attempt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.content.document import COMPLETED, FAILED, PROCESSING
from app.content.folding import refolded
from app.content.versions import revised
from app.generation.outcomes import Done, Expired, Later, Never, Outcome, Released
from app.generation.titles import heading_of
from app.outbox import entries
from app.outbox.entries import Entry, pushed

WORKER_DIED_CODE = "worker_died"
LEASE = ("lease_owner", "lease_expires_at")
"""The fields of a lease. Only a run with an attempt in progress has them."""


def settle_update(outcome: Outcome, lease_owner: str, now: datetime) -> list[dict[str, Any]]:
    """Returns the update pipeline for an outcome."""
    match outcome:
        case Done(text, usage, model):
            done = {"generation_status": COMPLETED, "generated_text": text, "finished_at": now}
            done |= {"model": model} if model else {}
            gone = ("wake_at", "failure_reason", "failure_code", "auto_title")
            ended = _ended(lease_owner, now, entries.COMPLETED, done, usage.total, *gone)
            return [*_titled(text), *ended, {"$set": revised() | refolded({"generated_text": text})}]
        case Never(reason, code, usage, _):
            failed = {"generation_status": FAILED, "failure_reason": reason, "failure_code": code, "finished_at": now}
            return _ended(lease_owner, now, entries.FAILED, failed, usage.total, "wake_at")
        case Later(reason, due_at, feedback, token_budget, usage, _):
            again = {"due_at": due_at, "wake_at": due_at, "retry_reason": reason}
            hints = {"feedback": feedback, "token_budget": token_budget}
            return _ended(lease_owner, now, entries.RETRYING, again | hints, usage.total, reason=reason, due_at=due_at)
        case Released():
            uncounted = {"attempt": {"$subtract": ["$attempt", 1]}, "due_at": now, "wake_at": now}
            return [{"$set": uncounted | {"ended_by": lease_owner}}, {"$unset": list(LEASE)}]
        case Expired():
            return _expired(outcome, lease_owner, now)


def _ended(
    lease_owner: str, now: datetime, kind: str, values: dict[str, Any], tokens: int, *gone: str, **data: Any
) -> list[dict[str, Any]]:
    assigned = {name: {"$literal": value} for name, value in values.items()} | {
        "updated_at": now,
        "ended_by": lease_owner,
        "tokens_used": {"$add": [{"$ifNull": ["$tokens_used", 0]}, tokens]},
    }
    return [{"$set": assigned | pushed(Entry.of(kind, now, **data))}, {"$unset": [*LEASE, *gone]}]


def _titled(text: str) -> list[dict[str, Any]]:
    """Replaces a provisional title by the first heading of the text."""
    heading = heading_of(text)
    if heading is None:
        return []
    provisional = {"$eq": ["$auto_title", True]}
    title = {"$cond": [provisional, {"$literal": heading}, "$title"]}
    return [{"$set": {"title": title} | refolded({"title": heading}, provisional)}]


def _expired(outcome: Expired, lease_owner: str, now: datetime) -> list[dict[str, Any]]:
    """Makes the run due again at once, or failed if this was the last attempt. The update itself decides which."""
    last = {"$gte": ["$attempt", {"$ifNull": ["$max_attempts", 1]}]}
    again = {"$not": [last]}
    failed = {"failure_reason": outcome.reason_at_the_end, "failure_code": WORKER_DIED_CODE, "finished_at": now}
    assigned = {name: {"$cond": [last, {"$literal": value}, f"${name}"]} for name, value in failed.items()} | {
        "generation_status": {"$cond": [last, FAILED, PROCESSING]},
        "due_at": {"$cond": [last, "$due_at", now]},
        "wake_at": {"$cond": [last, "$$REMOVE", now]},
        "retry_reason": {"$cond": [last, "$retry_reason", {"$literal": outcome.reason}]},
        "updated_at": now,
        "ended_by": lease_owner,
    }
    end, retry = Entry.of(entries.FAILED, now), Entry.of(entries.RETRYING, now, reason=outcome.reason, due_at=now)
    return [{"$set": assigned | _either(last, end, again, retry)}, {"$unset": list(LEASE)}]


def _either(last: Any, end: Entry, again: Any, retry: Entry) -> dict[str, Any]:
    """Pushes one of two outbox entries in a single `$set` stage."""
    one, other = pushed(end, last), pushed(retry, again)
    return {
        "outbox": {"$cond": [last, one["outbox"], other["outbox"]]},
        "outbox_at": {"$cond": [last, one["outbox_at"], other["outbox_at"]]},
    }
