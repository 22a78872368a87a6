"""What a person may do with their content."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bson import ObjectId

from app.clock import utcnow
from app.config import Settings
from app.content import queries
from app.content.document import COMPLETED, FAILED, Content
from app.database import OUTAGES
from app.errors import FieldError, GenerationInProgress, InvalidInput, NotFound, RateLimited
from app.logs import get_logger
from app.queueing.schedule import GenerationQueue

log = get_logger(__name__)

FORGET_PATIENCE_SECONDS = 3600.0
FORGET_PAUSE_SECONDS = 1.0
FORGET_TIMES = 2
FORGETTER = "removes a refused content"
"""Name of the threads that do it."""


@dataclass(frozen=True)
class ContentPage:
    """One page of a person's contents; `total` counts all that match the filters."""

    contents: list[queries.Shown]
    total: int
    page: int
    limit: int

    @property
    def total_pages(self) -> int:
        return -(-self.total // self.limit)


class ContentService:
    """Creates, generates, lists, shows, changes and deletes contents, each only for their owner."""

    def __init__(self, queue: GenerationQueue, settings: Settings) -> None:
        self._queue = queue
        self._delay = timedelta(seconds=settings.generation_delay_seconds)
        self._max_attempts = settings.job_max_attempts
        self._max_waiting = settings.max_waiting_generations if settings.rate_limit_enabled else 0

    def create(self, user_id: str, **values: str) -> Content:
        """Stores a piece written by hand."""
        content = Content(id=ObjectId(), user_id=user_id, **values)
        self._store(content)
        return content

    def request_generation(self, user_id: str, request_id: str | None, **values: str) -> Content:
        """Accepts a request for a text. Stored first: what Redis forgets, recovery finds in MongoDB.

        Raises RateLimited when too many of this person's requests wait already.
        """
        self._refuse_when_waiting(user_id, self._max_waiting - 1)
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
        self._store(content)
        self._queue.schedule(content)
        log.info("generation accepted", user_id=user_id, content_id=str(content.id), job_id=content.job_id)
        return content

    def _store(self, content: Content) -> None:
        """Inserts a new content. When MongoDB does not answer, the caller is told so and nothing stays behind."""
        try:
            content.insert()
            if content.job_id:
                self._withdraw_when_waiting(content)
        except OUTAGES:
            threading.Thread(target=_forget, args=(content.id,), name=FORGETTER, daemon=True).start()
            raise

    def _withdraw_when_waiting(self, content: Content) -> None:
        """Takes back a request that was stored while others, stored at the same moment, filled the limit."""
        try:
            self._refuse_when_waiting(str(content.user_id), self._max_waiting)
        except RateLimited:
            Content.withdraw(content)
            raise

    def _refuse_when_waiting(self, user_id: str, more_than: int) -> None:
        if self._max_waiting and Content.count_waiting(user_id) > more_than:
            raise RateLimited(
                f"{self._max_waiting} generations are waiting already - please try again when one has begun",
                retry_after=max(1, math.ceil(self._delay.total_seconds())),
            )

    def get(self, user_id: str, content_id: str) -> queries.Shown:
        """Raises NotFound for another person's content, a deleted one and an id that cannot exist."""
        content = queries.find_own(user_id, _id=ObjectId(_object_id(content_id)))
        if content is None:
            raise NotFound("Content not found")
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

    def list_page(self, user_id: str, page: int, limit: int, **filters: str) -> ContentPage:
        """One page, newest first."""
        contents, total = queries.page_of(user_id, (page - 1) * limit, limit, **filters)
        return ContentPage(contents, total, page, limit)

    def update(self, user_id: str, content_id: str, **changes: str) -> Content:
        """Changes the given fields. Raises InvalidInput when there are none, NotFound as `get` does.

        Raises GenerationInProgress for a text that the generation would overwrite.
        """
        if not changes:
            raise InvalidInput([FieldError("body", "Give at least one field to change.")])
        content = Content.change(user_id, _object_id(content_id), changes)
        if content is None:
            self.get(user_id, content_id)
            raise GenerationInProgress
        return content

    def delete(self, user_id: str, content_id: str) -> None:
        """Deletes softly; a waiting generation leaves the queue, a running one is voided."""
        content = Content.delete_for(user_id, _object_id(content_id))
        if content is None:
            raise NotFound("Content not found")
        if content.job_id and content.wake_at:
            self._queue.cancel(content)


def _forget(content_id: ObjectId) -> None:
    """Removes a content whose request was refused, once MongoDB answers again; gives up after an hour.

    Twice, a moment apart: a MongoDB that wakes up may carry out the delete before the insert that it had received.
    """
    deadline = time.monotonic() + FORGET_PATIENCE_SECONDS
    removals = 0
    while removals < FORGET_TIMES and time.monotonic() < deadline:
        try:
            Content.objects(id=content_id).delete()
            removals += 1
        except OUTAGES:
            log.debug("removal put off", content_id=str(content_id))
        time.sleep(FORGET_PAUSE_SECONDS)
    log.info("unacknowledged content removed", content_id=str(content_id), removed=removals == FORGET_TIMES)


def _object_id(text: str) -> str:
    """Raises NotFound for a text that no content can have as its id."""
    if not ObjectId.is_valid(text):
        raise NotFound("Content not found")
    return text
