"""The schedule and the queue: the only file that speaks RQ's and rq-scheduler's language to the rest.

A job is the message "attempt n of this content is due". It is scheduled with rq-scheduler, moved into the fair
queue when due, and taken by a worker. Redis may lose all of it: MongoDB knows what should be happening.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from redis import Redis
from rq.job import Job, get_current_job
from rq.serializers import JSONSerializer
from rq_scheduler import Scheduler

from app.config import Settings
from app.content.document import CANCELLED, Content
from app.generation.counters import Figures
from app.logs import get_logger
from app.queueing.fair_queue import FairQueue
from app.redis_client import OUTAGES

log = get_logger(__name__)

QUEUE_NAME = "generation"
JOB_FUNCTION = "app.queueing.jobs.run_attempt"
JOB_TIMEOUT_MARGIN_SECONDS = 60
"""How much longer than Gemini's time-out a job may hold its thread before RQ ends it."""
HAND_OVER_BATCH = 200
FAILURE_TTL_SECONDS = 3600
"""How long Redis remembers a job whose worker died under it; RQ's default is a year."""


class JsonJob(Job):
    """An RQ job that is stored as JSON, never as pickle: whoever can write to Redis cannot run code here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"serializer": None}))  # RQ looks closely at another one: 6 % of our time
        self.serializer = JSONSerializer


class DelaySchedule(Scheduler):
    """rq-scheduler's schedule with fractions of a second; as it comes it drops them, and would be early."""

    job_class = JsonJob
    queue_class = FairQueue

    def __init__(self, connection: Redis) -> None:
        super().__init__(queue_name=QUEUE_NAME, connection=connection)

    def add(self, job_id: str, args: Sequence[Any], due_at: datetime, timeout: int, meta: dict[str, Any]) -> None:
        """Stores a job and its due time in one round trip; the same id again replaces it."""
        job = self._create_job(
            JOB_FUNCTION,
            args=args,
            id=job_id,
            timeout=timeout,
            result_ttl=0,
            description=job_id,
            meta=meta,
            commit=False,
        )
        job.failure_ttl = FAILURE_TTL_SECONDS
        with self.connection.pipeline(transaction=False) as pipe:  # half of it done is a job that the sweep finds
            job.save(pipeline=pipe)
            pipe.zadd(self.scheduled_jobs_key, {job.id: due_at.timestamp()})
            pipe.execute()

    def discard(self, job_ids: Sequence[str]) -> None:
        """Takes jobs off the schedule and out of the queue."""
        queue = FairQueue(QUEUE_NAME, connection=self.connection)
        with self.connection.pipeline() as pipe:
            for job_id in job_ids:
                pipe.zrem(self.scheduled_jobs_key, job_id)
                queue.remove(job_id, pipeline=pipe)
                pipe.delete(JsonJob.key_for(job_id))
            pipe.execute()

    def upcoming(self, until: float, limit: int) -> list[tuple[str, float]]:
        """Ids and due times (epoch seconds) of at most `limit` jobs that are due by `until`, earliest first."""
        found: Any = self.connection.zrangebyscore(self.scheduled_jobs_key, 0, until, 0, limit, withscores=True)
        return [(job_id.decode(), due) for job_id, due in found]

    def hand_over(self, job_ids: Sequence[str]) -> None:
        """Moves due jobs into the queue, all in one transaction; a job whose data is lost just leaves."""
        queue = FairQueue(QUEUE_NAME, connection=self.connection, serializer=JSONSerializer)
        jobs = JsonJob.fetch_many(job_ids, connection=self.connection)
        with self.connection.pipeline() as pipe:
            pipe.multi()  # enqueue_job would begin the transaction, and cannot behind the removal of a lost job
            for job_id, job in zip(job_ids, jobs, strict=True):
                if job is not None:
                    queue.enqueue_job(job, pipeline=pipe)
                pipe.zrem(self.scheduled_jobs_key, job_id)
            pipe.execute()
        for job in filter(None, jobs):
            log.info("handed over", **job.meta, attempt=job.args[1])


class Awaiting(Protocol):
    """What is scheduled here: a content whose attempt number `attempt + 1` is due at `due_at`."""

    @property
    def id(self) -> Any: ...
    @property
    def user_id(self) -> Any: ...
    @property
    def job_id(self) -> str | None: ...
    @property
    def attempt(self) -> int: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def log_ids(self) -> dict[str, Any]: ...


_Awaiting = TypeVar("_Awaiting", bound=Awaiting)


class GenerationQueue:
    """Schedules and cancels attempts, and tells which ones Redis has forgotten."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._schedule = DelaySchedule(redis)
        self._timeout = math.ceil(settings.ai_timeout_seconds) + JOB_TIMEOUT_MARGIN_SECONDS

    def schedule(self, content: Awaiting) -> None:
        """Schedules the content's next attempt at its due time. While Redis is away the sweep does it later."""
        try:
            self.must_schedule(content)
        except OUTAGES as error:
            log.warning("not scheduled, left to the sweep", **content.log_ids, error=str(error)[:200])

    def must_schedule(self, content: Awaiting) -> None:
        """As `schedule`, but raises one of redis_client.OUTAGES."""
        attempt = content.attempt + 1
        due_at = content.due_at
        assert due_at is not None, "only an unfinished generation is scheduled"  # noqa: S101
        self._schedule.add(_rq_job_id(content), [str(content.id), attempt], due_at, self._timeout, content.log_ids)

    def cancel(self, content: Content) -> None:
        """Takes the cancelled content's next attempt off. While Redis is away its claim finds nothing to do instead."""
        figures = Figures()
        try:
            self._schedule.discard([_rq_job_id(content)])
            figures.generation_ended(content.content_type, CANCELLED)
            figures.send(self._redis)
        except OUTAGES as error:
            log.warning("not taken off the queue", **content.log_ids, error=str(error)[:200])

    def forgotten(self, contents: Sequence[_Awaiting]) -> list[_Awaiting]:
        """Those whose next attempt is neither scheduled nor queued. Raises one of redis_client.OUTAGES."""
        ids = [_rq_job_id(content) for content in contents]
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zmscore(DelaySchedule.scheduled_jobs_key, ids)
            pipe.zmscore(FairQueue(QUEUE_NAME, connection=self._redis).key, ids)
            places = zip(contents, *pipe.execute(), strict=True)
        return [content for content, scheduled, queued in places if scheduled is None and queued is None]


def log_ids_of_current_job() -> dict[str, Any]:
    """The ids that the job under way in this thread was scheduled with; see Content.log_ids."""
    job = get_current_job()
    return {name: job.meta.get(name) for name in ("request_id", "content_id", "job_id")} if job else {}


def _rq_job_id(content: Awaiting) -> str:
    """RQ's id of the content's next attempt: owner (for fairness), public job id, attempt."""
    return f"{content.user_id}_{content.job_id}_{content.attempt + 1}"
