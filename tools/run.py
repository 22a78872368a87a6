"""`make run`: runs the whole product locally, without anything to install or sign up for.

Starts MongoDB, Redis and, without a Gemini key, the local stand-in; then runs the Procfile's `release` line
and its `web` and `worker` lines until Ctrl-C, a signal or the exit of one of them.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from dotenv import dotenv_values
from honcho.environ import parse_procfile

from app.config import Settings, load_settings
from app.errors import SettingsError
from tools import ports
from tools.processes import ROOT, Child, StartError, printer, start, wait_until
from tools.servers import Service, provide_mongodb, provide_redis, start_gemini_standin

_PATIENCE_SECONDS = {"web": 12.0, "worker": 25.0}
_READY_SECONDS = 90.0
_RELEASE_SECONDS = 120.0
_STANDIN_DELAY_MS = 1200
_STANDIN_PIECE_MS = 150  # slow enough to see a text being written
_SECRETS = ("JWT_SECRET", "JWT_REFRESH_SECRET")
_SECRET_BYTES = 64
_ADDRESSES = "addresses.env"
_EXPORTED = ("MONGO_URI", "REDIS_URL", "GOOGLE_AI_ENDPOINT")


@dataclass
class Running:
    """The started services and processes, the file with their addresses, and the shutdown flags."""

    services: list[Service] = field(default_factory=list)
    addresses: Path | None = None
    children: list[Child] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    hurry: threading.Event = field(default_factory=threading.Event)

    def all_children(self) -> list[Child]:
        """Returns all child processes, including those of the services."""
        return [*self.children, *(service.child for service in self.services if service.child)]

    def ended(self) -> Child | None:
        """Returns the first child that has exited, or None."""
        return next((child for child in self.all_children() if not child.running), None)

    def wait_for(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Waits for `condition`. Returns False after `timeout` seconds, if a child exits, or at shutdown."""
        held = threading.Event()

        def over() -> bool:
            if condition():
                held.set()
            return held.is_set() or self.stopping.is_set() or self.ended() is not None

        wait_until(over, timeout, every=0.1)
        return held.is_set() and not self.stopping.is_set()

    def stop(self) -> None:
        """Removes the file with the addresses, stops the children in parallel, then the services in reverse order."""
        if self.addresses is not None:
            self.addresses.unlink(missing_ok=True)
        asked = time.monotonic()
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.await_end(asked + _PATIENCE_SECONDS[child.name] - time.monotonic(), self.hurry)
        for service in reversed(self.services):
            service.stop()


def main(arguments: list[str] | None = None) -> int:
    """Runs until a signal and returns 0. On a failure, prints one line and returns 1."""
    options = _parse(arguments)
    running = Running()
    with _signals(running):
        try:
            refuse_leftovers(os.environ)
            environ = with_env_file(os.environ, options.env_file)
            code = _run(running, environ, options)
        except (StartError, SettingsError, ports.NoFreePortError, OSError) as error:
            _say(str(error))
            code = 1
        finally:
            if running.all_children():
                _say("stopping …")
            running.stop()
    return code


def with_env_file(environ: Mapping[str, str], env_file: Path) -> dict[str, str]:
    """Returns `environ` merged with `env_file`. `environ` takes precedence; empty variables count as not set."""
    merged = {**dotenv_values(env_file), **{name: value for name, value in environ.items() if value}}
    return {name: value for name, value in merged.items() if value}


def refuse_leftovers(environ: Mapping[str, str]) -> None:
    """Raises StartError for variables that name servers of an earlier run, exported in this shell for commands."""
    leftovers = [name for name in _EXPORTED if environ.get(name) and ports.is_dead(environ[name])]
    if leftovers:
        message = (
            f"Nothing answers at the address in {' and '.join(leftovers)}, which this shell exports, perhaps from an"
            f" earlier run. Remove it: unset {' '.join(leftovers)}"
        )
        raise StartError(message)


