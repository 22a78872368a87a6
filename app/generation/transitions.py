"""Every state change of a run, each a single `find_one_and_update`. Only app.generation.holding writes runs as well.

    pending ──claim──▶ processing ──settle──▶ completed | failed     failed ──requeue──▶ pending
    anything that has ended, or a piece written by hand ──again──▶ pending
       │                 │  │ ▲
       │                 │  └─┘ settle with Later, Released, Expired: due again
       └──── cancel, ────┴──────────────────▶ cancelled (by its owner, or because its content was trashed)
             voided

An attempt holds a lease: `lease_owner`, a token unique to the attempt, until `lease_expires_at`. `settle` matches the
owner, so a job delivered twice, a worker that was frozen past its lease, or a content that was deleted meanwhile
changes nothing. `wake_at` is when the sweep must next check the document (due, or lease expired); finished documents
do not have it, which keeps its index small. The consequences of a change are pushed as an outbox entry by the same
write. All writes are aggregation pipelines: conditions see the document before the write, and user input is under
`$literal`.

Rewrites of passages (app.rewriting) have runs with the same fields: `of` is the document class of the run.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from mongoengine import Document
from pymongo import ReturnDocument

from app.clock import utcnow
from app.content.document import CANCELLED, FAILED, PENDING, PROCESSING, UNFINISHED, Content
from app.content.folding import refolded
from app.content.versions import revised, saving
from app.database import collection_of
from app.generation.attempt_versions import version_stages
from app.generation.outcomes import Expired, Outcome
from app.generation.run_history import PastRun
from app.generation.settle_updates import LEASE, settle_update
from app.outbox import entries
from app.outbox.entries import Entry, pushed

Stored = dict[str, Any]
"""A content as MongoDB stores it."""

_OF_ONE_RUN = (
    "failure_reason", "failure_code", "retry_reason", "started_at", "finished_at", "ended_by", "feedback",
    "token_budget", "refused_row", "held_due_at",
)  # fmt: skip
"""Fields about the course of one run. They are unset when the next run begins."""
_OF_A_NEW_RUN = (
    "job_id", "request_id", "generation_status", "asked", "due_at", "wake_at", "queue_owner", "attempt", "max_attempts",
    "updated_at", "auto_title", "accepted_by", "folded", "title_key", "checks",
)  # fmt: skip
"""Fields that `again` sets and `retract` restores."""
ASKED = ("title", "prompt", "brief")
"""Content fields that are copied into the request's snapshot when a run begins."""


def claim(
    content_id: str, attempt: int, *, lease_owner: str, lease: timedelta, of: type[Document] = Content
) -> Stored | None:
    """Begins attempt number `attempt`. Returns the content as it was before, or None if that attempt is not due.

    On the first claim of a run, the returned document has no `started_at`.
    """
    now = utcnow()
    first = {"$eq": [{"$type": "$started_at"}, "missing"]}
    started = Entry.of(entries.STARTED, now)
    begun = {
        "generation_status": PROCESSING,
        "attempt": attempt,
        "lease_owner": lease_owner,
        "lease_expires_at": now + lease,
        "wake_at": now + lease,
        "updated_at": now,
        "started_at": {"$ifNull": ["$started_at", now]},
        "retry_reason": "$$REMOVE",
    }
    waiting = {"_id": ObjectId(content_id), "deleted": False, "generation_status": {"$in": UNFINISHED}}
    its_turn = waiting | {"attempt": attempt - 1, "lease_owner": None, "due_at": {"$lte": now}}
    before = _write(its_turn, [{"$set": begun | pushed(started, first)}], ReturnDocument.BEFORE, of)
    if before is not None and before.get("started_at") is None:
        facts = {name: before.get(name) for name in entries.OF_THE_DOCUMENT}
        before["outbox"] = [*before.get("outbox", ()), started.stored() | facts]
    return before


def renew(owners: Collection[str], lease: timedelta, of: type[Document] = Content) -> Collection[str]:
    """Extends these owners' leases. Returns the owners that still hold one."""
    until = utcnow() + lease
    held: Any = of.objects(lease_owner__in=list(owners))
    renewed = held.update(set__lease_expires_at=until, set__wake_at=until)
    return owners if renewed == len(owners) else set(held.scalar("lease_owner"))


