"""A worker process: several RQ workers as threads, and the loops for scheduling, leases and recovery."""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from app.account.deletion import AccountErasure
from app.batches.maker import BatchMaker
from app.batches.quota_holds import to_come
from app.config import Settings
from app.content.backfill import keep_backfilling
from app.content.trash import Trash
from app.database import OUTAGES as DATABASE_OUTAGES
from app.erasure import erasers_of, person_erasers_of
from app.generation import transitions
from app.generation.attempt import Attempts
from app.generation.backlog import next_attempt
from app.generation.counters import Counters
from app.generation.leases import Leases
from app.generation.providers.base import Provider
from app.generation.quota_holds import known_jobs
from app.generation.stops import StopListener
from app.generation.streaming import TIMEOUT_SECONDS, LiveStreams
from app.generation.sweep import Sweep
from app.logs import get_logger
from app.ops.heartbeat import Heartbeat
from app.outbox_handlers import batch_told, disabling_told, relay_of, rewrite_relay_of
from app.queueing.jobs import current_attempts
from app.queueing.schedule import JOB_TIMEOUT_MARGIN_SECONDS, GenerationQueue
from app.queueing.scheduler import SchedulerLoop
from app.queueing.thread_worker import ThreadWorker
from app.quotas.sweep import QuotaSweep
from app.realtime.live_text import LiveTexts
from app.redis_client import OUTAGES as REDIS_OUTAGES
from app.redis_client import WORKER_TIMEOUT_SECONDS, connect
from app.rewriting.runs import RewriteRuns, RunsOfBoth
from app.usage.document import UsageRow
from app.webhooks.addresses import Reach
from app.webhooks.connection import Outbound
from app.webhooks.pacing import Pacing
from app.webhooks.sending import WebhookSender

log = get_logger(__name__)

OUTAGE_PAUSE_SECONDS = 0.5


class WorkerProcess:
    """Everything that runs in one worker process. Call `start`, then `stop` once, from the main thread."""

    def __init__(self, settings: Settings, provider: Provider) -> None:
        self._settings = settings
        self._stopping = threading.Event()
        self._redis = connect(settings, WORKER_TIMEOUT_SECONDS)
        self._leases = Leases(settings.ai_timeout_seconds + JOB_TIMEOUT_MARGIN_SECONDS)
        self._queue = GenerationQueue(self._redis, settings)
        counters = Counters()
        self._relay = relay_of(self._redis, self._queue, buffered=True)
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._heartbeat = Heartbeat(self._redis, self._name, counters)
        self._live = LiveStreams(LiveTexts(connect(settings, TIMEOUT_SECONDS, most=1)))
        self._attempts = Attempts(
            provider, self._queue, self._relay, self._leases, settings, counters=counters, live=self._live
        )
        relay = rewrite_relay_of(self._redis, self._queue, buffered=True)
        self._rewrites = RewriteRuns(provider, self._queue, relay, settings, counters=counters, live=self._live)
        self._stops = StopListener(self._redis, self._leases, self._rewrites.leases)
        self._sweep = Sweep(self._queue, self._relay, counters)
        self._webhooks = WebhookSender(
            Outbound(Reach.of(settings)),
            disabling_told(self._redis),
            count=counters.delivery_tried,
            pause=Pacing(lambda: self._leases.count() > 0).pause,
        )
        self._threads: list[threading.Thread] = []
        self._keeping = threading.Event()

    def start(self) -> None:
        """Starts the loops and WORKER_CONCURRENCY RQ workers, each in its own thread."""
        scheduler = SchedulerLoop(self._redis, self._stopping)
        self._spawn("scheduler", scheduler.run)
        for sweep in (self._sweep, self._rewrites.sweep):
            self._spawn("sweep", partial(sweep.keep_sweeping, self._stopping))
        for name, keep in self._loops_to_the_end():
            threading.Thread(target=keep, args=(self._keeping,), name=name, daemon=True).start()
        trash = Trash(self._relay, transitions.voided, erasers_of(self._redis))
        kept = timedelta(days=self._settings.trash_days)
        threading.Thread(target=trash.keep_purging, args=(kept, self._stopping), name="trash", daemon=True).start()
        maker = BatchMaker(self._queue, self._relay, batch_told(self._redis), self._settings.job_max_attempts)
        threading.Thread(target=maker.keep_making, args=(self._stopping,), name="batches", daemon=True).start()
        quotas = QuotaSweep(known_jobs, to_come)
        threading.Thread(target=quotas.keep_sweeping, args=(self._stopping,), name="quotas", daemon=True).start()
        erasers = person_erasers_of(self._redis, self._queue)
        erasure = AccountErasure(self._redis, erasers, self._settings.jwt_expiration)
        threading.Thread(target=erasure.keep_sweeping, args=(self._stopping,), name="accounts", daemon=True).start()
        threading.Thread(target=keep_backfilling, args=(self._stopping,), name="older contents", daemon=True).start()
        self._spawn("webhooks", partial(self._webhooks.keep_sending, self._stopping))
        self._spawn("heartbeat", lambda: self._heartbeat.keep_beating(self._stopping))
        for number in range(self._settings.worker_concurrency):
            self._spawn(f"worker-{number}", lambda name=f"{self._name}-{number}": self._work(name))  # type: ignore[misc]  # mypy does not infer a default
        log.info("worker is listening for jobs", concurrency=self._settings.worker_concurrency)

    def _loops_to_the_end(self) -> tuple[tuple[str, Callable[[threading.Event], None]], ...]:
        """Returns the loops that must run until the last attempts have ended."""
        return (
            ("leases", self._leases.keep),
            ("outbox", self._relay.keep_acknowledging),
            ("leases of rewrites", self._rewrites.leases.keep),
            ("outbox of rewrites", self._rewrites.relay.keep_acknowledging),
            ("stops", self._stops.keep_listening),
            ("previews", self._live.keep_sending),
        )

    def stop(self) -> None:
        """Takes no new jobs, waits WORKER_STOP_SECONDS for running attempts, and releases the rest uncounted."""
        self._stopping.set()
        log.info("worker is stopping", running=self._leases.count() + self._rewrites.leases.count())
        deadline = time.monotonic() + self._settings.worker_stop_seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._release()
        self._keeping.set()
        self._relay.acknowledge()
        self._rewrites.relay.acknowledge()
        self._heartbeat.end()
        log.info("worker stopped")

    def _release(self) -> None:
        try:
            for content in [*self._leases.release(), *self._rewrites.leases.release()]:
                due = next_attempt(content)
                log.info("attempt released", **due.log_ids, attempt=due.attempt)
                self._queue.schedule(due)
                UsageRow.lose(content["ended_by"])
        except DATABASE_OUTAGES as error:
            log.warning("attempts not released; the sweep will recover them", error=str(error)[:200])

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, name: str) -> None:
        """Runs RQ workers in this thread, starting a new one after each Redis outage."""
        current_attempts.set(RunsOfBoth(self._attempts, self._rewrites.attempts))
        life = 0
        while not self._stopping.is_set():
            life += 1
            try:
                ThreadWorker(self._redis, f"{name}-{life}", self._stopping).serve()
            except REDIS_OUTAGES as error:
                log.debug("worker thread waiting for redis", error=str(error)[:200])
                self._stopping.wait(OUTAGE_PAUSE_SECONDS)
            except Exception:
                log.exception("worker thread crashed; restarting")
                self._stopping.wait(OUTAGE_PAUSE_SECONDS)
