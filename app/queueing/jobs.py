"""What RQ calls. A worker thread says beforehand which pipeline its jobs run in."""

from __future__ import annotations

from contextvars import ContextVar

import structlog

from app.generation.attempt import Pipeline
from app.queueing.schedule import log_ids_of_current_job

current_pipeline: ContextVar[Pipeline] = ContextVar("current_pipeline")


def run_attempt(content_id: str, attempt: int) -> None:
    """Runs one attempt at a content's text; every log line of it carries the id of the request that caused it."""
    ids = {"content_id": content_id, **log_ids_of_current_job()}
    with structlog.contextvars.bound_contextvars(**ids, attempt=attempt):
        current_pipeline.get().attempt(content_id, attempt)
