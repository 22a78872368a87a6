"""Commands as an operator runs them: in this process, and as processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from flask import Flask

from tests.patience import PATIENCE_SECONDS
from tools.processes import ROOT
from tools.system import System


@dataclass(frozen=True)
class Ran:
    """The result of a command. `out` is only its standard output."""

    code: int
    out: str
    errors: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.out)


Command = Callable[..., Ran]


@pytest.fixture
def flask_command(app: Flask) -> Command:
    """Runs `flask …` against the in-process application."""
    runner = app.test_cli_runner()

    def run(*arguments: str, given: str | None = None) -> Ran:
        result = runner.invoke(args=list(arguments), input=given)
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def flask_process(system: System) -> Command:
    """Runs `flask …` as a real process next to the running system."""

    def run(*arguments: str, **variables: str) -> Ran:
        return run_process([sys.executable, "-m", "flask", *arguments], {**system.environ, **variables})

    return run


def run_process(command: list[str], environ: dict[str, str], timeout: float = PATIENCE_SECONDS) -> Ran:
    """Runs a command of the product to its end."""
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=timeout, check=False)
    return Ran(ended.returncode, ended.stdout, ended.stderr)
