"""A forked process is one as `tools.processes.start` makes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import forked_processes
from tools.processes import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every process is started by its command")

TELLING = """
import json, os, signal, sys
print(json.dumps({
    "argv": sys.argv, "environ": dict(os.environ), "parent": os.getppid(), "leads": os.getpgrp() == os.getpid(),
    "name": __name__, "folder": os.getcwd(), "open": [name for name in os.listdir("/proc/self/fd") if int(name) > 3],
}))
signal.signal(signal.SIGTERM, lambda *_: os._exit(3))
signal.pause()
"""
ORPHANING = """
import os, signal, sys
from pathlib import Path
from tests import forked_processes
child = forked_processes.start("worker", [sys.executable, sys.argv[1]], env={}, log=Path(sys.argv[2]))
print(child.pid, flush=True)
signal.pause()
"""


def test_a_worker_has_its_own_environment_process_group_and_exit_code(
    tmp_path: Path, until: Callable[..., Any]
) -> None:
    program, log = tmp_path / "program.py", tmp_path / "log"
    program.write_text(TELLING)
    child = forked_processes.start("worker", [sys.executable, str(program), "one"], env={"WORD": "two"}, log=log)
    told = json.loads(until(lambda: log.exists() and log.read_text()))
    assert told["argv"] == [str(program), "one"]
    assert told["environ"] == {"WORD": "two"}
    assert (told["parent"], told["leads"], told["name"]) == (os.getpid(), True, "__main__")
    assert (told["folder"], told["open"]) == (str(ROOT), [])
    assert child.running
    until(lambda: child.ask_to_stop() or not child.running)
    assert child.exit_code == 3


@pytest.mark.parametrize(("ending", "code"), [("pass", 0), ("sys.exit()", 0), ("sys.exit(5)", 5), ("1 / 0", 1)])
def test_a_program_that_ends_by_itself_keeps_its_exit_code(
    ending: str, code: int, tmp_path: Path, until: Callable[..., Any]
) -> None:
    program, log = tmp_path / "program.py", tmp_path / "log"
    program.write_text(f"import sys\n{ending}")
    child = forked_processes.start("worker", [sys.executable, str(program)], env={}, log=log)
    until(lambda: not child.running)
    assert child.exit_code == code
    assert ("ZeroDivisionError" in log.read_text()) == (ending == "1 / 0")


def test_a_worker_ends_with_the_process_that_started_it(tmp_path: Path, until: Callable[..., Any]) -> None:
    program = tmp_path / "program.py"
    program.write_text("import signal; print('up'); signal.pause()")
    command = [sys.executable, "-c", ORPHANING, str(program), str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        until(lambda: (tmp_path / "log").exists() and (tmp_path / "log").read_text())
        parent.send_signal(signal.SIGKILL)
    until(lambda: ended(pid))


def ended(pid: int) -> bool:
    """Whether it is gone, or waits only for somebody to ask how it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
