"""How gunicorn runs the web process; see https://docs.gunicorn.org/en/stable/settings.html."""

import os
import subprocess
import sys
import warnings
from typing import Any

from dotenv import load_dotenv
from gunicorn import util

load_dotenv()
warnings.filterwarnings("ignore", "\n?Eventlet is deprecated")
_PREFLIGHT = "import sys; from app.preflight import main; sys.exit(main())"
_WORKER_CLASSES = {"eventlet": "eventlet", "gevent": "gevent", "threading": "gthread"}
_PORT = os.environ.get("PORT", "")

bind = f"0.0.0.0:{_PORT if _PORT.isdecimal() else 3000}"  # on_starting says what is wrong with another one
worker_class = _WORKER_CLASSES.get(os.environ.get("SOCKETIO_ASYNC_MODE") or "eventlet", "eventlet")
workers = 1  # no sticky sessions inside one gunicorn: more capacity is more web processes
threads = 100  # read by gthread alone
worker_connections = 2000
limit_request_line = 8190  # as other servers have it
graceful_timeout = 7  # more than the 5 s after which a request gives up on MongoDB; gone within 10 s in all
keepalive = 75
control_socket_disable = True  # its default path is one per user: two web processes would fight for it


def on_starting(_server: Any) -> None:
    """Ends the start with one message when settings or servers cannot be used; see app/preflight.py for the why."""
    checked = subprocess.run([sys.executable, "-c", _PREFLIGHT], check=False)  # noqa: S603  # our own module
    if checked.returncode:
        sys.exit(checked.returncode)


def post_worker_init(worker: Any) -> None:
    """What gunicorn refuses leaves in the error envelope, too, and sockets end with the process.

    They would hold it until the graceful timeout: they are closed as soon as it is told to stop.
    """
    from app.api.refusals import refusal  # noqa: PLC0415  # only after eventlet has patched
    from app.realtime.sockets import close_when  # noqa: PLC0415

    util.write_error = lambda client, *refused: util.write_nonblock(client, refusal(*refused))
    close_when(lambda: not worker.alive, worker.wsgi.extensions["socketio"])
