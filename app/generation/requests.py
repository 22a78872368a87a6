"""Accepts requests for generations and reports their status."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bson import ObjectId

from app.clock import utcnow
from app.config import Settings
from app.content import queries
from app.content.document import COMPLETED, FAILED
from app.content.insertion import acknowledged, store_once
from app.content.new_content import NewContent
from app.content.queue_position import ahead_in, along_the_queue, counting_ahead
from app.content.stored_size import size_of
from app.errors import NotFound
from app.generation import transitions
from app.generation.backlog import next_attempt
from app.generation.new_run import NewRun
from app.generation.run_history import PastRun
from app.generation.waiting_limit import WaitingPlaces, seen_in
from app.idempotency import Chosen
from app.logs import get_logger
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue
from app.quotas.document import Hold
from app.quotas.service import Quotas

log = get_logger(__name__)


class GenerationRequests:
    """Accepts generation requests and reports job statuses to their owner."""

    def __init__(self, queue: GenerationQueue, relay: Relay, quotas: Quotas, settings: Settings) -> None:
        self._queue = queue
        self._quotas = quotas
        self._relay = relay
        self._delay = timedelta(seconds=settings.generation_delay_seconds)
        self._max_attempts = settings.job_max_attempts
        retry_after = max(1, math.ceil(settings.generation_delay_seconds))
        self._places = WaitingPlaces(settings.max_waiting_generations, retry_after)

    def accept(
        self,
        user_id: str,
        request_id: str | None,
        chosen: Chosen,
        *,
        run_at: datetime | None = None,
        **values: Any,
    ) -> queries.Shown:
        """Accepts a request for a text, due at `run_at` or after the configured delay.

        The content is stored first, under the chosen id. If Redis loses the job, the sweep finds it in MongoDB. Raises
        QueueFull if too many of this user's generations are waiting, and whatever Quotas.held raises.
        """
        now = utcnow()
        content = NewContent.request(
            user_id,
            chosen.id,
            now=now,
            due_at=run_at or now + self._delay,
            max_attempts=self._max_attempts,
            request_id=request_id,
            **values,
        )
        accepted = store_once(content, chosen, partial(self._store, content))
        self._queue.schedule(next_attempt(accepted))
        log.info("generation accepted", user_id=user_id, content_id=str(chosen.id), job_id=accepted["job_id"])
        return accepted

    def again(
        self,
        user_id: str,
        content_id: str,
        request_id: str | None,
        chosen: Chosen,
        *,
        run_at: datetime | None = None,
        **asked: Any,
    ) -> queries.Shown:
        """Generates the text of a content again. A title, prompt or brief in `asked` replaces the content's.

        The current text stays until the new one is complete. An `instruction` in `asked` says what to change. Raises
        GenerationInProgress if the previous run has not ended, NotFound, and whatever `accept` raises.
        """
        own_id, run = queries.content_id(content_id), self._run(request_id, chosen, run_at)
        new = NewRun(user_id, own_id, run, asked)
        if chosen.fresh or not new.adopt():
            hold = Hold(run["job_id"], own_id)
            with acknowledged(own_id, new.retract), self._quotas.held(user_id, [hold], lambda: 1 + size_of(asked)):
                self._places.store(ObjectId(user_id), new.begin, new.retract)
        if new.content.get("due_at"):  # an adopted run may be held
            self._queue.schedule(next_attempt(new.content))
        self._relay.carry(new.content)
        log.info("generation accepted again", user_id=user_id, content_id=content_id, job_id=run["job_id"])
        return queries.shown(new.content)

    def _store(self, content: NewContent) -> int:
        """Stores a new content. Returns its position.

        Everything needed about the user is read in one aggregation, because each query costs a third of a millisecond
        of CPU time, however small it is.
        """
        user_id = content.user_id
        own_limits = self._quotas.with_own_limits(user_id)
        found = along_the_queue([*counting_ahead(content.document), own_limits, *self._places.with_seen(user_id)])
        self._quotas.note_own_limits(user_id, found)
        hold = Hold(content.job_id, content.id)
        with self._quotas.held(str(user_id), [hold], lambda: 1 + size_of(content.document)):
            withdraw = partial(transitions.withdraw, content.id, content.accepted_by)
            self._places.store(user_id, content.insert, withdraw, seen_in(found))
        return ahead_in(found)

    def job_status(self, user_id: str, job_id: str) -> dict[str, Any]:
        """Returns the status of a generation. Raises NotFound unless the job belongs to this user."""
        content = queries.find_own(user_id, job_id=job_id)
        run: Mapping[str, Any] | None = content
        if content is None and (run := PastRun.find_own(user_id, job_id)):
            content = queries.find_own(user_id, _id=run["content_id"])
        if content is None or run is None:
            raise NotFound("Job not found")
        answer = {"job_id": job_id, "status": run["generation_status"]}
        if run["generation_status"] == FAILED:
            answer["failure_reason"] = run["failure_reason"]
        if run["generation_status"] == COMPLETED:
            answer["content"] = content
        return answer

    def _run(self, request_id: str | None, chosen: Chosen, run_at: datetime | None) -> dict[str, Any]:
        """Returns the fields of a new run."""
        now = utcnow()
        return {
            "job_id": str(chosen.id),
            "accepted_by": uuid.uuid4().hex,
            "request_id": request_id,
            "due_at": run_at or now + self._delay,
            "max_attempts": self._max_attempts,
            "updated_at": now,
        }
