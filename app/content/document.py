"""A piece of content and its state transitions: each is one atomic write, and nobody else writes them.

    pending ──claim──▶ processing ──finish──▶ completed      failed ──requeue──▶ pending
       │                 │  │ ▲ └───fail────▶ failed
       │                 │  └─┘ retry, hand_back, give_up_lease: due again
       └────delete───────┴──────────────────▶ cancelled

An attempt holds a lease: `lease_owner`, a token that no other attempt has, until `lease_expires_at`. Finish, retry
and fail are writes that match the owner, so that a job delivered twice, a worker that was frozen past its lease and
a content that was deleted meanwhile change nothing. `wake_at` is the one time at which somebody must look at the
document again (due, or lease expired); finished documents do not have it, which keeps its index small.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Self, cast

from bson import ObjectId
from mongoengine import BooleanField, DateTimeField, Document, IntField, ObjectIdField, StringField
from mongoengine.queryset.visitor import Q
from pymongo import ReturnDocument

from app.clock import utcnow

CONTENT_TYPES = ("blog", "product", "social")
STATUSES = ("draft", "published")

PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED = "pending", "processing", "completed", "failed", "cancelled"
GENERATION_STATUSES = (PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED)
UNFINISHED = (PENDING, PROCESSING)
_OF_ONE_RUN = ("failure_reason", "started_at", "finished_at", "ended_by", "feedback", "token_budget")
"""Fields that say how one run of a generation went; the next run begins without them."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Backlog:
    """What is unfinished now. `overdue_since`: when the one that waits longest beyond its time was due."""

    waiting: int
    running: int
    overdue: int
    overdue_since: datetime | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """What the sweep has to know of a content; there may be thousands at each look, so they are no documents."""

    id: ObjectId
    user_id: ObjectId
    job_id: str
    due_at: datetime
    wake_at: datetime
    attempt: int = 0
    max_attempts: int = 1
    lease_owner: str | None = None
    lease_expires_at: datetime | None = None
    request_id: str | None = None

    @property
    def log_ids(self) -> dict[str, Any]:
        """The ids by which the log's lines about this generation are found."""
        return _log_ids(self)


