"""The run of a generation, which stands in the document that it writes for, so that a single write guards both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, DictField, Document, IntField, ListField, StringField


class Run(Document):
    """The fields that every document with a run has: the same writes claim it, renew its lease and end it.

    Only app.generation.transitions and app.generation.pausing write them.
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
