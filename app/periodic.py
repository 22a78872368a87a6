"""Periodic tasks of a process, each in its own thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from app.database import OUTAGES as DATABASE_OUTAGES
from app.logs import get_logger
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)

Result = TypeVar("Result")


def attempt(what: str, task: Callable[[], Result]) -> Result | None:
    """Runs a task once. Returns its result, or None if it failed. Never raises.

    An outage is logged as a warning, any other error with its traceback.
    """
    try:
        return task()
    except (*DATABASE_OUTAGES, *REDIS_OUTAGES) as error:
        log.warning("periodic task postponed", work=what, error=str(error)[:200])
    except Exception:
        log.exception("periodic task crashed; it will be retried", work=what)
    return None


def keep_doing(what: str, task: Callable[[], object], seconds: float, stopping: threading.Event) -> None:
    """Runs a task every `seconds` until `stopping` is set, logging errors. `what` names it in the log."""
    while not stopping.wait(seconds):
        attempt(what, task)
