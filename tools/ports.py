"""TCP ports on this machine."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from collections.abc import Iterable
from pathlib import Path

LOOPBACK = "127.0.0.1"
EVERY_ADDRESS = ""

# Below the ephemeral port range of Linux and macOS: otherwise a client that keeps connecting to a stopped
# server could be assigned the server's own port and block its restart.
_CHOICE = range(20_000, 32_000)


class NoFreePortError(RuntimeError):
    """Every candidate port is in use."""


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server can listen on `port` of `host`."""
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
    """Returns the first free port of `candidates`. Raises NoFreePortError."""
    for port in candidates:
        if is_free(port, host):
            return port
    message = "no free port was found"
    raise NoFreePortError(message)


def choose() -> int:
    """Returns a free loopback port and reserves it until this process exits, so that parallel runs do not collide.

    Raises NoFreePortError.
    """
    return first_free(port for port in random.sample(_CHOICE, min(200, len(_CHOICE))) if _reserve(port))


def _reserve(port: int) -> bool:
    """Reserves the port with a file lock, held until this process exits. Returns False if another process has it."""
    folder = Path(tempfile.gettempdir(), f"ai-content-generator-ports-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    reservation = os.open(folder / str(port), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(reservation, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(reservation)
        return False
    return True
