"""How a streamed answer leaves the stand-in: as events or an array, at a pace, to its end or not."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from tools.fake_gemini import wire
from tools.fake_gemini.script import Call, Scene, Step

_LOOK_FOR_CLIENT_SECONDS = 0.2


class ClientGone(Exception):
    """Nobody is left to answer, or nobody shall be answered."""


def paced(pieces: list[wire.Json], step: Step, scene: Scene, connection: socket.socket | None) -> Iterator[wire.Json]:
    """The pieces with the pauses that were asked for, until the stream is to stall or to break."""
    seconds = (scene.piece_ms if step.piece_ms is None else step.piece_ms) / 1000
    for number, piece in enumerate(pieces):
        if number == step.stall_after:
            pause(scene, float("inf"), connection)
        if number in {step.stall_after, step.drop_after}:
            hang_up(connection)
        pause(scene, time.monotonic() + seconds, connection)
        yield piece


def as_array(pieces: Iterable[wire.Json]) -> Iterator[bytes]:
    opening = b"["
    for piece in pieces:
        yield opening + orjson.dumps(piece)
        opening = b",\r\n"
    yield b"]"


def as_events(pieces: Iterable[wire.Json]) -> Iterator[bytes]:
    for piece in pieces:
        yield b"data: " + orjson.dumps(piece) + b"\r\n\r\n"


def finishing(scene: Scene, call: Call, parts: Iterable[Any]) -> Iterator[Any]:
    """The parts of a streamed answer; the call ends with them, or when the client leaves."""
    status = None
    try:
        with contextlib.suppress(ClientGone):
            yield from parts
            status = 200
    finally:
        scene.finish(call, status)


def pause(scene: Scene, deadline: float, connection: socket.socket | None) -> None:
    """Return at the deadline, or when the scene is over. Raises ClientGone when the client is."""
    while (left := deadline - time.monotonic()) > 0:
        if scene.over.wait(min(left, _LOOK_FOR_CLIENT_SECONDS)):
            break
        if left > _LOOK_FOR_CLIENT_SECONDS and _left(connection):
            raise ClientGone


def _left(connection: socket.socket | None) -> bool:
    if connection is None:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def hang_up(connection: socket.socket | None) -> None:
    """Close the connection; what gunicorn writes afterwards reaches nobody."""
    if connection is not None:
        with contextlib.suppress(OSError):  # the client was faster
            connection.shutdown(socket.SHUT_RDWR)
