"""Which websocket frames are accepted, and the close codes for others."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import pytest

from app.realtime.frames import FRAGMENTS, MESSAGE_BYTES, Control, FrameReader, Refused, unmasked

MASK = b"\x01\x02\x03\x04"
TEXT, BINARY, CONTINUATION, CLOSE, PING = 1, 2, 0, 8, 9


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def frame(
    opcode: int, data: bytes = b"", *, final: bool = True, length: int | None = None, masked: int = 0x80
) -> bytes:
    size = len(data) if length is None else length
    extended = size.to_bytes(8, "big")
    return bytes([opcode | (0x80 if final else 0), masked | 127]) + extended + MASK + slowly_unmasked(data)


def short(opcode: int, data: bytes = b"", *, final: bool = True) -> bytes:
    return bytes([opcode | (0x80 if final else 0), 0x80 | len(data)]) + MASK + slowly_unmasked(data)


def slowly_unmasked(data: bytes) -> bytes:
    return bytes(byte ^ MASK[number % 4] for number, byte in enumerate(data))


class Wire:
    """Bytes sent by a client. `taken` is the largest number of bytes read at once."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self.taken = 0

    def read(self, size: int) -> bytes:
        self.taken = max(self.taken, size)
        data = self._data.read(size)
        if len(data) < size:
            raise ConnectionError
        return data


def reader(*frames: bytes, clock: Clock | None = None) -> FrameReader:
    return FrameReader(Wire(b"".join(frames)).read, now=clock or Clock())


def test_fragmented_messages_are_joined_despite_control_frames() -> None:
    given = reader(short(TEXT, b"a", final=False), short(PING, b"?"), short(CONTINUATION, b"b"), short(BINARY, b"\xff"))
    assert [given.next() for _ in range(3)] == [Control(PING, b"?"), "ab", b"\xff"]


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 125, 65536])
def test_unmasking_is_the_xor_of_each_byte(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    assert unmasked(data, MASK) == slowly_unmasked(data)


REFUSED = {
    "unmasked": (b"\x81\x02hi", 1002),
    "compressed": (short(TEXT | 0x40), 1002),
    "unknown opcode": (short(3), 1002),
    "continues nothing": (short(CONTINUATION), 1002),
    "begins inside another": (short(TEXT, b"a", final=False) + short(TEXT), 1002),
    "ping in pieces": (short(PING, final=False), 1002),
    "long ping": (frame(PING, b"x" * 126), 1002),
    "not UTF-8": (short(TEXT, b"\xff"), 1007),
    "one frame": (frame(TEXT, length=MESSAGE_BYTES + 1), 1009),
    "far more than memory": (frame(TEXT, length=2**63), 1009),
    "fragments": (frame(TEXT, b"x" * 40000, final=False) + frame(CONTINUATION, length=40000), 1009),
    "many fragments": (short(TEXT, b"x", final=False) + short(CONTINUATION, b"x", final=False) * FRAGMENTS, 1009),
    "empty fragments": (short(TEXT, final=False) + short(CONTINUATION, final=False) * FRAGMENTS, 1009),
    "many frames": (short(PING) * 1000, 1008),
}


def read_all(given: FrameReader) -> None:
    while True:
        given.next()


@pytest.mark.parametrize(("sent", "code"), REFUSED.values(), ids=REFUSED)
def test_invalid_frames_are_rejected(sent: bytes, code: int) -> None:
    """Before memory is allocated for them."""
    wire = Wire(sent)
    given = FrameReader(wire.read, now=Clock())
    with pytest.raises(Refused) as refused:
        read_all(given)
    assert refused.value.code == code
    assert wire.taken <= MESSAGE_BYTES


def test_the_largest_message_passes() -> None:
    assert reader(frame(TEXT, b"x" * MESSAGE_BYTES)).next() == "x" * MESSAGE_BYTES


def test_a_client_that_sends_occasionally_is_never_rejected() -> None:
    clock = Clock()
    given = reader(short(TEXT, b"3") * 5000, clock=clock)
    for _ in range(5000):
        assert given.next() == "3"
        clock.now += 0.1


OVERRIDDEN = {
    "eventlet/websocket.py": ("for i in self.iterator:", "return RFC6455WebSocket("),
    "gunicorn/workers/geventlet.py": ("eventlet.spawn(_eventlet_serve, gsock, hfun", "partial(self.handle, gsock)"),
    "gunicorn/workers/base_async.py": ("self.handle_request(listener_name, req, client, addr)",),
    "engineio/server.py": ("self._trigger_event('connect', sid, environ", "socket.handle_get_request("),
    "engineio/socket.py": ("'disconnect', self.sid",),
    "socketio/pubsub_manager.py": (
        "start_background_task(self._thread)",
        "self._handle_emit(message)",
        "self._publish(message)",
    ),
    "socketio/redis_manager.py": ("for message in self._redis_listen_with_retries():", "def _redis_connect(self)"),
    "socketio/server.py": ("self._handle_event_internal, self, sid",),
    "rq/worker/worker_classes.py": (
        "self.perform_job(job, queue, execution)\n        self.set_state(WorkerStatus.IDLE)\n",
    ),
    "rq/worker/base.py": ("self.prepare_job_execution(job, remove_from_intermediate_queue)",),
    "rq/executions.py": (
        "worker.executions[execution.id] = execution\n        worker.set_state(WorkerStatus.BUSY, pipeline=pipeline)",
    ),
}
"""Read in eventlet 0.41.3, gunicorn 25.3.0, python-engineio 4.15.1, python-socketio 5.18.1 and RQ 3.0.0."""


@pytest.mark.parametrize(("path", "used"), OVERRIDDEN.items())
def test_the_libraries_still_use_what_is_overridden(path: str, used: tuple[str, ...]) -> None:
    """After an upgrade that changes these places, read them again. Not imported: that would patch this process."""
    package, _, name = path.partition("/")
    origin = importlib.util.find_spec(package)
    assert origin
    assert origin.origin
    text = (Path(origin.origin).parent / name).read_text()
    assert [each for each in used if each not in text] == []
