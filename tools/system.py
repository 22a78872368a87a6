"""Runs the product's processes on given servers, for tests, fault drills and benchmarks."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tools import ports
from tools.fake_gemini.remote import Remote
from tools.processes import Child, StartError, start, wait_until
from tools.servers import Service, start_gemini_standin, start_mongodb, start_redis

READY_SECONDS = 120.0
WEB_PATIENCE_SECONDS = 15.0
WORKER_PATIENCE_SECONDS = 30.0


@dataclass
class Servers:
    """MongoDB, Redis and the Gemini stand-in, started for this run."""

    mongodb: Service
    redis: Service
    gemini: Service

    @classmethod
    def start(cls, data_dir: Path, *, fail_points: bool = False) -> Servers:
        """Raises StartError if one of them cannot be started. `fail_points`: see start_mongodb."""
        mongodb = start_mongodb(data_dir / "mongodb", fail_points=fail_points)
        return cls(mongodb, start_redis(data_dir / "redis"), start_gemini_standin())

    @property
    def standin(self) -> Remote:
        return Remote(self.gemini.url)

    def environ(self, database: str, redis_db: int = 0, **settings: str) -> dict[str, str]:
        """Returns a process's environment: the servers' addresses and `settings`, nothing from this shell."""
        mongo_uri = self.mongodb.url.rpartition("/")[0] + f"/{database}"
        redis_url = self.redis.url.rpartition("/")[0] + f"/{redis_db}"
        return {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": os.environ.get("HOME", "/"),
            "PYTHONUNBUFFERED": "1",
            "APP_ENV": "development",
            "MONGO_URI": mongo_uri,
            "REDIS_URL": redis_url,
            "GOOGLE_AI_ENDPOINT": self.gemini.url,
            "GOOGLE_AI_API_KEY": "local-standin",
            "JWT_SECRET": "access-secret-for-tests-and-drills-only",
            "JWT_REFRESH_SECRET": "refresh-secret-for-tests-and-drills-only",
            "LOG_FORMAT": "json",
            **settings,
        }

    def stop(self) -> None:
        for service in (self.gemini, self.redis, self.mongodb):
            service.stop()


@dataclass
class System:
    """Web and worker processes that share servers. `logs` is a folder: one file per process."""

    environ: Mapping[str, str]
    logs: Path
    webs: list[Web] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)

    def add_web(self, **settings: str) -> Web:
        """Starts a web process and waits until it responds. Raises StartError with the end of its log."""
        port = ports.choose()
        log = self.logs / f"web-{len(self.webs) + 1}.log"
        command = ["gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
        environ = {**self.environ, **settings, "PORT": str(port)}
        child = start("web", command, env=environ, log=log, death_signal=signal.SIGTERM)
        web = Web(child, log, f"http://{ports.LOOPBACK}:{port}")
        self.webs.append(web)
        _await(web, lambda: answers(f"{web.url}/healthz"))
        return web

    def add_worker(self, **settings: str) -> Worker:
        """Starts a worker process and waits until it takes jobs. Raises StartError with the end of its log."""
        worker = self.start_worker(["worker.py"], **settings)
        _await(worker, lambda: "listening for jobs" in worker.log.read_text())
        return worker

    def start_worker(self, program: Sequence[str], **settings: str) -> Worker:
        """Starts a worker process with these arguments to Python, without waiting for it."""
        log = self.logs / f"worker-{len(self.workers) + 1}.log"
        child = start("worker", [sys.executable, *program], env={**self.environ, **settings}, log=log)
        worker = Worker(child, log)
        self.workers.append(worker)
        return worker

    def stop(self) -> None:
        """Stops all processes gracefully, in parallel."""
        for process in [*self.webs, *self.workers]:
            process.child.ask_to_stop()
        for web in self.webs:
            web.child.await_end(WEB_PATIENCE_SECONDS)
        for worker in self.workers:
            worker.child.await_end(WORKER_PATIENCE_SECONDS)


@dataclass
class Worker:
    """A worker process."""

    child: Child
    log: Path


@dataclass
class Web(Worker):
    """A web process and its URL."""

    url: str


def answers(url: str) -> bool:
    """Whether `url` responds with 200."""
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status == 200)  # noqa: PLR2004  # HTTP's own number
    except (URLError, OSError):
        return False


def _await(process: Worker, ready: Callable[[], bool]) -> None:
    if not wait_until(lambda: ready() or not process.child.running, READY_SECONDS) or not process.child.running:
        last_words = process.log.read_text()[-2000:]
        process.child.kill()
        raise StartError(f"{process.child.name} did not get ready:\n{last_words}")
