"""Liveness and readiness checks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import Empty, Queue

import pymongo
from flask import Blueprint, Response, jsonify
from redis import Redis

from app import database
from app.http.blueprint import plain, public
from app.logs import get_logger
from app.ops.heartbeat import living_workers
from app.services import service

log = get_logger(__name__)

READY_SECONDS = 4.0
"""A check that takes longer counts as failed."""
DATABASE_SECONDS = 2.0

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@plain({"application/json": {"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}})
@public
def healthz() -> Response:
    """Liveness: 200 whenever the process responds."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@plain(
    {
        "application/json": {
            "type": "object",
            "properties": {
                "status": {"enum": ["ready", "not ready"]},
                "checks": {"type": "object", "additionalProperties": {"enum": ["ok", "missing"]}},
                "missing": {"type": "array", "items": {"type": "string", "examples": ["worker"]}},
            },
            "required": ["status", "checks", "missing"],
        }
    },
    200,
    503,
)
@public
def readyz() -> Response:
    """Readiness: 200 if MongoDB, Redis and a worker are available, else 503 with the missing ones."""
    checks = service(Readiness).check()
    ready = all(checks.values())
    response = jsonify(
        {
            "status": "ready" if ready else "not ready",
            "checks": {name: "ok" if fine else "missing" for name, fine in checks.items()},
            "missing": [name for name, fine in checks.items() if not fine],
        }
    )
    response.status_code = 200 if ready else 503
    return response


class Readiness:
    """Checks MongoDB, Redis and the workers' heartbeats concurrently."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def check(self) -> dict[str, bool]:
        """Returns which of them are available, by name, within READY_SECONDS."""
        questions: dict[str, Callable[[], object]] = {
            "mongodb": _ask_mongodb,
            "redis": self._redis.ping,
            "worker": lambda: living_workers(self._redis),
        }
        return ask_all(questions, READY_SECONDS)


def ask_all(questions: Mapping[str, Callable[[], object]], seconds: float) -> dict[str, bool]:
    """Calls all functions concurrently. Returns, by name, whether each returned a true value in time.

    Uses a queue rather than Thread.join, because on Python 3.13 with eventlet 0.41 a join that times out raises
    eventlet.Timeout instead of returning (`_ThreadHandle.join` in eventlet/green/thread.py).
    """
    answers = dict.fromkeys(questions, False)
    said: Queue[tuple[str, bool]] = Queue()
    for name, ask in questions.items():
        threading.Thread(target=_note_answer, args=(said, name, ask), daemon=True).start()
    deadline = time.monotonic() + seconds
    with suppress(Empty):
        for _ in questions:
            name, there = said.get(timeout=max(0.0, deadline - time.monotonic()))
            answers[name] = there
    return answers


def _note_answer(said: Queue[tuple[str, bool]], name: str, ask: Callable[[], object]) -> None:
    try:
        said.put((name, bool(ask())))
    except Exception as error:  # noqa: BLE001  # any error means not available
        log.warning("not ready", missing=name, error=str(error)[:200])
        said.put((name, False))


def _ask_mongodb() -> bool:
    with pymongo.timeout(DATABASE_SECONDS):
        database.ping()
    return True
