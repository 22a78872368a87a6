"""A fair RQ queue: serves users in turn, so that one user's 200 jobs do not hold up another's single job.

Start-time fair queueing (Goyal, Vin, Cheng, 1996: https://doi.org/10.1145/248157.248171) with jobs of equal cost.
A job gets the tag max(tag of the last served job, tag after its owner's previous job); the lowest tag is served
first. The queue is a sorted set under RQ's own key, so that BZPOPMIN serves it in one blocking command.
Jobs with equal tags are served in the order of their ids. An id begins with its owner: `<owner>_<rest>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis import Redis
from redis.client import Pipeline
from rq.exceptions import DequeueTimeout
from rq.job import Job
from rq.queue import Queue

_PUSH = """
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('DEL', KEYS[2]) end
local function tag_in(stored)  -- 0 for an invalid tag, which others with access to Redis may have written
    local tag = tonumber(stored or '0') or 0
    if tag >= 0 and tag < 2^52 then return tag else return 0 end
end
local tag = math.max(tag_in(redis.call('GET', KEYS[3])), tag_in(redis.call('HGET', KEYS[2], ARGV[2])))
redis.call('ZADD', KEYS[1], tag, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[2], tag + 1)
return 1
"""


class FairQueue(Queue):
    """RQ's Queue, with its list replaced by a sorted set as described above."""

    @property
    def _next_tags_key(self) -> str:
        return f"{self.key}:next-tags"

    @staticmethod
    def served_key(queue_key: str) -> str:
        """Returns the key of the tag last served."""
        return f"{queue_key}:served"

    def push_job_id(self, job_id: str, pipeline: Pipeline | None = None, at_front: bool = False) -> None:
        """Adds a job at its owner's next turn. A job that is already waiting keeps its place."""
        owner = job_id.partition("_")[0]
        connection: Any = self.connection if pipeline is None else pipeline
        connection.eval(_PUSH, 3, self.key, self._next_tags_key, self.served_key(self.key), job_id, owner)

    @classmethod
    def lmove(cls, connection: Redis, queue_key: str, timeout: int | None) -> Any:
        return cls.lpop([queue_key], timeout, connection)

    @classmethod
    def lpop(cls, queue_keys: Sequence[str], timeout: int | None, connection: Redis | None = None) -> Any:
        """Removes the next job and returns the queue's key and the job's id.

        Raises DequeueTimeout after `timeout` seconds. If `timeout` is None, returns None at once for an empty queue.
        """
        redis: Any = connection
        (queue_key,) = queue_keys
        if timeout is None:
            served = redis.zpopmin(queue_key)
            found = (queue_key, *served[0]) if served else None
        else:
            found = redis.bzpopmin([queue_key], timeout)
            if found is None:
                raise DequeueTimeout(timeout, queue_keys)
        if found is None:
            return None
        _, job_id, tag = found
        redis.set(cls.served_key(queue_key), tag)
        return queue_key, job_id.decode(errors="replace")

    def remove(self, job_or_id: Job | str, pipeline: Pipeline | None = None) -> Any:
        """Removes a job from the queue."""
        connection: Any = self.connection if pipeline is None else pipeline
        return connection.zrem(self.key, job_or_id.id if isinstance(job_or_id, Job) else job_or_id)

    def get_job_ids(self, offset: int = 0, length: int = -1) -> list[str]:
        """Returns the ids of waiting jobs in the order in which they will be served."""
        if length == 0:
            return []
        last = offset + length - 1 if length > 0 else length
        ids: Any = self.connection.zrange(self.key, offset, last)
        return [job_id.decode(errors="replace") for job_id in ids]

    def get_job_position(self, job_or_id: Job | str) -> int | None:
        """Returns how many jobs will be served before this one, or None if it is not waiting."""
        place: Any = self.connection.zrank(self.key, job_or_id.id if isinstance(job_or_id, Job) else job_or_id)
        return None if place is None else int(place)

    def pop_job_id(self) -> str | None:
        """Removes the next job and returns its id, or None if no job is waiting."""
        popped = self.lpop([self.key], None, self.connection)
        return None if popped is None else str(popped[1])

    def empty(self) -> int:
        """Deletes all waiting jobs. Returns how many there were."""
        ids = self.get_job_ids()
        self.connection.delete(self.key, self._next_tags_key, *map(self.job_class.key_for, ids))
        return len(ids)

    def delete(self, delete_jobs: bool = True) -> None:
        """Deletes the queue and its record of turns and, unless `delete_jobs` is false, its jobs."""
        if delete_jobs:
            self.empty()
        with self.connection.pipeline() as pipe:
            pipe.srem(self.redis_queues_keys, self.key)
            pipe.delete(self.key, self._next_tags_key, self.served_key(self.key))
            pipe.execute()

    def compact(self) -> None:
        """Raises NotImplementedError. Compaction is not needed: jobs without data are skipped when they are served."""
        raise NotImplementedError("FairQueue needs no compaction: lost jobs are skipped when they are served")

    @property
    def count(self) -> int:
        """The number of waiting jobs."""
        waiting: Any = self.connection.zcard(self.key)
        return int(waiting)