def settle(content_id: Any, lease_owner: str, outcome: Outcome, of: type[Document] = Content) -> Stored | None:
    """Ends the attempt of this owner. Returns the updated content, or None if the owner no longer holds the lease.

    `Expired` has no effect if the lease was renewed meanwhile.
    """
    now = utcnow()
    held = {"_id": ObjectId(content_id), "lease_owner": lease_owner, "deleted": False, "generation_status": PROCESSING}
    if isinstance(outcome, Expired):
        held["lease_expires_at"] = {"$lte": now}
    kept = version_stages(outcome, lease_owner, held) if of is Content else []
    return _write(held, [*kept, *settle_update(outcome, lease_owner, now)], ReturnDocument.AFTER, of)


def settled_by(content_id: Any, lease_owner: str, of: type[Document] = Content) -> Stored | None:
    """Returns the content if this owner's attempt was the last to end: whether a write without response succeeded."""
    ended: dict[str, Any] = {"_id": ObjectId(content_id), "ended_by": lease_owner, "deleted": False}
    found: Stored | None = collection_of(of).find_one(ended)
    return found


def requeue(content_id: Any, max_attempts: int, *, held: bool = False) -> Stored | None:
    """Makes a failed generation pending again, with all its attempts. Returns None if it has not failed.

    It is due now, as if its user had started it singly. With `held`, it waits until its batch releases it.
    """
    now = utcnow()
    singly = {"due_at": now, "wake_at": now, "queue_owner": "$user_id"}
    pending: dict[str, Any] = {"held_due_at": now, "queue_owner": "$batch_id"} if held else singly
    pending |= {"generation_status": PENDING, "attempt": 0, "max_attempts": max_attempts, "updated_at": now}
    return _write(
        {"_id": ObjectId(content_id), "generation_status": FAILED, "deleted": False},
        [{"$unset": [*_OF_ONE_RUN, "due_at", "wake_at"]}, {"$set": pending}],
        ReturnDocument.AFTER,
    )


def read(user_id: str, content_id: Any) -> Stored | None:
    """Returns this user's content as stored, or None."""
    found: Stored | None = _collection().find_one(_own(user_id, content_id))
    return found


def run_now(user_id: str, content_id: Any) -> Stored | None:
    """Makes a waiting generation due now, in its user's queue even if its batch is paused.

    Returns the updated content, or None if it is not waiting.
    """
    now = utcnow()
    waiting = _own(user_id, content_id) | {"generation_status": PENDING}
    due: dict[str, Any] = {name: {"$min": [f"${name}", now]} for name in ("due_at", "wake_at")}
    due |= {"queue_owner": "$user_id", "updated_at": now}
    return _write(waiting, [{"$set": due}, {"$unset": "held_due_at"}], ReturnDocument.AFTER)


def again(before: Stored, run: dict[str, Any], given: dict[str, Any]) -> Stored | None:
    """Starts a new run of a content whose run has ended. Returns the updated content.

    `before` is the content as it was read, `run` the fields of the new run, `given` the new title, prompt and brief, if
    any, and the instruction. Returns None if the content was edited or another run started meanwhile.
    """
    changes, instruction = {name: given[name] for name in ASKED if name in given}, given.get("instruction")
    unchanged = {name: before.get(name) for name in ("job_id", "generation_status", "updated_at")}
    asked = {name: f"${name}" for name in ASKED} | ({"instruction": {"$literal": instruction}} if instruction else {})
    waiting = {"generation_status": PENDING, "attempt": 0, "wake_at": run["due_at"], "queue_owner": before["user_id"]}
    settled = [*(["auto_title"] if "title" in changes else []), *(["checks"] if changes else [])]
    stages: list[dict[str, Any]] = [
        *saving(before),
        {"$set": {name: {"$literal": value} for name, value in (changes | run | waiting).items()} | refolded(changes)},
        {"$set": {"asked": {"$mergeObjects": [asked]}}},
        {"$unset": [*_OF_ONE_RUN, *settled]},
    ]
    if changes:
        stages.append({"$set": revised() | pushed(Entry.of(entries.CHANGED, run["updated_at"]))})
    return _write({"_id": before["_id"], "deleted": False} | unchanged, stages, ReturnDocument.AFTER)


