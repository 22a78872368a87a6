"""The run of a generation, embedded in the document it writes to, so that one atomic write covers both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, DictField, Document, IntField, ListField, StringField


class Run(Document):
    """The base class of documents with a run.

    Only app.generation.transitions and app.generation.holding write these fields.
    """

    request_id: str | None = StringField()
    failure_reason: str | None = StringField()
    failure_code: str | None = StringField()
    retry_reason: str | None = StringField()
    wake_at: datetime | None = DateTimeField()
    attempt: int = IntField(default=0)
    started_at: datetime | None = DateTimeField()
    finished_at: datetime | None = DateTimeField()
    lease_owner: str | None = StringField()
    lease_expires_at: datetime | None = DateTimeField()
    ended_by: str | None = StringField()
    feedback: str | None = StringField()
    token_budget: int | None = IntField()
    tokens_used: int = IntField(default=0)
    outbox: list[dict[str, Any]] | None = ListField(DictField(), default=None)  # see app.outbox.entries
    outbox_at: datetime | None = DateTimeField()

    meta: dict[str, Any] = {"abstract": True}  # noqa: RUF012  # MongoEngine reads this class attribute as it is
