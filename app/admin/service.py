"""Operators' access to generations, usage and the provider. Never exposes prompts, titles or texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from bson import ObjectId

from app.admin import people
from app.admin.document import AuditEntry
from app.clock import iso
from app.config import Settings
from app.content.document import FAILED, Content
from app.database import collection_of
from app.errors import Conflict, GenerationError, NotFound
from app.generation import backlog
from app.generation.providers.probe import ask_for_model
from app.generation.requeue import Requeues
from app.usage.report import UsageReports

PROBE_SECONDS = 10.0
_OF_A_RUN = (
    "user_id", "job_id", "batch_id", "content_type", "generation_status", "attempt", "max_attempts", "created_at",
    "due_at", "finished_at", "failure_reason", "failure_code", "retry_reason", "request_id",
)  # fmt: skip

Shown = dict[str, Any]


class NotFailed(Conflict):
    """Only failed generations can be requeued."""

    code = "generation_not_failed"
    default_message = "This generation has not failed"


class Operations:
    """Operators' actions. `workers` returns the number of live workers, or None if unknown."""

    def __init__(
        self,
        settings: Settings,
        requeues: Requeues,
        usage: UsageReports,
        workers: Callable[[], int | None],
    ) -> None:
        self._settings = settings
        self._requeues = requeues
        self._usage = usage
        self._workers = workers

    def generations(self, status: str, user_id: str | None, page: int, limit: int) -> tuple[list[Shown], int]:
        """Returns a page of the generations with a status (latest failure or earliest due first) and their number."""
        failed = status == FAILED
        wanted: dict[str, Any] = {"generation_status": status, "deleted": False}
        wanted |= {} if failed else {"wake_at": {"$exists": True}}
        wanted |= {"user_id": ObjectId(user_id)} if user_id else {}
        order = ("finished_at", -1) if failed else ("wake_at", 1)
        contents = collection_of(Content)
        found = contents.find(wanted, dict.fromkeys(_OF_A_RUN, 1)).sort(*order).skip((page - 1) * limit).limit(limit)
        return _with_emails([_shown(each) for each in found]), contents.count_documents(wanted)

    def requeue(self, operator_id: str, identifier: str) -> Shown:
        """Requeues a failed generation, with all its attempts. Raises NotFound or NotFailed."""
        found = _find(identifier)
        if found.get("generation_status") != FAILED:
            raise NotFailed
        AuditEntry.note(operator_id, "generation.requeued", found["_id"], jobId=found.get("job_id"))
        attempts = self._settings.job_max_attempts
        requeued = self._requeues.one(str(found["_id"]), attempts)
        if isinstance(requeued, str):
            raise NotFailed
        return _with_emails([_shown(requeued)])[0]

    def queue(self) -> Shown:
        """Returns the numbers of waiting, running, overdue and failed generations, and of live workers."""
        counted = asdict(backlog.backlog())
        since = counted.pop("overdue_since")
        failures = {"failed": backlog.failed_since().count(), "given_up": backlog.given_up()}
        return counted | failures | {"overdue_since": since and iso(since), "workers": self._workers()}

    def usage(self, first: date, last: date) -> Shown:
        """Returns the usage of each user, most tokens first."""
        report = self._usage.by_person(first, last)
        return report | {"rows": _with_emails(report["rows"])}

    def test_provider(self, operator_id: str) -> Shown:
        """Checks the model, which costs no tokens. Returns the reason if it fails."""
        AuditEntry.note(operator_id, "provider.tested")
        about = {"model": self._settings.ai_model, "demo": self._settings.asks_the_stand_in}
        about |= {"key_set": bool(self._settings.google_ai_api_key)}
        try:
            ask_for_model(self._settings, PROBE_SECONDS)
        except GenerationError as failure:
            return about | {"ok": False, "reason": failure.message, "code": failure.failure_code}
        return about | {"ok": True, "reason": None, "code": None}

    def audit(self, page: int, limit: int) -> tuple[list[Shown], int]:
        """Returns a page of the audit log, newest first, and the number of entries."""
        entries = collection_of(AuditEntry)
        found = list(entries.find().sort("at", -1).skip((page - 1) * limit).limit(limit))
        emails = people.emails_of(each.get("operator_id") for each in found)
        shown = [
            {
                "id": str(each["_id"]),
                "at": each["at"],
                "act": each["act"],
                "operator_id": _text(each.get("operator_id")),
                "operator": emails.get(str(each.get("operator_id")), "command" if "operator_id" not in each else None),
                "subject_id": _text(each.get("subject_id")),
                "details": each.get("details") or {},
            }
            for each in found
        ]
        return shown, entries.estimated_document_count()


def _find(identifier: str) -> dict[str, Any]:
    own = {"_id": ObjectId(identifier)} if ObjectId.is_valid(identifier) else {"job_id": identifier}
    found = collection_of(Content).find_one(own | {"deleted": False}, {"job_id": 1, "generation_status": 1})
    if found is None:
        raise NotFound("Content not found")
    return dict(found)


def _shown(content: Mapping[str, Any]) -> Shown:
    shown = {name: content.get(name) for name in _OF_A_RUN}
    ids = {"content_id": str(content["_id"]), "user_id": str(content["user_id"])}
    return shown | ids | {"batch_id": _text(content.get("batch_id"))}


def _with_emails(rows: list[Shown]) -> list[Shown]:
    emails = people.emails_of(ObjectId(each["user_id"]) for each in rows)
    return [each | {"email": emails.get(each["user_id"])} for each in rows]


def _text(identifier: Any) -> str | None:
    return str(identifier) if identifier else None
