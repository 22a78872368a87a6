"""Reads websocket frames (RFC 6455), checking the size of each whole message before allocating memory for it.

eventlet's own reader limits the size of a frame but not of the message it belongs to, and unmasks byte by byte in
Python, so a large frame blocks the event loop. Reads time out after 45 seconds, set by the engine below Socket.IO. No
extension is ever negotiated (see admission.py), so no frame is compressed.
"""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable
from dataclasses import dataclass

MESSAGE_BYTES = 64 * 1024
FRAGMENTS = 64
"""The maximum number of frames per message. Browsers send one."""
FRAMES_AT_ONCE = 200
FRAMES_A_SECOND = 20.0
"""Frames that a client may send in a burst, and per second on average. An idle browser sends one every 25 seconds."""

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
CONTROL_BYTES = 125
PROTOCOL_ERROR, BAD_DATA, POLICY_VIOLATION, TOO_BIG = 1002, 1007, 1008, 1009
_SIZES = {126: 2, 127: 8}
_FINAL, _RESERVED, _OPCODE, _MASKED, _LENGTH = 0x80, 0x70, 0x0F, 0x80, 0x7F
_CONTROL = 8

Read = Callable[[int], bytes]
"""Returns exactly this many bytes. Raises ConnectionError if the client has disconnected."""


class Refused(Exception):
    """The connection must be closed. `code` and `reason` go into the close frame."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Control:
    """A close, ping or pong frame."""

    opcode: int
    data: bytes


class FrameReader:
    """Reads the messages of one client. `now` is a monotonic clock in seconds."""

    def __init__(
        self, read: Read, *, message_bytes: int = MESSAGE_BYTES, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._message_bytes = message_bytes
        self._now = now
        self._allowance = float(FRAMES_AT_ONCE)
        self._counted_at = now()
        self._opcode = CONTINUATION
        self._parts: list[bytes] = []
        self._size = 0

    def next(self) -> str | bytes | Control:
        """Returns the next message or control frame. Raises Refused, or ConnectionError if the client disconnected."""
        while True:
            opcode, final, data = self._frame()
            if opcode & _CONTROL:
                return Control(opcode, data)
            self._opcode = opcode or self._opcode
            self._parts.append(data)
            if final:
                return self._message()

    def _message(self) -> str | bytes:
        data, opcode = b"".join(self._parts), self._opcode
        self._parts, self._size, self._opcode = [], 0, CONTINUATION
        if opcode == BINARY:
            return data
        try:
            return codecs.decode(data, "utf-8")
        except UnicodeDecodeError:
            raise Refused(BAD_DATA, "text must be UTF-8") from None

    def _frame(self) -> tuple[int, bool, bytes]:
        self._count_frame()
        first, second = self._read(2)
        opcode, final = first & _OPCODE, bool(first & _FINAL)
        self._check(first, second, opcode, final=final)
        length = second & _LENGTH
        if length in _SIZES:
            length = int.from_bytes(self._read(_SIZES[length]), "big")
        if not opcode & _CONTROL:
            self._size += length
            if self._size > self._message_bytes:
                raise Refused(TOO_BIG, f"messages have at most {self._message_bytes} bytes")
        mask = self._read(4)
        return opcode, final, unmasked(self._read(length), mask)

    def _check(self, first: int, second: int, opcode: int, *, final: bool) -> None:
        """Raises Refused for violations visible in the first two bytes."""
        if first & _RESERVED or opcode not in {CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG}:
            raise Refused(PROTOCOL_ERROR, "no extension was negotiated")
        if not second & _MASKED:
            raise Refused(PROTOCOL_ERROR, "clients mask their frames")
        if opcode & _CONTROL:
            if not final or second & _LENGTH > CONTROL_BYTES:
                raise Refused(PROTOCOL_ERROR, "control frames are short and whole")
        elif bool(opcode) == bool(self._parts):
            raise Refused(PROTOCOL_ERROR, "fragments of messages follow each other")
        elif len(self._parts) >= FRAGMENTS:
            raise Refused(TOO_BIG, f"messages have at most {FRAGMENTS} fragments")

    def _count_frame(self) -> None:
        now = self._now()
        earned = (now - self._counted_at) * FRAMES_A_SECOND
        self._allowance = min(float(FRAMES_AT_ONCE), self._allowance + earned) - 1
        self._counted_at = now
        if self._allowance < 0:
            raise Refused(POLICY_VIOLATION, "too many frames")


def unmasked(data: bytes, mask: bytes) -> bytes:
    """Returns `data` XOR the repeated mask, computed as one operation on large integers because that runs in C."""
    repeated = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "little") ^ int.from_bytes(repeated, "little")).to_bytes(len(data), "little")
