"""gunicorn's settings for the web process; see https://docs.gunicorn.org/en/stable/settings.html."""

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
_PREFLIGHT = (  # without looking for garbage; threads may be blocked on a server at its end
    "import gc, os; gc.disable(); from app.ops.startup_checks import main; os._exit(main())"
)
_WORKER_CLASSES = {"eventlet": "eventlet", "threading": "gthread"}
_MOST_DESCRIPTORS = 16384
_RESERVED_DESCRIPTORS = 400  # MongoDB (102) and Redis (22) connections, files, pipes, and a margin
_MOST_CONNECTIONS = 4000  # limits memory; when all are taken, a waiting one is evicted
_NAMES = ("APP_ENV", "HOST", "LOG_FORMAT", "PORT", "SOCKETIO_ASYNC_MODE")
_GIVEN = {name: os.environ.get(name, "").strip() for name in _NAMES}
_HOST = _GIVEN["HOST"] or ("0.0.0.0" if _GIVEN["APP_ENV"] == "production" else "127.0.0.1")  # noqa: S104
_PORT = _GIVEN["PORT"] if _GIVEN["PORT"].isdecimal() else "3000"  # on_starting reports an invalid one


def raise_descriptor_limit() -> int:
    """Raises the open file limit of this process and its workers to at most 16384, and returns it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MOST_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY or soft >= most:
        return _MOST_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    except (ValueError, OSError):  # macOS has a lower, undocumented limit
        return soft
    return most


bind = f"[{_HOST}]:{_PORT}" if ":" in _HOST else f"{_HOST}:{_PORT}"
worker_class = _WORKER_CLASSES.get(_GIVEN["SOCKETIO_ASYNC_MODE"], "eventlet")
workers = 1  # gunicorn has no sticky sessions between workers: scale with more web processes
threads = 100  # used only by gthread
forwarded_allow_ips = ""  # X-Forwarded-Proto is handled according to TRUSTED_PROXIES
limit_request_line = 8190  # as in other servers
worker_connections = max(min(raise_descriptor_limit() - _RESERVED_DESCRIPTORS, _MOST_CONNECTIONS), 64)
graceful_timeout = 7  # more than the 5 s limit of a request; the process exits within 10 s in total
keepalive = 75
control_socket_disable = True  # its default path is per user, so two web processes would conflict


class Logger(glogging.Logger):
    """gunicorn's logger without its access log; app/http/request_context.py logs each request.

    With logconfig_dict, gunicorn would otherwise assemble a hundred values per request and discard them.
    """

    @property
    def access_log_enabled(self) -> bool:
        """Whether --access-logfile is set."""
        return bool(self.cfg.accesslog)


logger_class = Logger


class JsonLine(logging.Formatter):
    """Formats gunicorn's own lines as app/logs.py does, which cannot be imported before eventlet has patched."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")
        line = {"event": record.getMessage(), "level": record.levelname.lower(), "logger": record.name}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line | {"timestamp": moment.replace("+00:00", "Z")})


if _GIVEN["LOG_FORMAT"] == "json" or (not _GIVEN["LOG_FORMAT"] and _GIVEN["APP_ENV"] == "production"):
    logconfig_dict = {  # to the root logger: once loaded, app/logs.py handles the worker's lines
        "formatters": {"json": {"()": JsonLine}},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"}},
        "root": {"level": "INFO", "handlers": ["stdout"]},
        "loggers": {"gunicorn.error": {"propagate": True}},
    }


def on_starting(_server: Any) -> None:
    """Exits with one message if settings or servers are unusable; see app/ops/startup_checks.py."""
    checked = subprocess.run([sys.executable, "-c", _PREFLIGHT], check=False)  # noqa: S603  # our own module
    if checked.returncode:
        sys.exit(checked.returncode)


def post_worker_init(worker: Any) -> None:
    """Sets connection deadlines, uses the error envelope for gunicorn's own errors, and closes sockets at shutdown.

    Open sockets would otherwise delay the exit until the graceful timeout.
    """
    from app.http.refusals import refusal  # noqa: PLC0415  # only after eventlet has patched
    from app.realtime.server import close_when  # noqa: PLC0415

    socketio = worker.wsgi.extensions["socketio"]
    util.write_error = lambda client, *refused: util.write_nonblock(client, refusal(*refused))
    close_when(lambda: not worker.alive, socketio)
    if worker_class == "eventlet":
        from app.http.accepting import serve_with_deadlines  # noqa: PLC0415

        serve_with_deadlines(worker, socketio.start_background_task)
