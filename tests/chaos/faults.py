"""The faults: each breaks one thing, waits a while, and repairs it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random as Dice

from app.clock import utcnow
from tests.dying_worker import MOMENTS
from tools.processes import StartError, wait_until
from tools.servers import Service
from tools.system import System, Worker

LONGEST_FREEZE_SECONDS = 16.0
LONGEST_OUTAGE_SECONDS = 5.0
LONGEST_LIFE_SECONDS = 10.0

Fault = Callable[[Dice, threading.Event], None]


@dataclass
class Saboteur:
    """Causes random faults of workers and Redis, both at a time, until told to stop. Leaves everything running."""

    system: System
    redis: Service
    seed: int
    done: Counter[str] = field(default_factory=Counter)
    redis_emptied_at: datetime | None = None

    def threads(self, stopping: threading.Event) -> list[threading.Thread]:
        """One thread for workers and one for Redis, each with a separate random generator. They are not started yet."""
        for_workers = [self.kill_worker, self.kill_between, self.kill_between, self.freeze_worker, self.stop_worker]
        for_redis = [self.kill_redis, self.freeze_redis]
        return [
            threading.Thread(target=self._run, args=(faults, Dice(self.seed + number), pause, stopping))
            for number, (faults, pause) in enumerate([(for_workers, 3.0), (for_redis, 12.0)])
        ]

    def _run(self, faults: list[Fault], dice: Dice, longest_pause: float, stopping: threading.Event) -> None:
        while not stopping.wait(dice.uniform(0.5, longest_pause)):
            fault = dice.choice(faults)
            fault(dice, stopping)
            self.done[fault.__name__] += 1

    def kill_worker(self, dice: Dice, stopping: threading.Event) -> None:
        """SIGKILL, and a new worker after at most 2 s."""
        self._pick(dice).child.kill()
        stopping.wait(dice.uniform(0, 2))
        self._replace()

    def kill_between(self, dice: Dice, stopping: threading.Event) -> None:
        """A worker that kills itself between a write and its consequences; see tests/dying_worker.py."""
        moment = dice.choice(MOMENTS)
        doomed = self.system.start_worker(["-m", "tests.dying_worker", *moment.split()])
        wait_until(lambda: stopping.is_set() or not doomed.child.running, LONGEST_LIFE_SECONDS)
        doomed.child.kill()

    def stop_worker(self, dice: Dice, _stopping: threading.Event) -> None:
        """SIGTERM, while a new worker starts: a deployment."""
        worker = self._pick(dice)
        worker.child.ask_to_stop()
        self._replace()
        worker.child.await_end(30)

    def freeze_worker(self, dice: Dice, stopping: threading.Event) -> None:
        """SIGSTOP, often for longer than a lease, then SIGCONT."""
        worker = self._pick(dice)
        worker.child.freeze()
        stopping.wait(dice.uniform(1, LONGEST_FREEZE_SECONDS))
        worker.child.thaw()

    def kill_redis(self, dice: Dice, stopping: threading.Event) -> None:
        """SIGKILL, and a restart with empty data after a while."""
        self.redis.kill()
        stopping.wait(dice.uniform(0.2, LONGEST_OUTAGE_SECONDS))
        self.redis.restart(empty=True)
        self.redis_emptied_at = utcnow()

    def freeze_redis(self, dice: Dice, stopping: threading.Event) -> None:
        """SIGSTOP, then SIGCONT: Redis hangs but loses nothing."""
        self.redis.freeze()
        stopping.wait(dice.uniform(0.2, LONGEST_OUTAGE_SECONDS))
        self.redis.thaw()

    def _pick(self, dice: Dice) -> Worker:
        return dice.choice([worker for worker in self.system.workers if worker.child.running])

    def _replace(self) -> None:
        """Starts a worker. Without Redis it correctly refuses to start, and is started again."""
        while True:
            try:
                self.system.add_worker()
            except StartError:
                continue
            return
