"""Checks before a process starts. Run by gunicorn.conf.py for the web process, and by the worker and the release.

gunicorn runs them in a separate process before its worker, so that nothing is loaded before eventlet has patched it,
and a failed start ends with one message instead of a worker that does not boot.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial

from dotenv import load_dotenv
from pymongo.errors import PyMongoError

from app import database, redis_client
from app.config import Settings, load_settings
from app.errors import SettingsError
from app.ops.indexes import ensure_indexes, missing_indexes

PATIENCE_SECONDS = 3.0


def require_servers(settings: Settings) -> None:
    """Connects to MongoDB, and checks it and Redis concurrently. Raises one SettingsError with all problems.

    Takes at most 3 s, so that a process that cannot start exits within 5 s.
    """
    late = f"no answer within {PATIENCE_SECONDS:g} s"
    asked = [
        _Asked(partial(_require_mongodb, settings), database.unreachable(settings, late)),
        _Asked(partial(redis_client.require, settings), redis_client.unreachable(settings, late)),
    ]
    deadline = time.monotonic() + PATIENCE_SECONDS
    for each in asked:
        each.start()
    if problems := [problem for each in asked for problem in each.problems(deadline - time.monotonic())]:
        raise SettingsError(problems)


class _Asked(threading.Thread):
    """Checks one server, in a thread that is abandoned after a timeout, because a DNS lookup cannot be cancelled."""

    def __init__(self, require: Callable[[], None], late: str) -> None:
        super().__init__(daemon=True)
        self._require = require
        self._late = late
        self._answer: Exception | None = None

    def run(self) -> None:
        try:
            self._require()
        except Exception as error:  # noqa: BLE001  # re-raised by `problems`
            self._answer = error

    def problems(self, patience: float) -> list[str]:
        """Returns the problems, waiting at most `patience` seconds for the check."""
        self.join(max(0.0, patience))
        if self.is_alive():
            return [self._late]
        if isinstance(self._answer, SettingsError):
            return self._answer.problems
        if self._answer is not None:
            raise self._answer
        return []


def _require_mongodb(settings: Settings) -> None:
    database.connect(settings)
    database.require(settings)


def provide_indexes() -> None:
    """Creates missing indexes. Without the unique ones, two accounts could have the same email.

    Raises SettingsError if MongoDB refuses, for example because stored documents violate a unique index.
    """
    try:
        if missing_indexes():
            ensure_indexes()
    except PyMongoError as error:
        problem = f"MONGO_URI: the indexes cannot be made ({str(error)[:300]}): mend what is stored."
        raise SettingsError([problem]) from None


def main() -> int:
    """Entry point for the web process. Returns 0 if it may start, else 1 after a message on standard error."""
    load_dotenv()
    try:
        require_servers(load_settings(os.environ))
        provide_indexes()
    except SettingsError as error:
        print(error.message, file=sys.stderr)  # noqa: T201  # logging is not set up yet
        return 1
    return 0
