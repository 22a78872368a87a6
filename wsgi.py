"""The web process: `gunicorn wsgi:app`. eventlet patches the standard library before any other import."""

import gc
import os
import warnings

from dotenv import load_dotenv

gc.disable()  # what is imported stays: looking for garbage meanwhile takes a tenth of the start

load_dotenv()
if (os.environ.get("SOCKETIO_ASYNC_MODE", "").strip() or "eventlet") == "eventlet":
    warnings.filterwarnings("ignore", "\n?Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
    from functools import partial

    from eventlet import tpool

    from app.auth.passwords import run_behind
    from app.realtime import eventlet_websocket

    eventlet_websocket.install()
    tpool.set_num_threads(os.cpu_count() or 1)
    offload = partial(tpool.execute, run_behind)
else:
    from app.auth.passwords import run_here

    offload = run_here

import sys  # noqa: E402

from app.config import load_settings  # noqa: E402
from app.errors import SettingsError  # noqa: E402
from app.factory import create_app  # noqa: E402

try:
    app = create_app(load_settings(os.environ), offload=offload)
except SettingsError as error:
    sys.exit(error.message)

gc.freeze()  # a full collection would look through all of it, and stop every request for a tenth of a second
gc.enable()
