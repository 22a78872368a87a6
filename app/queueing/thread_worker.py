"""A worker process: several RQ workers as threads, and the loops that keep schedule, leases and recovery going."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable

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

from app.config import Settings
from app.database import OUTAGES as DATABASE_OUTAGES
from app.generation.attempt import Pipeline, Writer
from app.generation.counters import Figures
from app.generation.leases import Leases
from app.generation.sweep import Recovery
from app.logs import get_logger
from app.ops.heartbeat import Heartbeat
from app.queueing.fair_queue import FairQueue
from app.queueing.jobs import current_pipeline
from app.queueing.schedule import JOB_TIMEOUT_MARGIN_SECONDS, QUEUE_NAME, GenerationQueue, JsonJob
from app.queueing.scheduler import SchedulerLoop
from app.realtime.events import EventEmitter
from app.redis_client import OUTAGES as REDIS_OUTAGES
from app.redis_client import WORKER_TIMEOUT_SECONDS, connect

log = get_logger(__name__)

DEQUEUE_SECONDS = 1
HEARTBEAT_SECONDS = 30.0
OUTAGE_PAUSE_SECONDS = 0.5


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
            self.increment_total_working_time(job.ended_at - job.started_at, pipe)  # type: ignore[operator]
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


class WorkerProcess:
    """Everything that runs in one worker process. `start`, then `stop` once, from the main thread."""

    def __init__(self, settings: Settings, writer: Writer) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._redis = connect(settings, WORKER_TIMEOUT_SECONDS)
        self._leases = Leases(settings.ai_timeout_seconds + JOB_TIMEOUT_MARGIN_SECONDS)
        self._queue = GenerationQueue(self._redis, settings)
        events = EventEmitter(settings)
        figures = Figures()
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._heartbeat = Heartbeat(self._redis, self._name, figures)
        self._pipeline = Pipeline(writer, self._queue, events, self._leases, settings, figures=figures)
        self._recovery = Recovery(self._queue, events, figures)
        self._threads: list[threading.Thread] = []
        self._keeping = threading.Event()

    def start(self) -> None:
        """Starts the loops and WORKER_CONCURRENCY RQ workers, each in its thread."""
        scheduler = SchedulerLoop(self._redis, self._stopping)
        self._spawn("scheduler", scheduler.run)
        self._spawn("sweep", lambda: self._recovery.keep_sweeping(self._stopping))
        threading.Thread(target=self._leases.keep, args=(self._keeping,), name="leases", daemon=True).start()
        self._spawn("heartbeat", lambda: self._heartbeat.keep_beating(self._stopping))
        for number in range(self._settings.worker_concurrency):
            self._spawn(f"worker-{number}", lambda name=f"{self._name}-{number}": self._work(name))  # type: ignore[misc]
        log.info("worker is listening for jobs", concurrency=self._settings.worker_concurrency)

    def stop(self) -> None:
        """Takes nothing new, lets running attempts finish for WORKER_STOP_SECONDS, hands the rest back uncounted."""
        self._stopping.set()
        log.info("worker is stopping", running=self._leases.count())
        deadline = time.monotonic() + self._settings.worker_stop_seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._hand_back()
        self._keeping.set()
        self._heartbeat.end()
        log.info("worker stopped")

    def _hand_back(self) -> None:
        try:
            for content in self._leases.hand_back():
                log.info("attempt handed back", **content.log_ids, attempt=content.attempt + 1)
                self._queue.schedule(content)
        except DATABASE_OUTAGES as error:
            log.warning("attempts left to the sweep", error=str(error)[:200])

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, name: str) -> None:
        """One RQ worker after another in this thread: a new one whenever Redis was away."""
        current_pipeline.set(self._pipeline)
        life = 0
        while not self._stopping.is_set():
            life += 1
            try:
                ThreadWorker(self._redis, f"{name}-{life}", self._stopping).serve()
            except REDIS_OUTAGES as error:
                log.debug("worker thread waits for redis", error=str(error)[:200])
                self._stopping.wait(OUTAGE_PAUSE_SECONDS)
            except Exception:
                log.exception("worker thread restarts")
                self._stopping.wait(OUTAGE_PAUSE_SECONDS)
