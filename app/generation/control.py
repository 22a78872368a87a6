"""What people do with a generation that was accepted: call it off."""

from __future__ import annotations

from app.content import queries
from app.content.document import CANCELLED
from app.errors import GenerationFinished, NotFound
from app.generation import transitions
from app.generation.backlog import next_attempt
from app.logs import get_logger
from app.outbox.relay import Relay

log = get_logger(__name__)


class GenerationControl:
    """Steers generations, each only for its owner. Whatever it answers is stored."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

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
        content = queries.find_own(user_id, _id=own_id)
        if content is None:
            raise NotFound("Content not found")
        if content["generation_status"] != CANCELLED:
            raise GenerationFinished
        return content
