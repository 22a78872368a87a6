"""The checks before a process starts. gunicorn.conf.py runs them for the web process; worker and release call them.

gunicorn runs them in a process of their own, before its worker. So nothing that eventlet has yet to patch is loaded
too early, and a start that cannot succeed ends with one message instead of a worker that fails to boot.
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
    """Connects to MongoDB, and checks it and Redis at the same time. Raises one SettingsError with all problems.

    Takes at most 3 s, so that a process that cannot start says so within 5 s.
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
    """Asks one server, in a thread that is abandoned if it takes too long, because a lookup cannot be cancelled."""

    def __init__(self, require: Callable[[], None], late: str) -> None:
        super().__init__(daemon=True)
        self._require = require
        self._late = late
        self._answer: Exception | None = None

    def run(self) -> None:
        try:
            self._require()
        except Exception as error:  # noqa: BLE001  # raised where it is asked for
            self._answer = error

    def problems(self, patience: float) -> list[str]:
        """What is wrong, after waiting for the answer for at most this many seconds."""
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
    """Builds the indexes if a release has not. Without the unique ones, two people could have the same email.

    Raises SettingsError if MongoDB refuses, for example because stored documents violate a unique index.
    """
    try:
        if missing_indexes():
            ensure_indexes()
    except PyMongoError as error:
        problem = f"MONGO_URI: the indexes cannot be made ({str(error)[:300]}): mend what is stored."
        raise SettingsError([problem]) from None


def main() -> int:
    """For the web process: 0 if it may start, else 1, after one message on standard error."""
    load_dotenv()
    try:
        require_servers(load_settings(os.environ))
        provide_indexes()
    except SettingsError as error:
        print(error.message, file=sys.stderr)  # noqa: T201  # logging is not set up before the settings are right
        return 1
    return 0
