"""Runs a command that may leave children behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def run_group(
    command: Sequence[str],
    *,
    cwd: Path,
    timeout: float,
    environ: Mapping[str, str] | None = None,
    given: str = "",
    errors: int = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, with `given` on standard input, and kills the children that it left.

    `errors` is the destination of its standard error, as for subprocess.Popen. Raises subprocess.TimeoutExpired if it
    takes longer than `timeout` seconds.
    """
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        start_new_session=True,
    ) as started:
        try:
            output, said = started.communicate(given, timeout=timeout)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(command, started.returncode, output, said)
