"""What people do with a generation that was accepted: call it off, or have it begin at once."""

from __future__ import annotations

from bson import ObjectId

from app.content import queries
from app.content.document import CANCELLED
from app.errors import GenerationFinished, GenerationNotPending, NotFound
from app.generation import transitions
from app.generation.backlog import next_attempt
from app.logs import get_logger
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue

log = get_logger(__name__)


class GenerationControl:
    """Steers generations, each only for its owner. Whatever it answers is stored."""

    def __init__(self, relay: Relay, queue: GenerationQueue) -> None:
        self._relay = relay
        self._queue = queue

    def cancel(self, user_id: str, content_id: str) -> queries.Shown:
        """Calls off a generation that waits or runs; the content, also when that was done before.

        Raises GenerationFinished for one that has ended otherwise and for a piece written by hand, NotFound for what
        is not this person's.
        """
        own_id = queries.content_id(content_id)
        cancelled = transitions.cancel(user_id, own_id)
        if cancelled is not None:
            log.info("generation cancelled", **next_attempt(cancelled).log_ids)
            self._relay.carry(cancelled)
            return queries.shown(cancelled)
        content = self._own(user_id, own_id)
        if content["generation_status"] != CANCELLED:
            raise GenerationFinished
        return content

    def run_now(self, user_id: str, content_id: str) -> queries.Shown:
        """Makes a generation due that waits for its time; the content. Raises GenerationNotPending, and NotFound."""
        own_id = queries.content_id(content_id)
        due = transitions.run_now(user_id, own_id)
        if due is None:
            self._own(user_id, own_id)
            raise GenerationNotPending
        log.info("generation starts now", **next_attempt(due).log_ids)
        self._queue.schedule(next_attempt(due))
        return queries.shown(due)

    @staticmethod
    def _own(user_id: str, content_id: ObjectId) -> queries.Shown:
        content = queries.find_own(user_id, _id=content_id)
        if content is None:
            raise NotFound("Content not found")
        return content
