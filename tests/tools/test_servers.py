"""MongoDB and Redis as development and fault tests use them, really started from the installed programs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psutil
import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

from tests.patience import PATIENCE_SECONDS
from tools import ports, servers
from tools.processes import ROOT, StartError, wait_until
from tools.servers import Service, provide_mongodb, provide_redis, start_mongodb, start_redis


@pytest.fixture(scope="module")
def mongodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = start_mongodb(tmp_path_factory.mktemp("services") / "mongodb")
    yield service
    service.stop()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Service]:
    service = start_redis(tmp_path / "redis", persist=True)
    yield service
    service.stop()


def _mongo(service: Service) -> MongoClient[dict[str, Any]]:
    return MongoClient(service.url, serverSelectionTimeoutMS=3000)


def _redis(service: Service, socket_timeout: float = PATIENCE_SECONDS) -> Redis:
    return Redis.from_url(service.url, socket_timeout=socket_timeout, retry=None)


def test_mongodb_keeps_its_data_through_a_crash(mongodb: Service) -> None:
    """A killed MongoDB leaves its lock file behind, but still starts again on the same port."""
    with _mongo(mongodb) as client:
        client.get_default_database().notes.with_options().insert_one({"_id": 1})
        client.admin.command("fsync")
        mongodb.kill()
        assert not mongodb.running
        with pytest.raises(PyMongoError):
            client.admin.command("ping")
    mongodb.restart()
    with MongoClient[dict[str, Any]](mongodb.url) as client:
        assert client.get_default_database().notes.count_documents({"_id": 1}) == 1


def test_mongodb_is_not_on_the_network(mongodb: Service) -> None:
    """Not even on loopback, which other users of the machine can reach: only on a socket in its data folder."""
    listening = [item for item in psutil.Process(mongodb.pid).net_connections(kind="inet") if item.status == "LISTEN"]
    assert listening == []
    assert mongodb.data_dir is not None
    assert [path.name for path in mongodb.data_dir.glob("*.sock")] == [unquote(mongodb.url).split("/")[-2]]


def test_redis_requires_a_password(redis: Service) -> None:
    """A random one, which is not on its command line."""
    address = urlsplit(redis.url)
    with Redis(port=address.port or 0) as stranger, pytest.raises(AuthenticationError):
        stranger.ping()
    assert address.password
    assert len(address.password) == 64
    assert not any(address.password in word for word in psutil.Process(redis.pid).cmdline())
    listening = {item.laddr.ip for item in psutil.Process(redis.pid).net_connections() if item.status == "LISTEN"}
    assert listening == {"127.0.0.1"}


STRANGER = """
import encodings.idna, os, pathlib, socket, sys  # no module can be read later
os.setgroups([]); os.setgid(65534); os.setuid(65534)
folder, sock, port = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for name, attempt in {
    "list": lambda: list(folder.iterdir()),
    "read": lambda: (folder / "redis.conf").read_text(),
    "socket": lambda: socket.socket(socket.AF_UNIX).connect(sock),
}.items():
    try:
        attempt()
        print(name, "succeeded")
    except PermissionError:
        pass
