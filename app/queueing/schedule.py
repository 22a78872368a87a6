"""The schedule and the queue. The rest of the product uses RQ and rq-scheduler only through this module.

A job is the message "attempt n of this content is due". It is scheduled with rq-scheduler, moved into the fair queue
when it is due, and taken by a worker. Redis may lose all of it: the sweep restores it from MongoDB.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from redis import Redis
from rq.job import get_current_job
from rq.serializers import JSONSerializer
from rq_scheduler import Scheduler

from app.config import Settings
from app.logs import get_logger
from app.queueing.fair_queue import FairQueue
from app.queueing.job_message import JobMessage, write_message
from app.queueing.json_job import QUEUE_NAME, JsonJob
from app.redis_client import OUTAGES

log = get_logger(__name__)

JOB_TIMEOUT_MARGIN_SECONDS = 60
"""How much longer than Gemini's timeout a job may run before RQ ends it."""
HAND_OVER_BATCH = 200


_ADD = """
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
redis.call('ZADD', KEYS[2], ARGV[1], ARGV[2])
if redis.call('ZRANK', KEYS[2], ARGV[2]) == 0 then
    redis.call('DEL', KEYS[3])
    redis.call('LPUSH', KEYS[3], ARGV[2])
    redis.call('EXPIRE', KEYS[3], 60)  -- no scheduler may be running
end
"""
"""Stores the fields of a job and its due time, and wakes the scheduler if no other job is due before.

Replaces anything stored under the job's key.
"""


class DelaySchedule(Scheduler):
    """rq-scheduler's schedule, but with fractions of a second. The original truncates them, so jobs would be early."""

    job_class = JsonJob
    queue_class = FairQueue
    earlier_job_key = "rq:scheduler:earlier-job"

    def __init__(self, connection: Redis) -> None:
        super().__init__(queue_name=QUEUE_NAME, connection=connection)
        self._add = connection.register_script(_ADD)
        self._fair_queue = FairQueue(QUEUE_NAME, connection=connection, serializer=JSONSerializer)

    def add(self, job_id: str, message: JobMessage, due_at: datetime) -> None:
        """Stores a job and its due time in one round trip. Replaces a job with the same id."""
        fields = write_message(message, QUEUE_NAME)
        self._add(
            keys=[JsonJob.key_for(job_id), self.scheduled_jobs_key, self.earlier_job_key],
            args=[due_at.timestamp(), job_id, *chain.from_iterable(fields.items())],
        )

    def discard(self, job_ids: Sequence[str]) -> None:
        """Removes jobs from the schedule and from the queue."""
        with self.connection.pipeline() as pipe:
            for job_id in job_ids:
                pipe.zrem(self.scheduled_jobs_key, job_id)
                self._fair_queue.remove(job_id, pipeline=pipe)
                pipe.delete(JsonJob.key_for(job_id))
            pipe.execute()

    def upcoming(self, until: float, limit: int) -> list[tuple[str, float]]:
        """Returns the ids and due times (epoch seconds) of at most `limit` jobs due by `until`, earliest first.

        Ids that are not valid UTF-8 contain surrogate escapes, so that `hand_over` can remove them.
        """
        found: Any = self.connection.zrangebyscore(self.scheduled_jobs_key, 0, until, 0, limit, withscores=True)
        return [(job_id.decode(errors="surrogateescape"), due) for job_id, due in found]

    def await_earlier(self, seconds: float) -> None:
        """Waits until a job is added that is due before all others, or for `seconds`, to which Redis may add 0.1."""
        self.connection.blpop([self.earlier_job_key], seconds)

    def hand_over(self, job_ids: Sequence[str]) -> None:
        """Moves due jobs into the queue in one transaction. Lost and refused jobs are only removed."""
        jobs = JsonJob.fetch_many(job_ids, connection=self.connection)
        with self.connection.pipeline() as pipe:
            pipe.multi()  # otherwise enqueue_job begins the transaction, which fails after a zrem
            for job_id, job in zip(job_ids, jobs, strict=True):
                if job is not None:
                    self._fair_queue.enqueue_job(job, pipeline=pipe)
                pipe.zrem(self.scheduled_jobs_key, job_id.encode(errors="surrogateescape"))
            pipe.execute()
        for job in filter(None, jobs):
            log.info("handed over", **job.meta, attempt=job.args[1])


def rq_job_id(queue_owner: object, job_id: str | None, attempt: int) -> str:
    """Returns the id of an attempt in RQ: its owner (for fairness), the public job id, and its number."""
    return f"{queue_owner}_{job_id}_{attempt}"


@dataclass(frozen=True, slots=True)
class DueAttempt:
    """Attempt number `attempt` of a content, due at `due_at`. It takes the turn of `queue_owner` in the fair queue."""

    content_id: str
    user_id: str
    job_id: str
    attempt: int
    due_at: datetime
    request_id: str | None
    queue_owner: str

    @property
    def rq_job_id(self) -> str:
        """The attempt's id in RQ."""
        return rq_job_id(self.queue_owner, self.job_id, self.attempt)

    @property
    def log_ids(self) -> dict[str, Any]:
        """The ids to log in every line about this generation."""
        return {"request_id": self.request_id, "content_id": self.content_id, "job_id": self.job_id}


class GenerationQueue:
    """Schedules and discards attempts, and finds those that Redis has lost."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._schedule = DelaySchedule(redis)
        self._timeout = math.ceil(settings.ai_timeout_seconds) + JOB_TIMEOUT_MARGIN_SECONDS

    def schedule(self, due: DueAttempt) -> None:
        """Schedules an attempt for its due time. If Redis is unavailable, this is left to the sweep."""
        try:
            self.must_schedule(due)
        except OUTAGES as error:
            log.warning("not scheduled, left to the sweep", **due.log_ids, error=str(error)[:200])

    def must_schedule(self, due: DueAttempt) -> None:
        """Like `schedule`, but raises one of redis_client.OUTAGES."""
        message = JobMessage(due.content_id, due.attempt, self._timeout, due.log_ids)
        self._schedule.add(due.rq_job_id, message, due.due_at)

    def discard(self, rq_job_id: str) -> None:
        """Removes an attempt from the schedule and the queue. Raises one of redis_client.OUTAGES."""
        self._schedule.discard([rq_job_id])

    def forgotten(self, attempts: Sequence[DueAttempt]) -> list[DueAttempt]:
        """Returns the attempts that are neither scheduled nor queued. Raises one of redis_client.OUTAGES."""
        ids = [due.rq_job_id for due in attempts]
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.zmscore(DelaySchedule.scheduled_jobs_key, ids)
            pipe.zmscore(FairQueue(QUEUE_NAME, connection=self._redis).key, ids)
            places = zip(attempts, *pipe.execute(), strict=True)
        return [due for due, scheduled, queued in places if scheduled is None and queued is None]


def log_ids_of_current_job() -> dict[str, Any]:
    """Returns the log ids (DueAttempt.log_ids) of this thread's current job."""
    job = get_current_job()
    return {name: job.meta.get(name) for name in ("request_id", "content_id", "job_id")} if job else {}
