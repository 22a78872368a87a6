"""Streaming of answers: as events or an array, with delays, stalls and dropped connections."""

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
_LOOK_FOR_RELEASE_SECONDS = 0.25


class ClientGone(Exception):
    """The client has disconnected, or must not get an answer."""


def paced(
    pieces: list[wire.Json], step: Step, scene: Scene, user_text: str, connection: socket.socket | None
) -> Iterator[wire.Json]:
    """Yields the chunks with the configured delays, until the stream should stall or drop."""
    seconds = (scene.piece_ms if step.piece_ms is None else step.piece_ms) / 1000
    for number, piece in enumerate(pieces):
        if number == step.hold_after:
            await_release(scene, user_text, connection)
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
    """Yields the parts of a streamed answer and records the call's end, also if the client disconnects."""
    status = None
    try:
        with contextlib.suppress(ClientGone):
            yield from parts
            status = 200
    finally:
        scene.finish(call, status)


def await_release(scene: Scene, user_text: str, connection: socket.socket | None) -> None:
    """Returns when such calls are released, or at a reset. Raises ClientGone if the client disconnects first."""
    while not scene.is_released(user_text) and not scene.over.is_set():
        pause(scene, time.monotonic() + _LOOK_FOR_RELEASE_SECONDS, connection)


def pause(scene: Scene, deadline: float, connection: socket.socket | None) -> None:
    """Returns at the deadline or at a reset. Raises ClientGone if the client disconnects first."""
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
    """Closes the connection, so that nothing gunicorn writes afterwards is sent."""
    if connection is not None:
        with contextlib.suppress(OSError):  # the client was faster
            connection.shutdown(socket.SHUT_RDWR)
