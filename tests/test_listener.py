"""The Socket.IO client of the tests."""

from __future__ import annotations

import threading

from engineio.packet import MESSAGE, Packet

from tests.listener import Client


def test_messages_are_handled_by_the_reading_thread() -> None:
    """If python-engineio is upgraded and starts a thread for each again, two events may be recorded in either order."""
    handled_by: list[threading.Thread] = []
    client = Client().eio
    client.on("message", lambda _data: handled_by.append(threading.current_thread()))
    for _ in range(2):
        client._receive_packet(Packet(MESSAGE, "text"))
    assert handled_by == [threading.current_thread()] * 2
