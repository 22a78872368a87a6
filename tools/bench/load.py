"""HTTP load, made by wrk (https://github.com/wg/wrk)."""

from __future__ import annotations

import math
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from tools.processes import StartError

_SCRIPT = Path(__file__).with_name("load.lua")
_MISSING = (
    "make bench needs wrk, which makes the HTTP load: `apt-get install wrk` (Debian, Ubuntu) or `brew install wrk`."
)


@dataclass(frozen=True)
class Target:
    """A request that is sent over and over; with several tokens, with commas between them, by each of them in turn."""

    url: str
    token: str = ""
    method: str = "GET"
    body: Any = None


@dataclass(frozen=True)
class Load:
    """What came of it; times in milliseconds. `failed` are answers of 400 and up, and broken connections."""

    per_second: float
    p50: float
    p99: float
    answered: int
    failed: int


def require() -> None:
    """Raises StartError, which says how to install it, when wrk is missing."""
    if shutil.which("wrk") is None:
        raise StartError(_MISSING)


def press(target: Target, seconds: float, connections: int = 32) -> Load:
    """Sends the request over so many connections, each again as soon as it is answered."""
    return read(begin(target, seconds, connections))


def begin(target: Target, seconds: float, connections: int) -> subprocess.Popen[bytes]:
    """Starts the load and returns at once; `read` waits for its end."""
    require()
    body = orjson.dumps(target.body).decode() if target.body is not None else ""
    duration = f"{math.ceil(seconds)}s"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{duration}", "--timeout", "20s", "-s", str(_SCRIPT), target.url]
    return subprocess.Popen([*command, "--", target.method, target.token, body], stdout=subprocess.PIPE)


def read(process: subprocess.Popen[bytes]) -> Load:
    """What a load that was begun came to. Raises StartError when wrk failed."""
    output, _ = process.communicate()
    if process.returncode:
        raise StartError(f"wrk ended with exit code {process.returncode}: {output[-300:].decode(errors='replace')}")
    told = orjson.loads(output.strip().splitlines()[-1])
    answered = told["answered"] - told["refused"]
    failed = told["refused"] + told["broken"]
    return Load(answered / told["seconds"], told["p50"], told["p99"], answered, failed)
