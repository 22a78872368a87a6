"""The job class for RQ and rq-scheduler: stored as JSON and validated by job_message.py.

Written for RQ 3.0.0. Overrides `restore`, `fetch`, `fetch_many`, `refresh` and `func`; each override has a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from app.logs import get_logger
from app.queueing.fair_queue import FairQueue
from app.queueing.job_message import (
    FUNCTION,
    LARGEST_BYTES,
    LONGEST_ID,
    MOST_FIELDS,
    RefusedJob,
    is_job_id,
    read_message,
)

log = get_logger(__name__)

QUEUE_NAME = "generation"
FAILURE_TTL_SECONDS = 3600
"""How long Redis keeps a job whose worker died. RQ's default is a year."""

_FIELDS_OF = f"""
local function fields_of(job)
    local kind = redis.call('TYPE', job).ok
    if kind == 'none' then return false end
    if kind ~= 'hash' or redis.call('HLEN', job) > {MOST_FIELDS} then return {{}} end
    local bytes = 0
    for _, name in ipairs(redis.call('HKEYS', job)) do
        bytes = bytes + #name + redis.call('HSTRLEN', job, name)
    end
    if bytes > {LARGEST_BYTES} then return {{}} end
    return redis.call('HGETALL', job)
end
"""
"""Returns the fields and values of a job: false if there is no job, an empty list if it is larger than ours can be."""
_READ_JOB = f"{_FIELDS_OF} return fields_of(KEYS[1])"
_TAKE = f"""{_FIELDS_OF}
local served = redis.call('ZPOPMIN', KEYS[1])
if #served == 0 then return false end
redis.call('SET', KEYS[2], served[2])
return {{served[1], fields_of(ARGV[1] .. served[1])}}
"""
"""Takes the next job off a FairQueue, like its `lpop`, and reads it. Returns false if no job is waiting."""


class JsonJob(Job):
    """An RQ job stored as JSON and strictly validated, so that write access to Redis does not allow running code here.

    RQ would unpickle a job and import the function and the callbacks it names. This class accepts only what
    job_message.py parses and never imports a name. RQ treats a refused job as nonexistent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **(kwargs | {"serializer": None})
        )  # RQ inspects any other serializer, at 6 % of the worker's time
        self.serializer = JSONSerializer

    @property
    def func(self) -> Any:
        """Raises TypeError. Only a worker can perform the job; see AttemptJob in thread_worker.py."""
        raise TypeError("this job can only be performed by a worker")

    @classmethod
    def fetch(cls, id: str, connection: Redis | None = None, serializer: Any = None) -> JsonJob:  # noqa: A002, ARG003  # RQ's names
        """Returns the job. Raises NoSuchJobError if it does not exist or is refused."""
        assert connection is not None, "RQ always gives one"  # noqa: S101  # for mypy
        (job,) = cls.fetch_many([id], connection)
        if job is None:
            raise NoSuchJobError(f"No such job: {id!r}"[:200])
        return job

    @classmethod
    def fetch_many(  # type: ignore[override]  # narrower than RQ's: these jobs, in a list as long as the ids
        cls,
        job_ids: Sequence[str],
        connection: Redis,
        serializer: Any = None,  # noqa: ARG003  # RQ gives it
    ) -> list[JsonJob | None]:
        """Returns the jobs in the order of their ids, with None for those that do not exist or are refused.

        Refused jobs are deleted.
        """
        usable = [job_id for job_id in job_ids if is_job_id(job_id)]
        with connection.pipeline(transaction=False) as pipe:
            for job_id in usable:
                pipe.eval(_READ_JOB, 1, cls.key_for(job_id))
            stored = dict(zip(usable, pipe.execute(), strict=True))
        return cls._read([(job_id, stored.get(job_id, ())) for job_id in job_ids], connection)

    @classmethod
    def take(cls, queue: FairQueue) -> JsonJob | None:
        """Takes the next job off a queue and reads it, in one round trip. Does not wait.

        Raises NoSuchJobError if it does not exist or is refused. Returns None if no job is waiting.
        """
        served_key, prefix = queue.served_key(queue.key), cls.key_for("")
        taken: Any = queue.connection.eval(_TAKE, 2, queue.key, served_key, prefix)
        if taken is None:
            return None
        job_id = taken[0].decode(errors="replace")
        (job,) = cls._read([(job_id, taken[1] if is_job_id(job_id) else ())], queue.connection)
        if job is None:
            raise NoSuchJobError(f"No such job: {job_id!r}"[:LONGEST_ID])
        return job

    @classmethod
    def _read(cls, stored: Sequence[tuple[str, Sequence[bytes] | None]], connection: Redis) -> list[JsonJob | None]:
        """The jobs whose ids and fields these are. A refused one is deleted, unless its id cannot be one of ours."""
        jobs = [cls._restored(job_id, fields, connection) for job_id, fields in stored]
        refused = [
            job_id
            for (job_id, fields), job in zip(stored, jobs, strict=True)
            if job is None and fields is not None and is_job_id(job_id)
        ]
        if refused:
            connection.delete(*map(cls.key_for, refused))
        return jobs

    @classmethod
    def _restored(cls, job_id: str, stored: Sequence[bytes] | None, connection: Redis) -> JsonJob | None:
        """Returns the job, or None if there is none (`stored` is None) or it is refused, which is logged."""
        if stored is None:
            return None
        job = cls(job_id if is_job_id(job_id) else None, connection=connection)
        try:
            job.restore(dict(zip(stored[::2], stored[1::2], strict=True)))
        except RefusedJob as refusal:
            log.warning("job refused", rq_job_id=job_id[:LONGEST_ID], reason=str(refusal))
            return None
        return job

    def refresh(self) -> None:
        """Reads the job again. Raises NoSuchJobError."""
        job = type(self).fetch(self.id, self.connection)
        self._func_name, self._instance, self._args, self._kwargs = FUNCTION, None, job.args, {}

    def restore(self, raw_data: Any) -> None:
        """Sets the job's state from its validated message and constants only. Raises RefusedJob."""
        message = read_message(raw_data, QUEUE_NAME)
        self._func_name, self._instance, self._kwargs = FUNCTION, None, {}
        self._args = [message.content_id, message.attempt]
        self._status = JobStatus.QUEUED
        self.origin = QUEUE_NAME
        self.description = self.id
        self.timeout = message.timeout
        self.meta = dict(message.meta)
        self.result_ttl = 0
        self.failure_ttl = FAILURE_TTL_SECONDS
