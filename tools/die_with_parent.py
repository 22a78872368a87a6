"""Becomes another program that the kernel ends together with its parent. Imports nothing of ours.

`python die_with_parent.py SIGNAL PARENT_PID COMMAND…` asks Linux to send SIGNAL to this process once the thread that
started it is gone, then executes COMMAND in its place. A preexec_fn would do the same, but may deadlock in a
threaded parent.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main(death_signal: int, parent_pid: int, command: list[str]) -> int:
    """Never returns when COMMAND can be executed; else the exit code a shell would give."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent_pid:  # the parent died before the kernel knew of our wish
        return 1
    try:
        os.execvp(command[0], command)  # noqa: S606 - becoming COMMAND is all it does
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error.strerror}\n")
        return 127


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
