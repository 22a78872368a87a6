"""eventlet's websocket with our reader of frames, and with a close frame that reaches the client.

Overrides `RFC6455WebSocket` (read in eventlet 0.41.3): `iterator`, which its `wait` takes messages from, and `close`.
`test_the_libraries_still_use_what_is_overridden` fails when an upgrade no longer uses them.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Any

from eventlet import websocket

from app.realtime.frames import CLOSE, PING, Control, FrameReader, Refused

LINGER_SECONDS = 1.0
LINGER_BYTES = 256 * 1024
NORMAL = 1000


class BoundedWebSocket(websocket.RFC6455WebSocket):
    """A client's websocket whose messages are limited as `frames` says."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.iterator = self._messages()

    def close(self, close_data: tuple[int, str] | None = None) -> None:
        """Tells the client why, and wakes the reader. May be called twice: eventlet does so when a client leaves."""
        if self.socket.fileno() < 0:
            return
        self._send_closing_frame(close_data=close_data, ignore_send_errors=True)
        with contextlib.suppress(OSError):  # the client has already left
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _messages(self) -> Iterator[str | bytes]:
        reader = FrameReader(self._exactly)
        try:
            while True:
                received = reader.next()
                if not isinstance(received, Control):
                    yield received
                elif received.opcode == PING:
                    self.send(received.data, control_code=0xA)
                elif received.opcode == CLOSE:
                    self.close(close_data=(NORMAL, ""))
                    return
        except Refused as refused:
            self._refuse(refused)
        except OSError:
            return  # the client has left, or said nothing for too long

    def _exactly(self, size: int) -> bytes:
        """Reads exactly `size` bytes, which frames.py has limited, in as many steps as it takes."""
        received = bytearray()
        while len(received) < size:
            data = self.socket.recv(size - len(received))
            if not data:
                raise ConnectionError
            received += data
        return bytes(received)

    def _refuse(self, refused: Refused) -> None:
        """Closes with the reason. Reads on a little, as unread bytes would reset the connection and lose it."""
        self._send_closing_frame(close_data=(refused.code, refused.reason), ignore_send_errors=True)
        deadline, left = time.monotonic() + LINGER_SECONDS, LINGER_BYTES
        try:
            self.socket.shutdown(socket.SHUT_WR)
            self.socket.settimeout(LINGER_SECONDS)
            while left > 0 and time.monotonic() < deadline:
                data = self.socket.recv(8192)
                if not data:
                    break
                left -= len(data)
        except OSError:
            pass  # it has already gone
        self.close()


def install() -> None:
    """Makes eventlet create websockets of this class. engineio gets them from there."""
    websocket.RFC6455WebSocket = BoundedWebSocket
