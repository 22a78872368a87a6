"""Cancels an accepted generation, or starts it at once."""

from __future__ import annotations

from bson import ObjectId

from app.content import queries
from app.content.document import CANCELLED
from app.errors import GenerationFinished, GenerationNotPending, NotFound
from app.generation import transitions
from app.generation.backlog import log_ids, next_attempt
from app.logs import get_logger
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue

log = get_logger(__name__)


class GenerationControl:
    """Cancels and starts generations on behalf of their owner. Results have been stored when they are returned."""

    def __init__(self, relay: Relay, queue: GenerationQueue) -> None:
        self._relay = relay
        self._queue = queue

    def cancel(self, user_id: str, content_id: str) -> queries.Shown:
        """Cancels a waiting or running generation. Returns the content, also if it was cancelled before.

        Raises GenerationFinished if it has completed or failed or the content was written by hand, and NotFound if the
        content does not belong to this user.
        """
        own_id = queries.content_id(content_id)
        cancelled = transitions.cancel(user_id, own_id)
        if cancelled is not None:
            log.info("generation cancelled", **log_ids(cancelled))
            self._relay.carry(cancelled)
            return queries.shown(cancelled)
        content = self._own(user_id, own_id)
        if content["generation_status"] != CANCELLED:
            raise GenerationFinished
        return content

    def run_now(self, user_id: str, content_id: str) -> queries.Shown:
        """Makes a waiting generation due now. Returns the content. Raises GenerationNotPending or NotFound."""
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
