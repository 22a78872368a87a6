"""TCP ports on this machine."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOOPBACK = "127.0.0.1"
EVERY_ADDRESS = ""
_THIS_MACHINE = {LOOPBACK, "localhost", "::1"}
_USUAL_PORTS = {"mongodb": 27017, "redis": 6379, "rediss": 6379, "https": 443}

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


def is_dead(url: str) -> bool:
    """Whether `url` names a single server on this machine and nothing accepts connections there."""
    try:
        parts = urlsplit(url)
        port = parts.port or _USUAL_PORTS.get(parts.scheme, 80)
    except ValueError:  # the settings' check says so
        return False
    host = unquote(parts.netloc.rpartition("@")[2])
    socket_path = parts.path if parts.scheme == "unix" else host if host.startswith("/") else ""
    if socket_path:
        return not _accepts(socket_path)
    if parts.hostname not in _THIS_MACHINE or "," in host:
        return False
    return not is_open(port, str(parts.hostname))


def _accepts(socket_path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        return probe.connect_ex(socket_path) == 0


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
