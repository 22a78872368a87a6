"""The rewrite service: request a rewrite, get it, accept it."""

from __future__ import annotations

from typing import Any

from bson import ObjectId

from app.clock import utcnow
from app.config import Settings
from app.content import editing, queries, versions
from app.content.document import COMPLETED, UNFINISHED, Content
from app.content.editing import Edit
from app.content.versions import REWRITTEN, Stage, Stored
from app.database import collection_of
from app.errors import (
    FieldError,
    GenerationInProgress,
    InvalidInput,
    NotFound,
    RateLimited,
)
from app.generation.backlog import next_attempt
from app.idempotency import Chosen
from app.logs import get_logger
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue
from app.quotas.service import Quotas
from app.rewriting.document import Rewrite
from app.rewriting.errors import RewriteNotReady, TextChanged
from app.rewriting.splice import Passage, keeps_its_kind, spliced

log = get_logger(__name__)

LONGEST_TEXT = 100_000
MOST_UNFINISHED = 50


class Rewrites:
    """Every method raises NotFound if the content does not exist, is in the trash or belongs to another user."""

    def __init__(self, relay: Relay, queue: GenerationQueue, quotas: Quotas, settings: Settings) -> None:
        self._relay = relay
        self._quotas = quotas
        self._queue = queue
        self._max_attempts = settings.job_max_attempts

    def request(self, user_id: str, content_id: str, request_id: str | None, chosen: Chosen, **asked: Any) -> Stored:
        """Creates a rewrite with the chosen id and queues it immediately. Idempotent per id.

        Raises TextChanged if the quote is not at the given offsets, GenerationInProgress while the text is being
        generated, RateLimited if too many of the user's rewrites are unfinished, QuotaExceeded if the user's tokens
        are used up.
        """
        content = _own(user_id, content_id)
        if not chosen.fresh and (made := collection_of(Rewrite).find_one({"_id": chosen.id})):
            return made
        if content.get("generation_status") in UNFINISHED:
            raise GenerationInProgress
        passage = Passage(content.get("generated_text") or "", asked.pop("start"), asked.pop("end"))
        if passage.quote != asked.pop("quote") or passage.end > len(passage.text):
            raise TextChanged
        self._quotas.check_tokens(user_id)
        values = {"content_id": content["_id"], "content_type": content["content_type"], "request_id": request_id}
        values |= {"id": chosen.id, "max_attempts": self._max_attempts}
        rewrite = Rewrite.request(passage, user_id=user_id, asked=asked, **values)
        stored: Stored | None = rewrite.store(MOST_UNFINISHED)
        if stored is None:
            raise RateLimited("Too many passages are being rewritten already - please wait", retry_after=10)
        self._queue.schedule(next_attempt(stored))
        log.info("rewrite accepted", content_id=content_id, job_id=rewrite.job_id)
        return stored

    def get(self, user_id: str, content_id: str, rewrite_id: str) -> Stored:
        """Returns the stored rewrite without the full text. Raises NotFound."""
        if not ObjectId.is_valid(rewrite_id):
            raise NotFound("Rewrite not found")
        found = collection_of(Rewrite).find_one(
            {"_id": ObjectId(rewrite_id), "content_id": _own(user_id, content_id)["_id"], "user_id": ObjectId(user_id)},
            {"text": 0},
        )
        if found is None:
            raise NotFound("Rewrite not found")
        return found

    def accept(self, edit: Edit, rewrite_id: str, start: int | None = None) -> queries.Shown:
        """Replaces the passage with the replacement, as a new version, and returns the content.

        `start` is the passage's current offset, if it has moved since the request. Accepting a rewrite again changes
        nothing. Raises RewriteNotReady, TextChanged if the passage is not at that offset, InvalidInput if the text
        would become too long, StorageFull, and the errors of `editing.write`.
        """
        rewrite = _moved(self.get(edit.user_id, edit.content_id, rewrite_id), start)
        content = _own(edit.user_id, edit.content_id)
        if _has_accepted(content, rewrite):
            return queries.shown(content)
        if rewrite["generation_status"] != COMPLETED:
            raise RewriteNotReady
        with self._quotas.room(edit.user_id):
            content = editing.write(edit, lambda before: _accepted(before, rewrite, edit.session_id), of_the_text=True)
        collection_of(Rewrite).update_one({"_id": rewrite["_id"]}, {"$set": {"accepted_at": utcnow()}})
        self._relay.carry(content)
        return queries.shown(content)


def _accepted(content: Stored, rewrite: Stored, session_id: str) -> list[Stage]:
    """Returns the update stages that accept a rewrite; empty if it has been accepted in the meantime.

    The version row has the rewrite's id, so `versions` in the content shows whether the rewrite was accepted.
    """
    if _has_accepted(content, rewrite):
        return []
    passage = Passage(content.get("generated_text") or "", rewrite["start"], rewrite["end"])
    if passage.quote != rewrite["quote"]:
        raise TextChanged
    if not keeps_its_kind(passage, rewrite["generated_text"]):
        raise TextChanged
    text = spliced(passage, rewrite["generated_text"])
    if len(text) > LONGEST_TEXT:
        raise InvalidInput([FieldError("replacement", f"The text would have more than {LONGEST_TEXT:,} characters.")])
    asked = versions.asked_in(content) | {"instruction": _instruction(rewrite["asked"])}
    row, job_id = str(rewrite["_id"]), rewrite["job_id"]
    return editing.replacing(content, text, REWRITTEN, session_id, row=row, job_id=job_id, asked=asked)


def _moved(rewrite: Stored, start: int | None) -> Stored:
    """Returns the rewrite with its passage moved to `start`."""
    if start is None:
        return rewrite
    return rewrite | {"start": start, "end": start + len(rewrite["quote"])}


def _has_accepted(content: Stored, rewrite: Stored) -> bool:
    named = any(each["row"] == str(rewrite["_id"]) for each in content.get("versions") or ())
    return named or rewrite.get("accepted_at") is not None


def _instruction(asked: dict[str, Any]) -> str:
    """Returns the request in one line, for the version history."""
    given = [str(asked[name]) for name in ("tone", "language", "instruction") if asked.get(name)]
    return ": ".join([asked["action"], *([", ".join(given)] if given else [])])


def _own(user_id: str, content_id: str) -> Stored:
    own = {"_id": queries.content_id(content_id), "user_id": ObjectId(user_id), "deleted": False}
    content = collection_of(Content).find_one(own)
    if content is None:
        raise NotFound("Content not found")
    return content
