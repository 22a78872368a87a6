"""The check before a process starts: of the web process from gunicorn.conf.py, and within worker and release.

gunicorn runs it as a process of its own, before its worker: nothing that eventlet has yet to patch is loaded early,
and a start that cannot succeed ends with one message instead of a worker that fails to boot.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from dotenv import load_dotenv
from pymongo.errors import PyMongoError

from app import database, redis_client
from app.config import Settings, load_settings
from app.errors import SettingsError
from app.indexes import ensure_indexes, missing_indexes


def require_servers(settings: Settings) -> None:
    """Connects to MongoDB, asks it and Redis side by side, and raises one SettingsError with a line for each problem.

    Takes at most 3 s, so that a process that cannot start says so within 5 s.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = [pool.submit(_problems, require, settings) for require in (_require_mongodb, redis_client.require)]
    if problems := [problem for answer in answers for problem in answer.result()]:
        raise SettingsError(problems)


def _problems(require: Callable[[Settings], None], settings: Settings) -> list[str]:
    try:
        require(settings)
    except SettingsError as error:
        return error.problems
    return []


def _require_mongodb(settings: Settings) -> None:
    database.connect(settings)
    database.require(settings)


def provide_indexes() -> None:
    """Makes the indexes where a release has not: without the unique ones two people could have one email.

    Raises SettingsError when MongoDB refuses, as it does when what is stored breaks the rule of a unique one.
    """
    try:
        if missing_indexes():
            ensure_indexes()
    except PyMongoError as error:
        problem = f"MONGO_URI: the indexes cannot be made ({str(error)[:300]}): mend what is stored."
        raise SettingsError([problem]) from None


def main() -> int:
    """Of web: 0 when the process may start; otherwise 1, after one message on standard error."""
    load_dotenv()
    try:
        require_servers(load_settings(os.environ))
        provide_indexes()
    except SettingsError as error:
        print(error.message, file=sys.stderr)  # noqa: T201  # logging is not set up before the settings are right
        return 1
    return 0