client = socket.create_connection(("127.0.0.1", port))
client.sendall(b"PING\\r\\n")
print(client.recv(64).decode())
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
def test_another_user_of_this_machine_has_no_access() -> None:
    """They cannot read the data or reach MongoDB, and Redis requires the password."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # no parent folder denies them access
        servers = [start_mongodb(Path(folder) / "mongodb"), start_redis(Path(folder) / "redis")]
        try:
            sock = unquote(urlsplit(servers[0].url).netloc)
            port = str(urlsplit(servers[1].url).port)
            command = [sys.executable, "-I", "-S", "-c", STRANGER]
            for service in servers:
                words = [*command, str(service.data_dir), sock, port]
                ran = subprocess.run(words, capture_output=True, text=True, check=True)
                assert ran.stdout.strip() == "-NOAUTH Authentication required."
        finally:
            for service in servers:
                service.stop()


def test_the_socket_of_a_long_data_path_is_elsewhere(tmp_path: Path) -> None:
    """Paths of sockets have a maximum length, paths of folders do not. The other folder is just as private."""
    service = start_mongodb(tmp_path / ("x" * 120))
    try:
        folder = Path(unquote(urlsplit(service.url).netloc)).parent
        assert folder != service.data_dir
        assert folder.stat().st_mode & 0o777 == 0o700
        with _mongo(service) as client:
            client.admin.command("ping")
    finally:
        service.stop()


def test_a_frozen_server_hangs_and_thaws(redis: Service) -> None:
    """While frozen it accepts connections but does not respond. It can be stopped in that state."""
    with _redis(redis, socket_timeout=0.5) as client:
        redis.freeze()
        with pytest.raises(RedisError):
            client.ping()
        redis.thaw()
    with _redis(redis) as client:
        assert client.ping()
    redis.freeze()
    redis.stop()
    assert not redis.running


def test_redis_restarts_with_or_without_its_data(redis: Service) -> None:
    with _redis(redis) as client:
        client.set("key", "value")
        redis.restart()
        assert client.get("key") == b"value"
        redis.restart(empty=True)
        assert client.get("key") is None


def test_redis_for_tests_restarts_empty(tmp_path: Path) -> None:
    """Without `persist`, a restart always starts empty."""
    service = start_redis(tmp_path)
    with _redis(service) as client:
        client.set("key", "value")
        service.restart()
        assert client.get("key") is None
    service.stop()


@pytest.mark.parametrize("start", [start_mongodb, start_redis])
def test_one_run_at_a_time_uses_a_data_directory(start: Any, mongodb: Service, redis: Service) -> None:
    """The second run gets one line, and the first continues."""
    first = mongodb if start is start_mongodb else redis
    with pytest.raises(StartError, match=r"in use by another run: stop it, or set (MONGO_URI|REDIS_URL)\.$"):
        start(first.data_dir)
    assert first.running


def test_a_busy_port_is_named(redis: Service, tmp_path: Path) -> None:
    port = int(redis.url.rsplit(":", 1)[1].split("/")[0])
    with pytest.raises(StartError, match=f"port {port}: it is already in use"):
        start_redis(tmp_path / "other", port)


def test_a_failed_start_is_explained_in_one_line(tmp_path: Path) -> None:
    """The error quotes the end of the server's log."""
    (tmp_path / "WiredTiger.turtle").write_text("no turtle at all")
    (tmp_path / "WiredTiger").write_text("no tiger at all")
    with pytest.raises(
        StartError, match=r"MongoDB ended with exit code -?\d+ while starting; its last words: .*"
    ) as caught:
        start_mongodb(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("provide", "variable"), [(provide_mongodb, "MONGO_URI"), (provide_redis, "REDIS_URL")])
def test_an_address_in_the_environment_is_used_as_it_is(provide: Any, variable: str, tmp_path: Path) -> None:
    """Nothing is started, and a server that was not started here cannot be killed from here."""
    service: Service = provide({variable: "scheme://somewhere/else"}, tmp_path)
    assert (service.url, service.origin, service.pid) == ("scheme://somewhere/else", f"from {variable}", None)
    assert list(tmp_path.iterdir()) == []
    service.stop()
    with pytest.raises(StartError, match="was not started here"):
        service.kill()


@pytest.mark.parametrize(("provide", "variable"), [(provide_mongodb, "MONGO_URI"), (provide_redis, "REDIS_URL")])
@pytest.mark.parametrize("cause", ["no wheel", "wrong platform"])
def test_a_missing_program_says_what_to_do(
    provide: Any, variable: str, cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line: what to install, or which variable to set."""
    unusable = tmp_path / "program"
    unusable.write_bytes(b"\x7fELF nothing that runs")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(servers, "_in_wheel", lambda _server: unusable if cause == "wrong platform" else None)
    with pytest.raises(StartError, match=f"Install .* or set {variable}") as caught:
        provide({}, tmp_path / "data")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children of a killed process")
def test_nothing_outlives_a_killed_parent(tmp_path: Path) -> None:
    """Even SIGKILL to the parent stops the servers, including those started from a thread that has ended."""
    program = (
        "import sys, threading, pathlib; from tools.servers import start_redis;"
        "t = threading.Thread(target=lambda: print(start_redis(pathlib.Path(sys.argv[1])).pid, flush=True));"
        "t.start(); t.join(); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert psutil.pid_exists(pid)
    assert not wait_until(lambda: not psutil.pid_exists(pid), 0.2)
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    assert wait_until(lambda: not _alive(pid), PATIENCE_SECONDS)
    start_redis(tmp_path).stop()


def _alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_free_port_is_free() -> None:
    port = ports.choose()
    assert ports.is_free(port)
    assert not ports.is_open(port)


def test_a_port_is_chosen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even before anything listens on it: two servers that start at the same time never get the same port."""
    monkeypatch.setattr(ports, "_CHOICE", range(19_990, 20_000))
    chosen = [ports.choose() for _ in range(5)]
    assert len(set(chosen)) == 5
    monkeypatch.setattr(ports, "_CHOICE", chosen)
    with pytest.raises(ports.NoFreePortError):
        ports.choose()
