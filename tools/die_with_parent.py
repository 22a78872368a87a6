"""Executes a command that the kernel ends together with its parent process. Has no imports of ours.

`python die_with_parent.py SIGNAL PARENT_PID COMMAND…` sets SIGNAL as the parent-death signal (prctl(2)) and then execs
COMMAND. A preexec_fn could do the same, but may deadlock in a threaded parent.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def tie(death_signal: int) -> None:
    """Has the kernel send `death_signal` to this process when its parent dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)


def main(death_signal: int, parent_pid: int, command: list[str]) -> int:
    """Does not return if COMMAND can be executed; otherwise returns a shell-style exit code."""
    tie(death_signal)
    if os.getppid() != parent_pid:  # the parent died before the signal was set
        return 1
    try:
        os.execvp(command[0], command)  # noqa: S606 - becoming COMMAND is all it does
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error.strerror}\n")
        return 127


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
