"""Runs failed generations again, with the same job id and all attempts."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from bson import ObjectId

from app.content.document import Content
from app.generation import backlog, transitions
from app.generation.transitions import Stored
from app.logs import get_logger
from app.queueing.schedule import GenerationQueue
from app.quotas.document import Hold
from app.quotas.service import Quotas
from app.realtime.live_text import LiveTexts
from app.redis_client import OUTAGES

log = get_logger(__name__)


class Requeues:
    """Operators' requeues count towards the user's quotas but are not limited by them."""

    def __init__(self, queue: GenerationQueue, quotas: Quotas, live: LiveTexts) -> None:
        self._queue = queue
        self._quotas = quotas
        self._live = live

    def make_pending(self, content_id: Any, max_attempts: int, *, held: bool = False) -> Stored | None:
        """Makes a failed generation pending again, without counting it towards the quotas or scheduling it.

        Returns the content, or None if it has not failed. The attempts begin at 1, so the preview of the last attempt
        would count as later than theirs. `held` is as in `transitions.requeue`.
        """
        requeued = transitions.requeue(content_id, max_attempts, held=held)
        if requeued is not None:
            with suppress(*OUTAGES):
                self._live.forget(requeued["job_id"])
            log.info("generation requeued", **backlog.log_ids(requeued))
        return requeued

    def one(self, identifier: str, max_attempts: int) -> Stored | str:
        """Requeues the failed generation with this content or job id. Returns the content, or a reason why not."""
        content = _find(identifier)
        if content is None:
            return "there is no such content or job"
        requeued = self._requeue(content, max_attempts)
        return requeued or f"has not failed: {content.generation_status or 'written by hand'}"

    def all_since(self, since: datetime, max_attempts: int) -> list[Stored]:
        """Requeues every generation that failed after `since`. Returns the contents."""
        failed = list(backlog.failed_since(since).only("id", "user_id", "job_id"))
        requeued = [self._requeue(content, max_attempts) for content in failed]
        return [content for content in requeued if content is not None]

    def _requeue(self, content: Content, max_attempts: int) -> Stored | None:
        requeued = self.make_pending(content.id, max_attempts)
        if requeued is not None:
            self._quotas.note(str(content.user_id), Hold(requeued["job_id"], content.id))
            self._queue.schedule(backlog.next_attempt(requeued))
        return requeued


def _find(identifier: str) -> Content | None:
    by_job: Content | None = Content.objects(job_id=identifier, deleted=False).first()
    if by_job is None and ObjectId.is_valid(identifier):
        by_id: Content | None = Content.objects(id=identifier, deleted=False).first()
        return by_id
    return by_job