def retract(before: Stored, run: dict[str, Any]) -> bool:
    """Undoes `again`, restoring the content as it was `before`. Returns False if the run has been claimed."""
    of_the_run = {*_OF_ONE_RUN, *ASKED, *_OF_A_NEW_RUN}
    restored = {"$set": {name: {"$literal": before[name]} for name in of_the_run if name in before}}
    gone = {"$unset": sorted(of_the_run - set(before))}
    new = {"_id": before["_id"], "generation_status": PENDING, "attempt": 0}
    new |= {name: run[name] for name in ("job_id", "accepted_by")}
    return _write(new, [restored, gone] if gone["$unset"] else [restored], ReturnDocument.AFTER) is not None


def withdraw(content_id: ObjectId, accepted_by: str) -> bool:
    """Deletes a request that was just stored and not acknowledged yet. Returns False if it has been claimed."""
    own = {"_id": content_id, "accepted_by": accepted_by, "generation_status": PENDING, "attempt": 0}
    return bool(_collection().delete_one(own).deleted_count)


def holds(content_id: Any, lease_owner: str, of: type[Document] = Content) -> bool:
    """Whether this owner holds the lease. Check it right before anything that costs money."""
    return collection_of(of).find_one({"_id": ObjectId(content_id), "lease_owner": lease_owner}, {"_id": 1}) is not None


def is_unfinished(content_id: Any, job_id: str | None, of: type[Document] = Content) -> bool:
    """Whether this run is waiting or running."""
    run = {"_id": ObjectId(content_id), "job_id": job_id, "generation_status": {"$in": list(UNFINISHED)}}
    return collection_of(of).find_one(run | {"deleted": False}, {"_id": 1}) is not None


def cancel(user_id: str, content_id: Any) -> Stored | None:
    """Cancels a waiting or running run. Returns the updated content, or None if this user has no such run."""
    now = utcnow()
    cancelled = {"generation_status": CANCELLED, "finished_at": now, "updated_at": now}
    return _write(
        _own(user_id, content_id) | {"generation_status": {"$in": list(UNFINISHED)}},
        [
            {"$set": cancelled | pushed(Entry.of(entries.CANCELLED, now))},
            {"$unset": [*LEASE, "wake_at", "ended_by", "retry_reason"]},
        ],
        ReturnDocument.AFTER,
    )


def was_cancelled(content_id: Any, job_id: str | None) -> bool:
    """Whether this run was cancelled. The content may have a new run since."""
    run = {"_id": ObjectId(content_id), "job_id": job_id, "generation_status": CANCELLED}
    return _collection().find_one(run, {"_id": 1}) is not None or PastRun.was_cancelled(str(job_id))


def voided(now: datetime) -> list[dict[str, Any]]:
    """Returns pipeline stages that cancel an unfinished run, for the update that moves its content to the trash."""
    unfinished = {"$in": [{"$ifNull": ["$generation_status", ""]}, list(UNFINISHED)]}
    gone = {name: {"$cond": [unfinished, "$$REMOVE", f"${name}"]} for name in (*LEASE, "wake_at")}
    status = {"$cond": [unfinished, CANCELLED, "$generation_status"]}
    return [{"$set": {"generation_status": status} | gone | pushed(Entry.of(entries.VOIDED, now), unfinished)}]


def call_off(run_id: Any, reason: str, of: type[Document]) -> Stored | None:
    """Fails a run without an event, because its content was moved to the trash.

    Returns the updated document, or None if the run had already ended.
    """
    now = utcnow()
    failed = {"generation_status": FAILED, "failure_reason": reason, "finished_at": now, "updated_at": now}
    unfinished = {"_id": ObjectId(run_id), "generation_status": {"$in": list(UNFINISHED)}}
    return _write(unfinished, [*voided(now), {"$set": failed}], ReturnDocument.AFTER, of)


def _own(user_id: str, content_id: Any) -> dict[str, Any]:
    return {"_id": ObjectId(content_id), "user_id": ObjectId(user_id), "deleted": False}


def _write(
    found: dict[str, Any], update: list[dict[str, Any]], which: bool, of: type[Document] = Content
) -> Stored | None:
    changed: Stored | None = collection_of(of).find_one_and_update(found, update, return_document=which)
    return changed


def _collection() -> Any:
    return collection_of(Content)
