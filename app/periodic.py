"""Periodic tasks of a process, each in its own thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.database import OUTAGES as DATABASE_OUTAGES
from app.logs import get_logger
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)


def attempt(what: str, task: Callable[[], object]) -> None:
    """Runs a task once. An outage is logged as a warning, any other error with its traceback. Never raises."""
    try:
        task()
    except (*DATABASE_OUTAGES, *REDIS_OUTAGES) as error:
        log.warning("periodic task postponed", work=what, error=str(error)[:200])
    except Exception:
        log.exception("periodic task crashed; it will be retried", work=what)


def keep_doing(what: str, task: Callable[[], object], seconds: float, stopping: threading.Event) -> None:
    """Runs a task every `seconds` until `stopping` is set, logging errors. `what` names it in the log."""
    while not stopping.wait(seconds):
        attempt(what, task)