class Content(Document):
    """A title, a request and its text. `generation_status` is None for a piece written by hand."""

    user_id: ObjectId = ObjectIdField(required=True)
    title: str = StringField(required=True)
    content_type: str = StringField(required=True, choices=CONTENT_TYPES)
    prompt: str = StringField(required=True)
    generated_text: str = StringField(default="")
    status: str = StringField(default="draft", choices=STATUSES)
    created_at: datetime = DateTimeField(required=True, default=utcnow)
    updated_at: datetime = DateTimeField(required=True, default=utcnow)
    deleted: bool = BooleanField(required=True, default=False)
    deleted_at: datetime | None = DateTimeField()

    job_id: str | None = StringField()
    request_id: str | None = StringField()
    generation_status: str | None = StringField(choices=GENERATION_STATUSES)
    failure_reason: str | None = StringField()
    due_at: datetime | None = DateTimeField()
    wake_at: datetime | None = DateTimeField()
    attempt: int = IntField(default=0)
    max_attempts: int | None = IntField()
    started_at: datetime | None = DateTimeField()
    finished_at: datetime | None = DateTimeField()
    lease_owner: str | None = StringField()
    lease_expires_at: datetime | None = DateTimeField()
    ended_by: str | None = StringField()
    feedback: str | None = StringField()
    token_budget: int | None = IntField()
    tokens_used: int = IntField(default=0)

    meta = {  # noqa: RUF012  # MongoEngine reads this class attribute as it is
        "collection": "contents",
        "strict": False,  # a later release may add fields while this one still runs
        "auto_create_index": False,
        "indexes": [
            # a person's list, newest first, and its count; the three filters are answered from the index's own keys
            {
                "name": "list",
                "fields": [
                    "user_id", "deleted", "-created_at", "-id", "content_type", "status", "generation_status",
                ],
            },
            # how many generations of a person wait; only those are in it
            {
                "name": "waiting",
                "fields": ["user_id"],
                "partialFilterExpression": {"generation_status": PENDING},
            },
            # job status
            {"name": "job", "fields": ["job_id"], "unique": True, "sparse": True},
            # the sweep: what is due or whose lease ran out; finished documents have no wake_at and are not in it
            {"name": "wake", "fields": ["wake_at", "id"], "partialFilterExpression": {"wake_at": {"$exists": True}}},
            # how many attempts run; sparse: only those that run are in it
            {"name": "lease", "fields": ["lease_owner"], "sparse": True},
            # the operators' commands: what failed, latest first; the rest is not in it
            {
                "name": "failed",
                "fields": ["-finished_at"],
                "partialFilterExpression": {"generation_status": "failed", "deleted": False},
            },
        ],
    }  # fmt: skip

    @classmethod
    def request(cls, *, due_at: datetime, max_attempts: int, request_id: str | None, **values: Any) -> Self:
        """A request for a text, pending until `due_at`; not stored yet, its id and job id already given."""
        return cls(
            id=ObjectId(),
            **values,
            job_id=str(ObjectId()),
            request_id=request_id,
            generation_status=PENDING,
            due_at=due_at,
            wake_at=due_at,
            max_attempts=max_attempts,
        )

    def insert(self) -> None:
        """Stores a new content, after the same checks as MongoEngine's `save`, in two thirds of its time."""
        self.validate()
        self._get_collection().insert_one(self.to_mongo())

    @classmethod
    def adopted(cls, *, max_attempts: int, **values: Any) -> Self:
        """A content, not yet stored, that another system made; what was unfinished there is pending, due now."""
        content = cls(**values)
        status = content.generation_status
        if status in UNFINISHED and content.deleted:
            content.generation_status = CANCELLED
        elif status in UNFINISHED:
            content.generation_status = PENDING
            content.due_at = content.wake_at = utcnow()
            content.max_attempts = max_attempts
        elif status in {COMPLETED, FAILED}:
            content.finished_at = content.updated_at
        return content

    @classmethod
    def count_waiting(cls, user_id: str) -> int:
        """How many of a person's generations have not begun."""
        return int(cls.objects(user_id=user_id, generation_status=PENDING).count())

    @classmethod
    def withdraw(cls, content: Content) -> None:
        """Takes a request back that was stored a moment ago and never shown to anybody."""
        cls.objects(id=content.id, generation_status=PENDING, attempt=0).delete()

    @classmethod
    def claim(cls, content_id: str, attempt: int, *, owner: str, lease: timedelta) -> Self | None:
        """Begins attempt number `attempt`; None when that is not what this content is waiting for now."""
        now = utcnow()
        return cls._change(
            {
                "_id": ObjectId(content_id),
                "deleted": False,
                "generation_status": {"$in": UNFINISHED},
                "attempt": attempt - 1,
                "lease_owner": None,
                "due_at": {"$lte": now},
            },
            {
                "$set": {
                    "generation_status": PROCESSING,
                    "attempt": attempt,
                    "lease_owner": owner,
                    "lease_expires_at": now + lease,
                    "wake_at": now + lease,
                    "updated_at": now,
                },
                "$min": {"started_at": now},
            },
        )

    @property
    def just_started(self) -> bool:
        """Of a content as `claim` returned it: whether that was the first claim of this generation."""
        return self.started_at == self.updated_at

    @classmethod
    def renew_leases(cls, owners: Collection[str], lease: timedelta) -> Collection[str]:
        """Moves the end of the leases that these owners hold; the owners that still hold one."""
        until = utcnow() + lease
        held: Any = cls.objects(lease_owner__in=list(owners))
        renewed = held.update(set__lease_expires_at=until, set__wake_at=until)
        return owners if renewed == len(owners) else set(held.scalar("lease_owner"))

    @classmethod
    def finish(cls, content_id: Any, owner: str, text: str, tokens: int) -> Self | None:
        """Stores the text; None when the owner no longer holds the lease."""
        now = utcnow()
        completed = {"generation_status": COMPLETED, "generated_text": text, "finished_at": now, "updated_at": now}
        return cls._end_attempt(content_id, owner, completed, {"tokens_used": tokens}, "wake_at", "failure_reason")

    @classmethod
    def fail(cls, content_id: Any, owner: str, reason: str, tokens: int = 0) -> Self | None:
        """Ends the generation with a reason; None when the owner no longer holds the lease."""
        now = utcnow()
        failed = {"generation_status": FAILED, "failure_reason": reason, "finished_at": now, "updated_at": now}
        return cls._end_attempt(content_id, owner, failed, {"tokens_used": tokens}, "wake_at")

    @classmethod
    def retry(
        cls,
        content_id: Any,
        owner: str,
        due_at: datetime,
        *,
        feedback: str | None = None,
        token_budget: int | None = None,
        tokens: int = 0,
    ) -> Self | None:
        """Ends the attempt, counted, and asks for the next one at `due_at`; None when the lease is lost."""
        due = {"due_at": due_at, "wake_at": due_at, "updated_at": utcnow()}
        hints = {"feedback": feedback, "token_budget": token_budget}
        return cls._end_attempt(content_id, owner, due | hints, {"tokens_used": tokens})

    @classmethod
    def hand_back(cls, content_id: Any, owner: str) -> Self | None:
        """Ends the attempt as if it had not begun: due now, not counted. None when the lease is lost."""
        now = utcnow()
        return cls._end_attempt(content_id, owner, {"due_at": now, "wake_at": now}, {"attempt": -1})

    @classmethod
    def settled_by(cls, content_id: Any, owner: str) -> Self | None:
        """The content, when this owner's attempt was the last to end; tells whether an unanswered write arrived."""
        return cast("Self | None", cls.objects(id=content_id, ended_by=owner, deleted=False).first())

    @classmethod
    def _end_attempt(
        cls, content_id: Any, owner: str, values: dict[str, Any], added: dict[str, int], *gone: str
    ) -> Self | None:
        return cls._change(
            {"_id": ObjectId(content_id), "lease_owner": owner, "deleted": False, "generation_status": PROCESSING},
            {
                "$set": values | {"ended_by": owner},
                "$inc": added,
                "$unset": dict.fromkeys(("lease_owner", "lease_expires_at", *gone), True),
            },
        )

    @classmethod
    def _change(cls, found: dict[str, Any], update: dict[str, Any]) -> Self | None:
        """One atomic write to the one document that matches; it as it is then, or None.

        In MongoDB's own words: MongoEngine's `modify` says the same in two thirds more of the worker's time.
        """
        changed = cls._get_collection().find_one_and_update(found, update, return_document=ReturnDocument.AFTER)
        return cls._from_son(changed) if changed else None

    @classmethod
    def overdue(cls, until: datetime, after: tuple[datetime, Any] | None, limit: int) -> list[Overdue]:
        """Unfinished contents to look at by `until`, earliest first, that come after the given (wake_at, id)."""
        found = cls.overdue_query(until, after, limit).as_pymongo()
        return [Overdue(id=each.pop("_id"), **each) for each in found]

    @classmethod
    def overdue_query(cls, until: datetime, after: tuple[datetime, Any] | None, limit: int) -> Any:
        """The query behind `overdue`, answered by the index `wake`."""
        found: Any = cls.objects(wake_at__lte=until)
        if after is not None:
            wake_at, last_id = after
            found = found.filter(Q(wake_at__gt=wake_at) | Q(wake_at=wake_at, id__gt=last_id))
        return found.order_by("wake_at", "id").only(*(field.name for field in fields(Overdue))).limit(limit)

    @classmethod
    def backlog(cls) -> Backlog:
        """Counts from the indexes of what is unfinished; what is finished costs nothing."""
        now = utcnow()
        unfinished: int = cls.objects(wake_at__gt=_LONG_AGO).count()
        running: int = cls.objects(lease_owner__gt="").count()
        overdue: Any = cls.objects(wake_at__lte=now)
        first = overdue.order_by("wake_at").only("wake_at").first()
        return Backlog(max(0, unfinished - running), running, overdue.count(), first.wake_at if first else None)

    @classmethod
    def unfinished(cls, limit: int) -> list[Self]:
        """What waits or runs, the one to look at next first."""
        found: Any = cls.objects(wake_at__gt=_LONG_AGO).order_by("wake_at").limit(limit)
        return list(found)

    @classmethod
    def failed_since(cls, moment: datetime | None = None) -> Any:
        """What failed since then (ever), latest first, as a queryset."""
        failed: Any = cls.objects(generation_status=FAILED, deleted=False, finished_at__gt=moment or _LONG_AGO)
        return failed.order_by("-finished_at")

    @classmethod
    def requeue(cls, content_id: Any, max_attempts: int) -> Self | None:
        """Makes a failed generation pending again, due now, with all its attempts; None when it has not failed."""
        now = utcnow()
        failed: Any = cls.objects(id=content_id, generation_status=FAILED, deleted=False)
        pending = failed.modify(
            new=True,
            set__generation_status=PENDING,
            set__attempt=0,
            set__max_attempts=max_attempts,
            set__due_at=now,
            set__wake_at=now,
            set__updated_at=now,
            **{f"unset__{name}": True for name in _OF_ONE_RUN},
        )
        return cast("Self | None", pending)

    @property
    def log_ids(self) -> dict[str, Any]:
        """As those of Overdue."""
        return _log_ids(self)

    @classmethod
    def take_expired(cls, content: Overdue, reason: str) -> Content | None:
        """Ends an attempt whose lease ran out: due again at once, or failed when it was the last; None: it lives."""
        now = utcnow()
        expired: Any = cls.objects(
            id=content.id, lease_owner=content.lease_owner, lease_expires_at__lte=now, generation_status=PROCESSING
        )
        freed = {"set__updated_at": now, "unset__lease_owner": True, "unset__lease_expires_at": True}
        if content.attempt < content.max_attempts:
            taken = expired.modify(new=True, **freed, set__due_at=now, set__wake_at=now)
        else:
            taken = expired.modify(
                new=True,
                **freed,
                set__generation_status=FAILED,
                set__failure_reason=reason,
                set__finished_at=now,
                unset__wake_at=True,
            )
        return cast("Content | None", taken)

    @classmethod
    def change(cls, user_id: str, content_id: str, values: Mapping[str, str]) -> Self | None:
        """Sets what its owner may change; None when there is no such content, or its text is yet to be generated."""
        own: Any = cls.objects(id=content_id, user_id=user_id, deleted=False)
        if "generated_text" in values:
            own = own.filter(generation_status__nin=UNFINISHED)
        writes = {f"set__{name}": value for name, value in values.items()}
        return cast("Self | None", own.modify(new=True, set__updated_at=utcnow(), **writes))

    @classmethod
    def delete_for(cls, user_id: str, content_id: str) -> Self | None:
        """Deletes softly and voids a generation that is waiting or running; the document as it was, or None."""
        now = utcnow()
        own: Any = cls.objects(id=content_id, user_id=user_id, deleted=False)
        gone = {"set__deleted": True, "set__deleted_at": now, "set__updated_at": now}
        unfinished = own.filter(generation_status__in=UNFINISHED).modify(
            **gone,
            set__generation_status=CANCELLED,
            unset__lease_owner=True,
            unset__lease_expires_at=True,
            unset__wake_at=True,
        )
        return cast("Self | None", unfinished or own.modify(**gone))


def _log_ids(content: Content | Overdue) -> dict[str, Any]:
    return {"request_id": content.request_id, "content_id": str(content.id), "job_id": content.job_id}
