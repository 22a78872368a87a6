"""A web process that is forked after all imports, which happen in the same order as in one started by its command."""

import warnings

from gunicorn import arbiter
from gunicorn.app import wsgiapp

warnings.filterwarnings("ignore", "\n?(The e|E)ventlet.* deprecated")

import gunicorn.workers.geventlet  # noqa: E402, F401  # eventlet patches the standard library
from eventlet import hubs, patcher  # noqa: E402

import app.factory  # noqa: E402
import app.http.accepting  # noqa: E402
import app.http.refusals  # noqa: E402
import app.realtime.eventlet_websocket  # noqa: E402, F401


def run() -> None:
    """Runs gunicorn with the arguments in `sys.argv`."""
    hubs.use_hub()  # the one that imports have created belongs to the process that was forked
    arbiter.queue = patcher.original("queue")  # the command makes its arbiter before eventlet patches
    wsgiapp.run()
