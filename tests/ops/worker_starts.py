"""Starts workers that cannot succeed, in parallel: `python -m tests.ops.worker_starts FOLDER`, environments on stdin.

Each is a forked process that calls `worker.main()` with its environment. They are forked from a process that has
already imported worker.py, because importing takes far longer than finding the problem.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import worker
from tests.ops.conftest import Ran
from tests.patience import PATIENCE_SECONDS
from tests.process_group import run_group
from tools.processes import ROOT


def ran_with(environs: dict[str, dict[str, str]], folder: Path) -> dict[str, Ran]:
    """How a worker exits in each of these environments, by name."""
    command = [sys.executable, "-m", "tests.ops.worker_starts", str(folder)]
    given = json.dumps(list(environs.values()))
    ended = run_group(command, cwd=ROOT, given=given, timeout=PATIENCE_SECONDS)
    assert ended.returncode == 0, ended.stderr
    codes = json.loads(ended.stdout)
    return {
        name: Ran(code, (folder / f"{number}.out").read_text(), (folder / f"{number}.errors").read_text())
        for number, (name, code) in enumerate(zip(environs, codes, strict=True))
    }


def start(number: int, environ: dict[str, str], folder: Path) -> int:
    """Starts a worker whose output goes into two files. Returns its process id."""
    if child := os.fork():
        return child
    for descriptor, name in ((1, "out"), (2, "errors")):
        os.dup2(os.open(folder / f"{number}.{name}", os.O_CREAT | os.O_WRONLY, 0o600), descriptor)
    os.environ.clear()
    os.environ.update(environ)
    code = 70  # a crash, whose traceback is among the errors
    try:
        code = worker.main()
    finally:
        sys.stdout.flush()
        if error := sys.exception():
            sys.excepthook(type(error), error, error.__traceback__)
        os._exit(code)


def main() -> None:
    folder = Path(sys.argv[1])
    started = [start(number, environ, folder) for number, environ in enumerate(json.load(sys.stdin))]
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in started]))


if __name__ == "__main__":
    main()
