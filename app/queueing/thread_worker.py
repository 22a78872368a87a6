"""An RQ worker that runs in a thread. A worker process has several.

Written for RQ 3.0.0. Overrides how a job is taken, performed and recorded, and what happens to jobs whose worker died.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from redis import Redis
from rq import SimpleWorker
from rq.exceptions import DequeueTimeout, NoSuchJobError
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty
from rq.utils import now
from rq.worker import WorkerStatus
from rq.worker_registration import REDIS_WORKER_KEYS, WORKERS_BY_QUEUE_KEY

from app.queueing.fair_queue import FairQueue
from app.queueing.jobs import run_attempt
from app.queueing.json_job import QUEUE_NAME, JsonJob

DEQUEUE_SECONDS = 1
HEARTBEAT_SECONDS = 30.0


class AttemptJob(JsonJob):
    """A job taken by a worker. It always calls `run_attempt`, whatever function the stored job names."""

    @property
    def func(self) -> Any:
        """The function that RQ calls with the job's arguments. RQ's own property imports the name in the job."""
        return run_attempt


class ThreadWorker(SimpleWorker):
    """An RQ worker for a thread: no signal handlers, no pub/sub thread, and job timeouts by timer.

    RQ's `work()` installs signal handlers, starts a thread for remote commands, and waits up to 60 s after a lost
    connection. `serve` replaces it without these.
    """

    death_penalty_class = TimerDeathPenalty
    queue_class = FairQueue
    job_class = AttemptJob
    log_result_lifespan = False

    def __init__(self, redis: Redis, name: str, stopping: threading.Event) -> None:
        queue = FairQueue(QUEUE_NAME, connection=redis, job_class=AttemptJob, serializer=JSONSerializer)
        self._fair_queue = queue
        super().__init__([queue], name=name, connection=redis, serializer=JSONSerializer, log_job_description=False)
        self._stopping = stopping
        self._more_may_wait = False

    def serve(self) -> None:
        """Takes and performs jobs until `stopping` is set. Raises one of redis_client.OUTAGES."""
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

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Performs a job, with one write to Redis before and one after. RQ itself writes twice each time."""
        self._more_may_wait = True
        if not self.perform_job(job, queue, self.prepare_execution(job)):
            self.set_state(WorkerStatus.IDLE)

    def prepare_execution(self, job: Job) -> Execution:
        """Registers the execution, so that `run_maintenance_tasks` deletes the job if this worker dies."""
        ttl = self.get_heartbeat_ttl(job)
        with self.connection.pipeline(transaction=False) as pipe:
            execution = Execution.create(job, ttl, pipeline=pipe, worker_name=self.name)
            self.executions[execution.id] = execution
            self.set_state(WorkerStatus.BUSY, pipeline=pipe)
            self.heartbeat(ttl, pipeline=pipe)
            pipe.execute()
        return execution

    def prepare_job_execution(self, job: Job, remove_from_intermediate_queue: bool = False) -> None:
        """Does nothing: the state of a running job is not read, and there is no intermediate queue."""

    def handle_job_success(
        self, job: Job, queue: Queue, started_job_registry: StartedJobRegistry, execution: Execution
    ) -> None:
        """Counts and deletes the job in one round trip.

        RQ would check for dependents, repeats, groups, results and rate limits, which our jobs never have. That takes
        eight round trips and a seventh of the worker's CPU time.
        """
        with self.connection.pipeline(transaction=False) as pipe:
            self.increment_successful_job_count(pipeline=pipe)
            self.set_state(WorkerStatus.IDLE, pipeline=pipe)
            self.increment_total_working_time(job.ended_at - job.started_at, pipe)  # type: ignore[operator]  # both are set by now
            self.cleanup_execution(job, pipeline=pipe, execution=execution)
            pipe.delete(job.key, job.execution_registry.key)
            pipe.execute()

    def handle_execution_ended(self, job: Job, queue: Queue, heartbeat_ttl: int) -> None:
        """Records the end. Skips RQ's last heartbeat, because the job is about to be deleted."""
        job.ended_at = now()

    def run_maintenance_tasks(self) -> None:
        """Deletes jobs whose worker died, failures older than an hour, and workers that no longer exist.

        RQ would run such jobs' callbacks, retry them, and process dependencies, groups, rate limits and an intermediate
        queue, trusting Redis for all of it. Here MongoDB decides what is retried; see app/generation/sweep.py.
        """
        self.last_cleaned_at = now()  # type: ignore[assignment]  # RQ declares it as None only
        queue = self._fair_queue
        started, failed = queue.started_job_registry, queue.failed_job_registry
        until = time.time()
        abandoned: Any = self.connection.zrangebyscore(started.key, 0, until)
        with self.connection.pipeline() as pipe:
            for entry in abandoned:  # <job id>:<execution id>
                job_id, _, _ = entry.decode(errors="replace").partition(":")
                pipe.delete(JsonJob.key_for(job_id), b"rq:execution:" + entry)
                pipe.zrem(started.key, entry)
            pipe.zremrangebyscore(failed.key, 0, until)
            pipe.execute()
        self._forget_gone_workers()

    def _forget_gone_workers(self) -> None:
        """Does the same as RQ's clean_worker_registry, for worker names in any format."""
        registries = (WORKERS_BY_QUEUE_KEY % QUEUE_NAME, REDIS_WORKER_KEYS)
        named: Any = self.connection.smembers(registries[0])
        with self.connection.pipeline(transaction=False) as pipe:
            for key in named:
                pipe.exists(key)
            gone = [key for key, exists in zip(named, pipe.execute(), strict=True) if not exists]
            for key in gone:
                for registry in registries:
                    pipe.srem(registry, key)
            pipe.execute()

    def procline(self, message: str) -> None:
        """Does nothing: the process title is shared by all threads."""

    def _take_at_once(self) -> tuple[Job, Queue] | None:
        """Takes the next job if the last one may have left others waiting. RQ needs three round trips for each."""
        while self._more_may_wait:
            try:
                job = AttemptJob.take(self._fair_queue)
            except NoSuchJobError:
                continue
            self._more_may_wait = job is not None
            if job is not None:
                return job, self._fair_queue
        return None

    def _take(self) -> tuple[Job, Queue] | None:
        try:
            taken = self._take_at_once() or FairQueue.dequeue_any(
                self.queues, DEQUEUE_SECONDS, self.connection, AttemptJob, JSONSerializer, TimerDeathPenalty
            )
        except DequeueTimeout:
            return None
        if taken is not None and self._stopping.is_set():
            job, queue = taken
            queue.push_job_id(job.id)
            return None
        return taken
