"""What operators may do with people's generations."""

from __future__ import annotations

from datetime import datetime

from bson import ObjectId

from app.content.document import Content
from app.logs import get_logger
from app.queueing.schedule import GenerationQueue

log = get_logger(__name__)


def requeue_one(queue: GenerationQueue, identifier: str, max_attempts: int) -> Content | str:
    """Has the failed generation with this content or job id run again; or the reason why not."""
    content = _find(identifier)
    if content is None:
        return "there is no such content or job"
    requeued = _requeue(queue, content, max_attempts)
    return requeued or f"has not failed: {content.generation_status or 'written by hand'}"


def requeue_all(queue: GenerationQueue, since: datetime, max_attempts: int) -> list[Content]:
    """Has everything that failed since then run again."""
    requeued = [_requeue(queue, content, max_attempts) for content in list(Content.failed_since(since).only("id"))]
    return [content for content in requeued if content is not None]


def _requeue(queue: GenerationQueue, content: Content, max_attempts: int) -> Content | None:
    requeued = Content.requeue(content.id, max_attempts)
    if requeued is not None:
        log.info("generation requeued", **requeued.log_ids)
        queue.schedule(requeued)
    return requeued


def _find(identifier: str) -> Content | None:
    by_job: Content | None = Content.objects(job_id=identifier, deleted=False).first()
    if by_job is None and ObjectId.is_valid(identifier):
        by_id: Content | None = Content.objects(id=identifier, deleted=False).first()
        return by_id
    return by_job
