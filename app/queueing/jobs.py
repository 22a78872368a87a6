"""The function that RQ calls for each job. The worker thread sets `current_attempts` beforehand."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol

import structlog

from app.queueing.schedule import log_ids_of_current_job


class Runner(Protocol):
    """Runs attempts; implemented by app.generation.attempt.Attempts."""

    def run(self, content_id: str, number: int) -> None: ...


current_attempts: ContextVar[Runner] = ContextVar("current_attempts")


def run_attempt(content_id: str, attempt: int) -> None:
    """Runs one attempt of a content's generation, logging with the id of the request that it belongs to."""
    ids = {"content_id": content_id, **log_ids_of_current_job()}
    with structlog.contextvars.bound_contextvars(**ids, attempt=attempt):
        current_attempts.get().run(content_id, attempt)
