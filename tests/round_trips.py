"""Counts the MongoDB and Redis round trips of the calling thread."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pymongo import monitoring
from redis.connection import AbstractConnection

_COMMAND = re.compile(rb"\*\d+\r\n\$\d+\r\n([A-Za-z]+)\r\n")
"""The name of a command in Redis' protocol; https://redis.io/docs/latest/develop/reference/protocol-spec/."""


@dataclass
class Asked:
    """The requests sent, in order. A Redis pipeline counts as one."""

    mongodb: list[str] = field(default_factory=list)
    redis: list[str] = field(default_factory=list)
    timeouts: list[int | None] = field(default_factory=list)
    """The milliseconds that each request to MongoDB may take."""

    @property
    def counts(self) -> tuple[int, int]:
        """The number of requests to MongoDB and to Redis."""
        return len(self.mongodb), len(self.redis)

    def __str__(self) -> str:
        return "\n".join(["", *self.mongodb, *self.redis])


_here = threading.local()


class _Listener(monitoring.CommandListener):
    def started(self, event: monitoring.CommandStartedEvent) -> None:
        asked = getattr(_here, "asked", None)
        if asked is not None:
            asked.mongodb.append(f"MongoDB: {event.command_name} {event.command[event.command_name]}")
            asked.timeouts.append(event.command.get("maxTimeMS"))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Ignored, so that nothing is counted twice."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Ignored for the same reason."""


def listen() -> None:
    """Makes every MongoDB client created from now on report its requests."""
    monitoring.register(_Listener())


@contextmanager
def counted() -> Iterator[Asked]:
    """Counts the requests of this thread inside the block."""
    asked = Asked()
    send = AbstractConnection.send_packed_command

    def sending(connection: Any, command: Any, *args: Any, **kwargs: Any) -> None:
        here = getattr(_here, "asked", None)
        if here is not None:
            here.redis.append(f"Redis: {' '.join(_names(command))}")
        send(connection, command, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AbstractConnection, "send_packed_command", sending)
        _here.asked = asked
        try:
            yield asked
        finally:
            _here.asked = None


def _names(command: bytes | Sequence[bytes]) -> list[str]:
    data = command if isinstance(command, bytes) else b"".join(command)
    return [name.decode() for name in _COMMAND.findall(data)]
