"""Drops packets that clients may not send before Socket.IO sees them.

python-socketio passes a client's event named `connect` or `disconnect` to the connect and disconnect handlers, treats a
second CONNECT on the same transport as a new socket, and prints a traceback for each packet it cannot parse. This
filter passes only the first CONNECT, DISCONNECT, and the events that the reference lists for clients.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from socketio.packet import CONNECT, DISCONNECT, EVENT

from app.logs import get_logger

log = get_logger(__name__)


def guard(socketio: Any, events: Collection[str], connected: Callable[[str], None]) -> None:
    """Installs the filter in front of the server's message handler.

    `connected` is called with a socket's id right after the server accepted its CONNECT.
    """
    server = socketio.server
    handle = server.eio.handlers["message"]

    def receive(transport: str, data: Any) -> None:
        try:
            if _may_pass(server, transport, data, events):
                before = server.manager.sid_from_eio_sid(transport, "/")
                handle(transport, data)
                sid = server.manager.sid_from_eio_sid(transport, "/")
                if before is None and sid is not None:
                    connected(sid)
        except Exception as error:  # noqa: BLE001  # any malformed packet is the client's error
            log.info("socket message not understood", error=type(error).__name__)

    server.eio.on("message", receive)


def after_each_event(socketio: Any, then: Callable[[], None]) -> None:
    """Calls `then` after each client event, in the same thread, once the acknowledgement was sent.

    Wraps `_handle_event_internal` of python-socketio 5.18.1, which calls the handler and sends what it returned.
    """
    server = socketio.server
    handle = server._handle_event_internal  # noqa: SLF001  # there is no public API for this

    def handle_and_tell(*arguments: Any) -> None:
        try:
            handle(*arguments)
        finally:
            then()

    server._handle_event_internal = handle_and_tell  # noqa: SLF001  # there is no public API for this


def refuse_posts_to_closed_sockets(socketio: Any) -> None:
    """Responds with 400 when a polling client posts to a session that the server has just closed.

    python-engineio does this for GET, but a POST raises KeyError: a 500 and a traceback in the log.
    """
    engine = socketio.server.eio
    handle = engine.handle_request

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            return handle(environ, start_response)
        except KeyError as error:
            start_response("400 BAD REQUEST", [("Content-Type", "text/plain")])
            return [json.dumps(error.args[0]).encode()]

    engine.handle_request = answer


def _may_pass(server: Any, transport: str, data: Any, events: Collection[str]) -> bool:
    if not isinstance(data, str):
        return False  # an attachment of a binary event; no event is binary
    packet = server.packet_class(encoded_packet=data)
    if packet.packet_type == CONNECT:
        return server.manager.sid_from_eio_sid(transport, packet.namespace or "/") is None
    if packet.packet_type == EVENT:
        return isinstance(packet.data, list) and packet.data[:1] != [] and _is_one_of(packet.data[0], events)
    return bool(packet.packet_type == DISCONNECT)


def _is_one_of(name: Any, events: Collection[str]) -> bool:
    return isinstance(name, str) and name in events
