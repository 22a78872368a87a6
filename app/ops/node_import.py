"""Imports the users and contents of the Node version's database, as stored by Mongoose.

Ids are kept, so the import is idempotent and links to contents remain valid. bcryptjs and bcrypt hashes are compatible,
so passwords remain valid. Refresh tokens are not imported, because they were signed with another secret and lack our
claims; users have to log in again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bson import ObjectId
from mongoengine.errors import NotUniqueError
from mongoengine.errors import ValidationError as DoesNotFit

from app.auth.models import User
from app.clock import utcnow
from app.content.document import GENERATION_STATUSES, STATUSES, Content
from app.database import OtherDatabase
from app.errors import Conflict

USERS, REFRESH_TOKENS, CONTENTS = "users", "refreshtokens", "contents"
IMPORTED, PRESENT = "imported", "present"
DELETED = "was deleted"
_BCRYPT = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")
_MAX_NAME = 50
_MAX_EXAMPLES = 20


@dataclass
class Tally:
    """The result for one collection. `skipped` counts by reason; `examples` has the first ones."""

    read: int = 0
    imported: int = 0
    present: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def note(self, document_id: Any, outcome: str) -> None:
        """Records a document's outcome: IMPORTED, PRESENT or the reason for skipping it."""
        self.read += 1
        if outcome == IMPORTED:
            self.imported += 1
        elif outcome == PRESENT:
            self.present += 1
        else:
            self.skipped[outcome] = self.skipped.get(outcome, 0) + 1
            if outcome != DELETED and len(self.examples) < _MAX_EXAMPLES:
                self.examples.append(f"{document_id}: {outcome}")


@dataclass
class Report:
    users: Tally = field(default_factory=Tally)
    contents: Tally = field(default_factory=Tally)
    pending_again: int = 0
    refresh_tokens_left: int = 0

    @property
    def complete(self) -> bool:
        """Whether all documents that were not deleted have been imported."""
        return not self.users.examples and not self.contents.examples

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class NodeImport:
    """An import. A dry run reads and validates everything but writes nothing."""

    def __init__(self, source: OtherDatabase, max_attempts: int, *, dry_run: bool) -> None:
        self._source = source
        self._max_attempts = max_attempts
        self._dry_run = dry_run
        self._report = Report()
        self._owners: set[ObjectId] = set()
        self._emails: set[str] = set()
        self._job_ids: set[str] = set()

    def run(self) -> Report:
        """Runs the import. Raises Conflict if the source has no users or is this product's own database."""
        if User.objects(__raw__={"firstName": {"$exists": True}}).first() is not None:
            raise Conflict("The source is this product's own database: give MONGO_URI another database name")
        for document in self._documents(USERS):
            self._report.users.note(document["_id"], self._take_user(document))
        if not self._report.users.read:
            raise Conflict("The source has no users: check the database name at the end of its address")
        for document in self._documents(CONTENTS):
            self._report.contents.note(document["_id"], self._take_content(document))
        self._report.refresh_tokens_left = self._source.count(REFRESH_TOKENS)
        return self._report

    def _documents(self, collection: str) -> Iterator[dict[str, Any]]:
        return self._source.documents(collection)

    def _take_user(self, document: dict[str, Any]) -> str:
        email = given.strip().lower() if isinstance(given := document.get("email"), str) else ""
        if problem := self._problem_of_user(document, email):
            return problem
        user_id = document["_id"]
        present = User.with_id(str(user_id)) is not None
        if not present and (email in self._emails or User.with_email(email) is not None):
            return "another account has this email"
        self._emails.add(email)
        self._owners.add(user_id)
        if present:
            return PRESENT
        user = User(
            id=user_id,
            email=email,
            password_hash=document["password"],
            first_name=_name(document.get("firstName")),
            last_name=_name(document.get("lastName")),
            created_at=_moment(document, "createdAt"),
            disabled_at=_moment(document, "updatedAt") if document.get("isActive") is False else None,
        )
        return self._store(user)

    def _problem_of_user(self, document: dict[str, Any], email: str) -> str:
        if document.get("isDeleted") or document.get("deletedAt"):
            return DELETED
        if not isinstance(document["_id"], ObjectId) or not email:
            return "has no id or email that can be kept"
        if not _BCRYPT.fullmatch(str(document.get("password") or "")):
            return "its password is no bcrypt hash"
        return ""

    def _take_content(self, document: dict[str, Any]) -> str:
        if not isinstance(document["_id"], ObjectId):
            return "has no id that can be kept"
        if Content.objects(id=document["_id"]).only("id").first() is not None:
            return PRESENT
        owner = _object_id(document.get("userId"))
        if owner not in self._owners:
            return "its owner was not taken over"
        content = Content.adopted(
            max_attempts=self._max_attempts,
            id=document["_id"],
            user_id=owner,
            job_id=self._job_id(document),
            **_values(document),
        )
        outcome = self._store(content)
        if outcome == IMPORTED and content.wake_at:
            self._report.pending_again += 1
        return outcome

    def _job_id(self, document: dict[str, Any]) -> str | None:
        """Returns Bull's id, which clients know, or a new one if Bull used it twice because its counter was reset."""
        if not document.get("generationStatus"):
            return None
        known = str(document.get("jobId") or "")
        taken = known in self._job_ids or Content.objects(job_id=known).only("id").first() is not None
        chosen = str(ObjectId()) if taken or not known else known
        self._job_ids.add(chosen)
        return chosen

    def _store(self, stored: User | Content) -> str:
        try:
            stored.validate()
            if not self._dry_run:
                stored.save(force_insert=True)
        except DoesNotFit as error:
            return f"does not fit: {', '.join(sorted(error.errors))}"
        except NotUniqueError:
            return "somebody made the same one meanwhile"
        return IMPORTED


def _values(document: dict[str, Any]) -> dict[str, Any]:
    deleted = bool(document.get("isDeleted") or document.get("deletedAt"))
    generation_status = document.get("generationStatus")
    return {
        "title": str(document.get("title") or "").strip(),
        "content_type": str(document.get("contentType")),
        "prompt": str(document.get("prompt") or document.get("title") or ""),
        "generated_text": str(document.get("generatedText") or ""),
        "status": document.get("status") if document.get("status") in STATUSES else STATUSES[0],
        "generation_status": generation_status if generation_status in GENERATION_STATUSES else None,
        "failure_reason": document.get("failureReason") or None,
        "created_at": _moment(document, "createdAt"),
        "updated_at": _moment(document, "updatedAt"),
        "deleted": deleted,
        "deleted_at": _moment(document, "deletedAt", "updatedAt") if deleted else None,
    }


def _name(given: Any) -> str:
    return str(given or "").strip()[:_MAX_NAME] or "-"


def _moment(document: dict[str, Any], *names: str) -> datetime:
    """Returns the first of these fields that is a date, or the current time."""
    return next((value for name in names if isinstance(value := document.get(name), datetime)), utcnow())


def _object_id(given: Any) -> ObjectId | None:
    return ObjectId(given) if ObjectId.is_valid(given) else None
