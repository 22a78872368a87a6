"""eventlet's websocket with size-limited messages and a close frame that reaches the client.

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
    """A client's websocket, with the message limits of app.realtime.frames."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.iterator = self._messages()

    def close(self, close_data: tuple[int, str] | None = None) -> None:
        """Sends a close frame and closes the socket. Idempotent: eventlet closes again when a client disconnects."""
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
            return  # the client has disconnected or timed out

    def _exactly(self, size: int) -> bytes:
        """Reads exactly `size` bytes. Raises ConnectionError if the client disconnects first."""
        received = bytearray()
        while len(received) < size:
            data = self.socket.recv(size - len(received))
            if not data:
                raise ConnectionError
            received += data
        return bytes(received)

    def _refuse(self, refused: Refused) -> None:
        """Closes with a reason, after draining input: unread bytes would reset the connection and lose the frame."""
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
            pass  # the client has already disconnected
        self.close()


def install() -> None:
    """Makes eventlet, and thereby engineio, use BoundedWebSocket."""
    websocket.RFC6455WebSocket = BoundedWebSocket
