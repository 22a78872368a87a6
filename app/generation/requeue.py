"""What operators can do with people's generations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bson import ObjectId

from app.content.document import Content
from app.generation import backlog, transitions
from app.generation.transitions import Stored
from app.logs import get_logger
from app.queueing.schedule import GenerationQueue

log = get_logger(__name__)


def requeue_one(queue: GenerationQueue, identifier: str, max_attempts: int) -> Stored | str:
    """Runs the failed generation with this content or job id again. Returns the reason if it cannot."""
    content = _find(identifier)
    if content is None:
        return "there is no such content or job"
    requeued = _requeue(queue, content.id, max_attempts)
    return requeued or f"has not failed: {content.generation_status or 'written by hand'}"


def requeue_all(queue: GenerationQueue, since: datetime, max_attempts: int) -> list[Stored]:
    """Runs everything again that has failed since then."""
    failed = list(backlog.failed_since(since).scalar("id"))
    requeued = [_requeue(queue, content_id, max_attempts) for content_id in failed]
    return [content for content in requeued if content is not None]


def _requeue(queue: GenerationQueue, content_id: Any, max_attempts: int) -> Stored | None:
    requeued = transitions.requeue(content_id, max_attempts)
    if requeued is not None:
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
