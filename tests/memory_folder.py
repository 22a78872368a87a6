"""Folders for the servers' data, in memory if there is room.

The product waits for MongoDB's journal at each write. On a disk, that takes MongoDB twice the CPU time, and takes
several times as long.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # the folders have unpredictable names, and only their owner has access
LEAST_FREE_BYTES = 4 * 1024**3
LONGEST_RUN_SECONDS = 24 * 3600
_PREFIX = "content-generator-tests-"


@contextmanager
def memory_folder() -> Iterator[Path]:
    """A new folder, removed at the end: in /dev/shm if 4 GB are free there, else in the folder for temporary files."""
    parent = IN_MEMORY if _has_room() else None
    if parent:
        _remove_those_of_killed_runs(parent)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _has_room() -> bool:
    """Whether 4 GB are free, in /dev/shm, which may be small, and in memory."""
    if not os.access(IN_MEMORY, os.W_OK):
        return False
    available = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    free = min(shutil.disk_usage(IN_MEMORY).free, 1024 * int(available[1]) if available else 0)
    return free >= LEAST_FREE_BYTES


def _remove_those_of_killed_runs(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            is_old = time.time() - folder.stat().st_mtime > LONGEST_RUN_SECONDS
        except FileNotFoundError:  # its run has just ended
            continue
        if is_old:
            shutil.rmtree(folder, ignore_errors=True)
