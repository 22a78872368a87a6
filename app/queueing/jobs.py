"""The function that RQ calls. A worker thread has set `current_attempts` before, which runs the attempt."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Protocol

import structlog

from app.queueing.schedule import log_ids_of_current_job


class Runner(Protocol):
    """Runs attempts at texts."""

    def run(self, content_id: str, number: int) -> None: ...


current_attempts: ContextVar[Runner] = ContextVar("current_attempts")


def run_attempt(content_id: str, attempt: int) -> None:
    """Runs one attempt at a content's text. All its log lines have the id of the request that asked for it."""
    ids = {"content_id": content_id, **log_ids_of_current_job()}
    with structlog.contextvars.bound_contextvars(**ids, attempt=attempt):
        current_attempts.get().run(content_id, attempt)