def choose_port(environ: Mapping[str, str], default: int) -> int:
    """Returns PORT if set (StartError if it is in use), otherwise the first free port from `default`."""
    if is_free_for_web(default):
        return default
    if environ.get("PORT"):
        message = f"Port {default} (from PORT) is already in use: free it, or set PORT to another one."
        raise StartError(message)
    chosen = ports.first_free(range(default + 1, default + 100), ports.EVERY_ADDRESS)
    _say(f"port {default} is in use, taking {chosen}")
    return chosen


def is_free_for_web(port: int) -> bool:
    """Whether `port` is free on all addresses of this machine."""
    return ports.is_free(port, ports.EVERY_ADDRESS)


def development_secrets(path: Path) -> dict[str, str]:
    """Returns two JWT secrets, which the first call generates and stores in `path`, readable only by its owner."""
    with contextlib.suppress(FileExistsError):
        lines = "".join(f"{name}={secrets.token_hex(_SECRET_BYTES)}\n" for name in _SECRETS)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(lines)
    return {name: value for name, value in dotenv_values(path).items() if value}


def write_addresses(path: Path, mongodb: Service, redis: Service, gemini: Service) -> bool:
    """Writes the addresses of the services started here, with passwords, as variables for `export $(cat …)`.

    The file is readable only by its owner. Returns False, and leaves `path` alone, if MongoDB and Redis were not
    started here: another run may own the file.
    """
    if not (mongodb.running or redis.running):
        return False
    named = dict(zip(_EXPORTED, (mongodb, redis, gemini), strict=True))
    path.unlink(missing_ok=True)  # left over from a killed run, perhaps readable by others
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name}={one.url}\n" for name, one in named.items() if one.running)
    return True


def without_password(url: str) -> str:
    """Returns `url` with its password masked."""
    return re.sub(r"(//[^:/@]*):[^@]*@", r"\1:***@", url)


def _run(running: Running, environ: dict[str, str], options: argparse.Namespace) -> int:
    settings = load_settings(environ)
    port = choose_port(environ, settings.port)
    lines = _procfile(options.procfile)
    os.umask(0o077)
    options.data_dir.mkdir(parents=True, exist_ok=True)
    options.data_dir.chmod(0o700)  # also an existing folder from an earlier version
    (options.data_dir / ".gitignore").write_text("*\n")
    environ |= _local_environ(environ, options.data_dir, port)
    services = _provide_services(running, environ, options.data_dir)
    if write_addresses(options.data_dir / _ADDRESSES, *services):
        running.addresses = options.data_dir / _ADDRESSES
    if running.stopping.is_set():
        return 0
    release = lines.get("release")
    if release and not _release(running, release, environ):
        return 0 if running.stopping.is_set() else 1
    for name in ("web", "worker"):
        running.children.append(_start_line(name, lines[name], environ))
    address = f"http://{ports.LOOPBACK}:{port}"
    if running.wait_for(lambda: _healthy(f"{address}/healthz"), _READY_SECONDS):
        _say(_summary(settings, f"http://localhost:{port}", running.addresses, *services))
        running.wait_for(lambda: False, float("inf"))
    return _verdict(running, address)


def _verdict(running: Running, address: str) -> int:
    """Prints why the run ended and returns the exit code."""
    if running.stopping.is_set():
        return 0
    ended = running.ended()
    _say(f"{ended.name} ended with exit code {ended.exit_code}" if ended else f"{address}/healthz never answered 200")
    return 1


def _local_environ(environ: Mapping[str, str], data_dir: Path, port: int) -> dict[str, str]:
    """Returns the children's environment, without the addresses of the services."""
    origins = f"http://localhost:{port},http://{ports.LOOPBACK}:{port},http://localhost:5173"
    defaults = {
        "APP_ENV": "development",
        "CLIENT_URL": origins,
        **development_secrets(data_dir / "secrets.env"),
    }
    programs = f"{Path(sys.executable).parent}{os.pathsep}{environ.get('PATH', os.defpath)}"
    return {**defaults, **environ, "PORT": str(port), "PATH": programs, "PYTHONUNBUFFERED": "1"}


