"""How gunicorn runs the web process; see https://docs.gunicorn.org/en/stable/settings.html."""

import json
import logging
import os
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from typing import Any

from dotenv import load_dotenv
from gunicorn import util

load_dotenv()
warnings.filterwarnings("ignore", "\n?Eventlet is deprecated")
_PREFLIGHT = (
    "import os; from app.ops.startup_checks import main; os._exit(main())"  # at once: threads may wait for a server
)
_WORKER_CLASSES = {"eventlet": "eventlet", "gevent": "gevent", "threading": "gthread"}
_NAMES = ("APP_ENV", "HOST", "LOG_FORMAT", "PORT", "SOCKETIO_ASYNC_MODE")
_GIVEN = {name: os.environ.get(name, "").strip() for name in _NAMES}
_HOST = _GIVEN["HOST"] or ("0.0.0.0" if _GIVEN["APP_ENV"] == "production" else "127.0.0.1")  # noqa: S104
_PORT = _GIVEN["PORT"] if _GIVEN["PORT"].isdecimal() else "3000"  # on_starting says what is wrong with another one

bind = f"[{_HOST}]:{_PORT}" if ":" in _HOST else f"{_HOST}:{_PORT}"
worker_class = _WORKER_CLASSES.get(_GIVEN["SOCKETIO_ASYNC_MODE"], "eventlet")
workers = 1  # no sticky sessions inside one gunicorn: more capacity is more web processes
threads = 100  # read by gthread alone
worker_connections = 2000
limit_request_line = 8190  # as other servers have it
graceful_timeout = 7  # more than the 5 s after which a request gives up on MongoDB; gone within 10 s in all
keepalive = 75
control_socket_disable = True  # its default path is one per user: two web processes would fight for it


class JsonLine(logging.Formatter):
    """gunicorn's own lines in the shape of app/logs.py, which cannot be imported before eventlet has patched."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")
        line = {"event": record.getMessage(), "level": record.levelname.lower(), "logger": record.name}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line | {"timestamp": moment.replace("+00:00", "Z")})


if _GIVEN["LOG_FORMAT"] == "json" or (not _GIVEN["LOG_FORMAT"] and _GIVEN["APP_ENV"] == "production"):
    logconfig_dict = {  # to the root logger: once it is loaded, app/logs.py takes over the lines of the worker
        "formatters": {"json": {"()": JsonLine}},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
        "root": {"level": "INFO", "handlers": ["stdout"]},
        "loggers": {"gunicorn.error": {"propagate": True}},
    }


def on_starting(_server: Any) -> None:
    """Ends the start with one message when settings or servers cannot be used; why: app/ops/startup_checks.py."""
    checked = subprocess.run([sys.executable, "-c", _PREFLIGHT], check=False)  # noqa: S603  # our own module
    if checked.returncode:
        sys.exit(checked.returncode)


def post_worker_init(worker: Any) -> None:
    """What gunicorn refuses leaves in the error envelope, too, and sockets end with the process.

    They would hold it until the graceful timeout: they are closed as soon as it is told to stop.
    """
    from app.http.refusals import refusal  # noqa: PLC0415  # only after eventlet has patched
    from app.realtime.server import close_when  # noqa: PLC0415

    util.write_error = lambda client, *refused: util.write_nonblock(client, refusal(*refused))
    close_when(lambda: not worker.alive, worker.wsgi.extensions["socketio"])
