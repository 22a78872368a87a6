"""An RQ worker that lives in a thread; a worker process runs several of them."""

from __future__ import annotations

import threading
import time

from redis import Redis
from rq import SimpleWorker
from rq.exceptions import DequeueTimeout
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty
from rq.utils import now

from app.queueing.fair_queue import FairQueue
from app.queueing.schedule import QUEUE_NAME, JsonJob

DEQUEUE_SECONDS = 1
HEARTBEAT_SECONDS = 30.0


class ThreadWorker(SimpleWorker):
    """An RQ worker that lives in a thread: no signals, no pubsub thread, a job time-out by timer.

    RQ's own `work()` installs signal handlers, starts a thread per worker to listen for remote commands, and waits
    up to 60 s after a lost connection; `serve` is the part of it that is left when these are taken away.
    """

    death_penalty_class = TimerDeathPenalty
    queue_class = FairQueue
    job_class = JsonJob
    log_result_lifespan = False

    def __init__(self, redis: Redis, name: str, stopping: threading.Event) -> None:
        queue = FairQueue(QUEUE_NAME, connection=redis, job_class=JsonJob, serializer=JSONSerializer)
        super().__init__([queue], name=name, connection=redis, serializer=JSONSerializer, log_job_description=False)
        self._stopping = stopping

    def serve(self) -> None:
        """Takes and performs jobs until stopped. Raises one of redis_client.OUTAGES when Redis goes away."""
        self.register_birth()
        heartbeat_at = 0.0
        while not self._stopping.is_set():
            if time.monotonic() >= heartbeat_at:
                self.heartbeat()
                heartbeat_at = time.monotonic() + HEARTBEAT_SECONDS
                if self.should_run_maintenance_tasks:
                    self.run_maintenance_tasks()
            if taken := self._take():
                self.execute_job(*taken)
        self.register_death()

    def handle_job_success(
        self, job: Job, queue: Queue, started_job_registry: StartedJobRegistry, execution: Execution
    ) -> None:
        """Counts the job and forgets it, in one round trip.

        RQ's own looks for dependents, repeats, groups, results and rate limits, which our jobs never have: eight
        round trips, a seventh of the worker's time in Python.
        """
        with self.connection.pipeline() as pipe:
            self.increment_successful_job_count(pipeline=pipe)
            self.increment_total_working_time(job.ended_at - job.started_at, pipe)  # type: ignore[operator]  # both are set by now
            self.cleanup_execution(job, pipeline=pipe, execution=execution)
            pipe.delete(job.key, job.execution_registry.key)
            pipe.execute()

    def handle_execution_ended(self, job: Job, queue: Queue, heartbeat_ttl: int) -> None:
        """Notes the end, without RQ's last heartbeat for a job that is about to be forgotten."""
        job.ended_at = now()

    def procline(self, message: str) -> None:
        """Leaves the process title alone: it belongs to all threads."""

    def _take(self) -> tuple[Job, Queue] | None:
        try:
            taken = FairQueue.dequeue_any(
                self.queues, DEQUEUE_SECONDS, self.connection, JsonJob, JSONSerializer, TimerDeathPenalty
            )
        except DequeueTimeout:
            return None
        if taken is not None and self._stopping.is_set():
            job, queue = taken
            queue.push_job_id(job.id)
            return None
        return taken
