"""What people ask of generations: a text, and where it is."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from app.clock import utcnow
from app.config import Settings
from app.content import queries
from app.content.document import COMPLETED, FAILED, Content
from app.content.insertion import acknowledged
from app.errors import NotFound
from app.generation.backlog import next_attempt
from app.generation.waiting import WaitingPlaces
from app.logs import get_logger
from app.queueing.schedule import GenerationQueue

log = get_logger(__name__)


class GenerationRequests:
    """Accepts requests for texts, and tells what became of them, each only to their owner."""

    def __init__(self, queue: GenerationQueue, settings: Settings) -> None:
        self._queue = queue
        self._delay = timedelta(seconds=settings.generation_delay_seconds)
        self._max_attempts = settings.job_max_attempts
        retry_after = max(1, math.ceil(settings.generation_delay_seconds))
        self._places = WaitingPlaces(settings.max_waiting_generations, retry_after)

    def accept(self, user_id: str, request_id: str | None, **values: Any) -> Content:
        """Accepts a request for a text. Stored first: what Redis forgets, the sweep finds in MongoDB.

        Raises RateLimited when too many of this person's requests wait already.
        """
        now = utcnow()
        content = Content.request(
            user_id=user_id,
            created_at=now,
            updated_at=now,
            due_at=now + self._delay,
            max_attempts=self._max_attempts,
            request_id=request_id,
            **values,
        )
        with acknowledged(content.id):
            self._places.store(content, content.insert)
        self._queue.schedule(next_attempt(content.to_mongo()))
        log.info("generation accepted", user_id=user_id, content_id=str(content.id), job_id=content.job_id)
        return content

    def job_status(self, user_id: str, job_id: str) -> dict[str, Any]:
        """Where a generation is. Raises NotFound unless the job is this person's."""
        content = queries.find_own(user_id, job_id=job_id)
        if content is None:
            raise NotFound("Job not found")
        answer = {"job_id": job_id, "status": content["generation_status"]}
        if content["generation_status"] == FAILED:
            answer["failure_reason"] = content["failure_reason"]
        if content["generation_status"] == COMPLETED:
            answer["content"] = content
        return answer
