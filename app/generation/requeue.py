"""Lets operators run failed generations again."""

from __future__ import annotations

from datetime import datetime

from bson import ObjectId

from app.content.document import Content
from app.generation import backlog, transitions
from app.generation.transitions import Stored
from app.logs import get_logger
from app.queueing.schedule import GenerationQueue
from app.quotas.document import Hold
from app.quotas.service import Quotas

log = get_logger(__name__)


def requeue_one(queue: GenerationQueue, quotas: Quotas, identifier: str, max_attempts: int) -> Stored | str:
    """Requeues the failed generation with this content or job id. Returns the content, or a reason why not."""
    content = _find(identifier)
    if content is None:
        return "there is no such content or job"
    requeued = _requeue(queue, quotas, content, max_attempts)
    return requeued or f"has not failed: {content.generation_status or 'written by hand'}"


def requeue_all(queue: GenerationQueue, quotas: Quotas, since: datetime, max_attempts: int) -> list[Stored]:
    """Requeues every generation that failed after `since`. Returns the contents."""
    failed = list(backlog.failed_since(since).only("id", "user_id", "job_id"))
    requeued = [_requeue(queue, quotas, content, max_attempts) for content in failed]
    return [content for content in requeued if content is not None]


def _requeue(queue: GenerationQueue, quotas: Quotas, content: Content, max_attempts: int) -> Stored | None:
    """Requeues one generation. It counts towards the user's quotas but is not limited by them."""
    requeued = transitions.requeue(content.id, max_attempts)
    if requeued is not None:
        quotas.note(str(content.user_id), Hold(requeued["job_id"], content.id))
        due = backlog.next_attempt(requeued)
        log.info("generation requeued", **due.log_ids)
        queue.schedule(due)
    return requeued


def _find(identifier: str) -> Content | None:
    by_job: Content | None = Content.objects(job_id=identifier, deleted=False).first()
    if by_job is None and ObjectId.is_valid(identifier):
        by_id: Content | None = Content.objects(id=identifier, deleted=False).first()
        return by_id
    return by_job
