"""Keeps a worker process on one core of a small machine.

Python runs one thread at a time. When the threads of a worker are spread over several cores, they pass the lock of the
interpreter from core to core several times per round trip to a server. That takes half as much CPU time again; see
docs/speed.md.
"""

from __future__ import annotations

import os
import random
import socket
import sys

from app.logs import get_logger

log = get_logger(__name__)

MOST_CORES = 4
"""Machines with more cores are usually shared with other containers, whose processes could be bound to the same one."""

_claims: list[socket.socket] = []
"""Kept open so that the names stay claimed. The kernel frees them when the process ends, even by SIGKILL."""


def keep_on_one_core(name: str = "ai-content-worker") -> int | None:
    """Binds this process, and threads started later, to a core that no other process has claimed under this name.

    The first core is left to the other processes: two workers bound to the two cores of a machine were a sixth slower
    than unbound ones. Returns the core's number, or None if the process stays unbound: on other systems than Linux,
    with one core or more than MOST_CORES, or when every other core is claimed.
    """
    if sys.platform != "linux":
        return None
    cores = sorted(os.sched_getaffinity(0))
    if not 1 < len(cores) <= MOST_CORES:
        return None
    others = random.sample(cores[1:], len(cores) - 1)
    core = next((core for core in others if _claim(f"{name}-core-{core}")), None)
    if core is not None:
        os.sched_setaffinity(0, {core})
        log.info("process bound to a core", core=core)
    return core


def _claim(name: str) -> bool:
    """Binds a name in the abstract namespace of Unix sockets (unix(7)), which one process at a time can do."""
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        claim.bind(f"\0{name}")
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    return True
