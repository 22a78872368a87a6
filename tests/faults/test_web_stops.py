"""The web process on SIGTERM: exits in time without interrupting requests."""

from __future__ import annotations

import contextlib
import json
import socket

from tests.faults.conftest import Drill
from tests.listener import Listener
from tests.patience import PATIENCE_SECONDS, REQUEST_SECONDS
from tests.person import PASSWORD, new_email


def test_sigterm_with_fifty_open_sockets(drill: Drill) -> None:
    """Fifty sockets, half of them polling, do not keep the process from exiting with code 0."""
    person = drill.person()
    with contextlib.ExitStack() as sockets:
        for number in range(50):
            transport = "polling" if number % 2 else "websocket"
            sockets.enter_context(Listener(drill.web.url, person.access_token, transport))
        drill.web.child.ask_to_stop()
        assert drill.web.child.wait(PATIENCE_SECONDS)
    assert drill.web.child.exit_code == 0


def test_sigterm_does_not_interrupt_requests(drill: Drill) -> None:
    """Three requests have been sent halfway when the signal arrives. All get a response, then the process exits."""
    web = drill.system.add_web(BCRYPT_ROUNDS="9")
    host, _, port = web.url.removeprefix("http://").partition(":")
    with contextlib.ExitStack() as sockets:
        address = (host, int(port))
        begun = [sockets.enter_context(socket.create_connection(address, REQUEST_SECONDS)) for _ in range(3)]
        bodies = [_registration() for _ in begun]
        for connection, body in zip(begun, bodies, strict=True):
            connection.sendall(_head(body))
            assert connection.recv(1000).startswith(b"HTTP/1.1 100 Continue")
        web.child.ask_to_stop()
        for connection, body in zip(begun, bodies, strict=True):
            connection.sendall(body)
        assert [connection.recv(1000)[:12] for connection in begun] == [b"HTTP/1.1 201"] * 3
    assert web.child.wait(PATIENCE_SECONDS)
    assert web.child.exit_code == 0


def _registration() -> bytes:
    return json.dumps({"email": new_email(), "password": PASSWORD, "firstName": "Ann", "lastName": "Lee"}).encode()


def _head(body: bytes) -> bytes:
    return (
        b"POST /api/auth/register HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
