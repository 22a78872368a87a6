"""What a worker does again and again, each in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.database import OUTAGES as DATABASE_OUTAGES
from app.logs import get_logger
from app.redis_client import OUTAGES as REDIS_OUTAGES

log = get_logger(__name__)


def attempt(what: str, task: Callable[[], object]) -> None:
    """Does a task once. An outage is a warning in the log, and any other error is logged with its traceback."""
    try:
        task()
    except (*DATABASE_OUTAGES, *REDIS_OUTAGES) as error:
        log.warning("periodic work put off", work=what, error=str(error)[:200])
    except Exception:
        log.exception("periodic work crashed, and will be tried again", work=what)


def keep_doing(what: str, task: Callable[[], object], seconds: float, stopping: threading.Event) -> None:
    """Does a task every so many seconds until `stopping` is set, whatever goes wrong. `what` names it in the log."""
    while not stopping.wait(seconds):
        attempt(what, task)