def _provide_services(running: Running, environ: dict[str, str], data_dir: Path) -> tuple[Service, Service, Service]:
    """Starts the missing services and adds their addresses to `environ`."""
    mongodb = provide_mongodb(environ, data_dir / "mongodb")
    running.services.append(mongodb)
    redis = provide_redis(environ, data_dir / "redis", persist=True)
    running.services.append(redis)
    gemini = _provide_gemini(environ)
    running.services.append(gemini)
    environ |= {"MONGO_URI": mongodb.url, "REDIS_URL": redis.url}
    if gemini.running:
        environ |= {"GOOGLE_AI_ENDPOINT": gemini.url, "GOOGLE_AI_API_KEY": "local-standin"}
    return mongodb, redis, gemini


def _provide_gemini(environ: Mapping[str, str]) -> Service:
    endpoint = environ.get("GOOGLE_AI_ENDPOINT")
    if endpoint:
        return Service("Gemini", endpoint, "from GOOGLE_AI_ENDPOINT")
    if environ.get("GOOGLE_AI_API_KEY"):
        return Service("Gemini", "Google's Gemini API", "with your GOOGLE_AI_API_KEY")
    return start_gemini_standin(delay_ms=_STANDIN_DELAY_MS, piece_ms=_STANDIN_PIECE_MS)


def _release(running: Running, line: str, environ: Mapping[str, str]) -> bool:
    """Runs the release line and returns whether it succeeded. Prints the reason if not."""
    release = _start_line("release", line, environ)
    over = running.wait_for(lambda: not release.running, _RELEASE_SECONDS)
    release.stop(hurry=running.hurry)
    if over and release.exit_code:
        _say(f"release ended with exit code {release.exit_code}: {line}")
    elif not over and not running.stopping.is_set():
        _say(f"release did not end: {line}")
    return over and release.exit_code == 0


def _start_line(name: str, line: str, environ: Mapping[str, str]) -> Child:
    """Starts a Procfile line through a shell, which expands $PORT and then execs the program."""
    return start(
        name,
        ["/bin/sh", "-c", f"exec env {line}"],
        env=environ,
        on_line=printer(f"{name:<7}| "),
        death_signal=signal.SIGTERM,
    )


def _procfile(path: Path) -> dict[str, str]:
    if not path.is_file():
        message = f"There is no {path}: it names the processes to run."
        raise StartError(message)
    lines: dict[str, str] = dict(parse_procfile(path.read_text()).processes)
    missing = [name for name in ("web", "worker") if name not in lines]
    if missing:
        message = f"{path} has no line for {' and '.join(missing)}."
        raise StartError(message)
    return lines


def _healthy(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 - the scheme is http
            return bool(answer.status == 200)  # noqa: PLR2004  # HTTP's own number
    except (URLError, OSError):
        return False


def _summary(settings: Settings, address: str, addresses: Path | None, *services: Service) -> str:
    rows = [("Product", address)]
    rows += [(service.name, f"{without_password(service.url)}  ({service.origin})") for service in services]
    if addresses is not None:
        rows.append(("For commands", f"{_short(addresses)}  (these addresses with their passwords, until the end)"))
    delay = f"{settings.generation_delay_seconds:g} s between a request and the start of its generation"
    rows += [("Model", settings.ai_model), ("Delay", delay)]
    table = "\n".join(f"  {name:<16}{text}" for name, text in rows)
    return f"ready\n\n{table}\n\n  Ctrl-C stops everything.\n"


def _short(path: Path) -> str:
    """Returns `path` relative to the project's folder if it is in there."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


@contextlib.contextmanager
def _signals(running: Running) -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP stop the run gracefully; a second signal stops it immediately."""

    def note(_signal: int, _frame: FrameType | None) -> None:
        if running.stopping.is_set():
            running.hurry.set()
        running.stopping.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.run", description="Run the whole product locally.")
    parser.add_argument("--procfile", type=Path, default=ROOT / "Procfile")
    parser.add_argument("--env-file", type=Path, default=ROOT / ".env")
    parser.add_argument("--data-dir", type=Path, default=ROOT / ".data")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    printer("run    | ")(text)


if __name__ == "__main__":
    sys.exit(main())
