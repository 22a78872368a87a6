"""TCP ports on this machine."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable

LOOPBACK = "127.0.0.1"
EVERY_ADDRESS = ""

# Below the range that Linux and macOS take ports of outgoing connections from: a client that keeps
# connecting to a stopped server could otherwise be given the server's own port, and block its restart.
_CHOICE = range(20_000, 32_000)


class NoFreePortError(RuntimeError):
    """Every candidate is taken."""


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on `port` of `host` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def is_open(port: int, host: str = LOOPBACK) -> bool:
    """Whether something accepts connections on `port` of `host`."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def first_free(candidates: Iterable[int], host: str = LOOPBACK) -> int:
    """The first of `candidates` that is free. Raises NoFreePortError."""
    for port in candidates:
        if is_free(port, host):
            return port
    message = "no free port was found"
    raise NoFreePortError(message)


def choose() -> int:
    """A free loopback port, at random, so that parallel runs seldom meet."""
    return first_free(random.sample(_CHOICE, 200))
