"""Memory and CPU time of a process tree, from /proc (Linux)."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")
_PARENT, _USER_TICKS, _SYSTEM_TICKS = 1, 11, 12
"""Field indexes in /proc/<pid>/stat after the command name; see proc(5)."""


def tree(pid: int) -> list[int]:
    """Returns the pids of the process and its descendants."""
    parents = {int(path.name): _stat(path, _PARENT) for path in _PROC.iterdir() if path.name.isdigit()}
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def memory_mb(pid: int) -> float:
    """Returns the proportional set size (PSS) of the process tree in MB."""
    return sum(_pss_kb(each) for each in tree(pid)) / 1024


def cpu_seconds(pid: int) -> float:
    """Returns the CPU time of the process tree so far."""
    paths = [_PROC / str(each) for each in tree(pid)]
    return sum(_stat(path, _USER_TICKS) + _stat(path, _SYSTEM_TICKS) for path in paths) / os.sysconf("SC_CLK_TCK")


def keep_on_one_core(pid: int) -> None:
    """Pins every thread of the process to the last core available to this process, as `app.ops.one_core` does."""
    core = {max(os.sched_getaffinity(0))}
    for thread in (_PROC / str(pid) / "task").iterdir():
        os.sched_setaffinity(int(thread.name), core)


def _stat(path: Path, place: int) -> int:
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[place])
    except OSError:
        return 0


def _pss_kb(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
