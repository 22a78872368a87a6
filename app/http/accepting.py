"""Accepts connections in gunicorn's eventlet worker. Loaded by gunicorn.conf.py after eventlet has patched.

Replaces `gunicorn.workers.geventlet._eventlet_serve` (read in gunicorn 25.3.0), which stops permanently at the first
error of accept(), such as running out of descriptors, and blocks while all slots are taken.
`test_the_libraries_still_use_what_is_overridden` fails if an upgrade no longer calls it like this.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import itertools
from collections.abc import Callable
from typing import Any

import eventlet
from eventlet.greenpool import GreenPool
from gunicorn.workers import geventlet

from app.http.connections import Connections
from app.logs import get_logger

log = get_logger(__name__)

EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""Errors of accept() when the process or the system has run out of a resource."""
DISCONNECTED = frozenset({errno.ECONNABORTED, errno.EPROTO})
"""Errors of accept() when the client has already disconnected."""
EVICTED_AT_ONCE = 8
"""How many connections are evicted when a resource is exhausted, since other clients are already queuing."""
EVICTION_SECONDS = 0.001
"""Long enough for the evicted connections to release their descriptors."""
PAUSE_SECONDS = 0.1
EVERY_SECONDS = 1.0
CROWD = 400
"""After a peak of this many connections, their memory is returned to the system."""
SPARE_PLACES = 32
AT_ONCE = 32
"""How many clients are accepted before yielding to other green threads."""

Handle = Callable[[Any, Any], None]


def serve_with_deadlines(worker: Any, start_task: Callable[..., Any]) -> None:
    """Installs deadlines and the accept loop in a worker that is about to run."""
    connections = Connections()
    guard(worker, connections)
    accept_always(connections)

    def reap_forever() -> None:
        most = 0
        while True:
            ended = connections.reap(stopping=not worker.alive)
            most = max(most, len(connections))
            if most >= CROWD and len(connections) < most // 4:
                most = 0
                give_memory_back()
            eventlet.sleep(PAUSE_SECONDS if ended else EVERY_SECONDS)

    start_task(reap_forever)


def give_memory_back() -> None:
    """Returns freed memory to the system, if the C library (glibc) supports it."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def guard(worker: Any, connections: Connections) -> None:
    """Adds deadlines to all connections of a gunicorn worker with an event loop. Call it before the worker runs."""
    handle, handle_request = worker.handle, worker.handle_request

    def attend(listener: Any, client: Any, address: Any) -> None:
        connection = connections.open(client, address)
        try:
            handle(listener, connection, address)
        finally:
            connections.forget(connection)

    def answer(listener_name: Any, request: Any, connection: Any, address: Any) -> Any:
        connection.begin_request()
        try:
            return handle_request(listener_name, request, connection, address)
        finally:
            connection.end_request()

    worker.handle, worker.handle_request = attend, answer


def accept_always(connections: Connections) -> None:
    """Replaces the eventlet worker's accept loop by one that survives errors."""

    def serve(listener: Any, handle: Handle, places: int) -> None:
        pool, shortage = GreenPool(places), _Shortage(connections)
        try:
            for number in itertools.count(1):
                _accept(listener, handle, pool, shortage)
                if number % AT_ONCE == 0:
                    eventlet.sleep(0)
        except eventlet.StopServe:
            listener.close()
            pool.waitall()

    geventlet._eventlet_serve = serve  # noqa: SLF001  # see above


class _Shortage:
    """Makes room when a resource is exhausted, and logs it at most once a second."""

    def __init__(self, connections: Connections) -> None:
        self.connections = connections
        self._silent_until = 0.0

    def relieve(self, error: OSError) -> None:
        if (now := self.connections.now()) >= self._silent_until:
            self._silent_until = now + EVERY_SECONDS
            log.warning("no connection accepted", error=str(error))
        evicted = [self.connections.make_room() for _ in range(EVICTED_AT_ONCE)]
        eventlet.sleep(EVICTION_SECONDS if any(evicted) else PAUSE_SECONDS)


def _accept(listener: Any, handle: Handle, pool: Any, shortage: _Shortage) -> None:
    """Accepts one client and serves it in a green thread."""
    try:
        client, address = listener.accept()
    except OSError as error:
        if error.errno in EXHAUSTED:
            shortage.relieve(error)
        elif error.errno not in DISCONNECTED:
            raise
        return
    if pool.free() < SPARE_PLACES:
        shortage.connections.make_room()
    pool.spawn(_serve_one, handle, client, address)


def _serve_one(handle: Handle, client: Any, address: Any) -> None:
    try:
        handle(client, address)
    except Exception:
        log.exception("connection ended by an error")  # otherwise gunicorn would stop accepting
    finally:
        client.close()
