"""What a person may do with rewrites: ask for one, look at it, accept it."""

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
    """Raises NotFound for whatever is not this person's, is in the trash or never was."""

    def __init__(self, relay: Relay, queue: GenerationQueue, quotas: Quotas, settings: Settings) -> None:
        self._relay = relay
        self._quotas = quotas
        self._queue = queue
        self._max_attempts = settings.job_max_attempts

    def request(self, user_id: str, content_id: str, request_id: str | None, chosen: Chosen, **asked: Any) -> Stored:
        """Asks for a passage to be rewritten, under the chosen id, once; it is due at once.

        Raises TextChanged when the quote does not stand there, GenerationInProgress while the text is being replaced,
        RateLimited when too many rewrites of this person are unfinished, QuotaExceeded when no tokens are left.
        """
        content = _own(user_id, content_id)
        if not chosen.fresh and (made := collection_of(Rewrite).find_one({"_id": chosen.id})):
            return made
        if content.get("generation_status") in UNFINISHED:
            raise GenerationInProgress
        passage = Passage(content.get("generated_text") or "", asked.pop("start"), asked.pop("end"))
        if passage.quote != asked.pop("quote") or passage.end > len(passage.text):
            raise TextChanged
        if Rewrite.count_unfinished(user_id) >= MOST_UNFINISHED:
            raise RateLimited("Too many passages are being rewritten already - please wait", retry_after=10)
        self._quotas.check_tokens(user_id)
        values = {"content_id": content["_id"], "content_type": content["content_type"], "request_id": request_id}
        values |= {"id": chosen.id, "max_attempts": self._max_attempts}
        rewrite = Rewrite.request(passage, user_id=user_id, asked=asked, **values)
        rewrite.validate()
        stored: Stored = rewrite.to_mongo().to_dict()
        collection_of(Rewrite).insert_one(stored)
        self._queue.schedule(next_attempt(stored))
        log.info("rewrite accepted", content_id=content_id, job_id=rewrite.job_id)
        return stored

    def get(self, user_id: str, content_id: str, rewrite_id: str) -> Stored:
        """A rewrite, with its replacement once it is there."""
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
        """Puts the replacement in the passage's place, as a new version; the content as it is then.

        `start` is where the passage stands now, if it has moved since it was asked for.

        One that was accepted before changes nothing. Raises RewriteNotReady, TextChanged when the passage does not
        stand there any more, InvalidInput when the text would become too long, StorageFull, and as `editing.write`.
        """
        rewrite = _moved(self.get(edit.user_id, edit.content_id, rewrite_id), start)
        content = _own(edit.user_id, edit.content_id)
        if _has_accepted(content, rewrite):
            return queries.shown(content)
        if rewrite["generation_status"] != COMPLETED:
            raise RewriteNotReady
        self._quotas.check_storage(edit.user_id, lambda: 1)
        content = editing.write(edit, lambda before: _accepted(before, rewrite, edit.session_id), of_the_text=True)
        collection_of(Rewrite).update_one({"_id": rewrite["_id"]}, {"$set": {"accepted_at": utcnow()}})
        self._relay.carry(content)
        return queries.shown(content)


def _accepted(content: Stored, rewrite: Stored, session_id: str) -> list[Stage]:
    """The stages of the write that accepts a rewrite; none when it has been accepted meanwhile.

    The version's row is keyed by the rewrite, so that its name in the content says whether it was.
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
    """The rewrite with its passage at `start`."""
    if start is None:
        return rewrite
    return rewrite | {"start": start, "end": start + len(rewrite["quote"])}


def _has_accepted(content: Stored, rewrite: Stored) -> bool:
    named = any(each["row"] == str(rewrite["_id"]) for each in content.get("versions") or ())
    return named or rewrite.get("accepted_at") is not None


def _instruction(asked: dict[str, Any]) -> str:
    """What was asked of the passage, in one line."""
    given = [str(asked[name]) for name in ("tone", "language", "instruction") if asked.get(name)]
    return ": ".join([asked["action"], *([", ".join(given)] if given else [])])


def _own(user_id: str, content_id: str) -> Stored:
    own = {"_id": queries.content_id(content_id), "user_id": ObjectId(user_id), "deleted": False}
    content = collection_of(Content).find_one(own)
    if content is None:
        raise NotFound("Content not found")
    return content
