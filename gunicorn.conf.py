"""How gunicorn runs the web process; see https://docs.gunicorn.org/en/stable/settings.html."""

import json
import logging
import os
import resource
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from typing import Any

from dotenv import load_dotenv
from gunicorn import glogging, util

load_dotenv()
warnings.filterwarnings("ignore", "\n?Eventlet is deprecated")
_PREFLIGHT = (
    "import os; from app.ops.startup_checks import main; os._exit(main())"  # at once: threads may wait for a server
)
_WORKER_CLASSES = {"eventlet": "eventlet", "gevent": "gevent", "threading": "gthread"}
_MOST_DESCRIPTORS = 16384
_RESERVED_DESCRIPTORS = 400  # connections to MongoDB (102) and Redis (22), files, pipes, and to spare
_MOST_CONNECTIONS = 4000  # each takes memory; when they are taken, the one that has waited longest has to go
_NAMES = ("APP_ENV", "HOST", "LOG_FORMAT", "PORT", "SOCKETIO_ASYNC_MODE")
_GIVEN = {name: os.environ.get(name, "").strip() for name in _NAMES}
_HOST = _GIVEN["HOST"] or ("0.0.0.0" if _GIVEN["APP_ENV"] == "production" else "127.0.0.1")  # noqa: S104
_PORT = _GIVEN["PORT"] if _GIVEN["PORT"].isdecimal() else "3000"  # on_starting says what is wrong with another one


def raise_descriptor_limit() -> int:
    """Lets this process and its workers open as many files as the system allows, up to 16384; how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MOST_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY or soft >= most:
        return _MOST_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    except (ValueError, OSError):  # macOS has a lower limit that it does not tell
        return soft
    return most


bind = f"[{_HOST}]:{_PORT}" if ":" in _HOST else f"{_HOST}:{_PORT}"
worker_class = _WORKER_CLASSES.get(_GIVEN["SOCKETIO_ASYNC_MODE"], "eventlet")
workers = 1  # no sticky sessions inside one gunicorn: more capacity is more web processes
threads = 100  # read by gthread alone
forwarded_allow_ips = ""  # X-Forwarded-Proto is read where TRUSTED_PROXIES says so, and nowhere else
limit_request_line = 8190  # as other servers have it
worker_connections = max(min(raise_descriptor_limit() - _RESERVED_DESCRIPTORS, _MOST_CONNECTIONS), 64)
graceful_timeout = 7  # more than the 5 s after which a request gives up on MongoDB; gone within 10 s in all
keepalive = 75
control_socket_disable = True  # its default path is one per user: two web processes would fight for it


class Logger(glogging.Logger):
    """gunicorn's logger without its access log: app/http/request_context.py writes a line for each request.

    With logconfig_dict gunicorn would put together a line of a hundred values for each, to throw it away.
    """

    @property
    def access_log_enabled(self) -> bool:
        """Whether --access-logfile asks for it."""
        return bool(self.cfg.accesslog)


logger_class = Logger


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
    """Connections get their deadlines, what gunicorn refuses is in the error envelope, sockets end with the process.

    They would hold it until the graceful timeout: they are closed as soon as it is told to stop.
    """
    from app.http.refusals import refusal  # noqa: PLC0415  # only after eventlet has patched
    from app.realtime.server import close_when  # noqa: PLC0415

    socketio = worker.wsgi.extensions["socketio"]
    util.write_error = lambda client, *refused: util.write_nonblock(client, refusal(*refused))
    close_when(lambda: not worker.alive, socketio)
    if worker_class == "eventlet":
        from app.http.accepting import serve_with_deadlines  # noqa: PLC0415

        serve_with_deadlines(worker, socketio.start_background_task)
