"""A single client cannot impair the others: attacks on a real web process from outside, one at a time."""

from __future__ import annotations

import contextlib
import resource
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import requests

from tests import attacker
from tests.attacker import Watch, close_code, connect, frame, left_open, open_websocket
from tests.conftest import over_http
from tests.listener import Listener
from tests.patience import REQUEST_SECONDS, deadline_in
from tests.person import Person
from tools.system import Servers, System, Web

POST = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
HALF_SENT = {
    "nothing": b"",
    "half a request line": b"GET /he",
    "half of the headers": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "half a body": POST + b"Content-Length: 5000\r\n\r\n{",
    "half a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n1000\r\n{",
}
EACH = 240
"""Of five kinds: in total more than the original soft limit of 1024 files."""
TEXT, CONTINUATION, PING = 1, 0, 9
Watching = Callable[[], Watch]


@pytest.fixture(scope="module")
def web(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A web process whose limit of open files is 1024, unless it raises the limit itself."""
    folder = tmp_path_factory.mktemp("one-client")
    system = System(servers.environ("one-client", BCRYPT_ROUNDS="4", RATE_LIMIT_ENABLED="false"), folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))
    try:
        started = system.add_web()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    yield started
    system.stop()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def worker(web: Web, until: Callable[..., Any]) -> Iterator[int]:
    """The serving process, which after the test is still the same, and has closed what the attacker left."""
    pid = attacker.worker_of(web.child.pid)
    before, memory = attacker.descriptors(pid), attacker.memory_mb(pid)
    yield pid
    until(lambda: attacker.descriptors(pid) <= before + 10)
    assert attacker.worker_of(web.child.pid) == pid
    assert attacker.memory_mb(pid) < memory + 60


@pytest.fixture
def watch(web: Web, longest_answer: float) -> Watching:
    """Watches the web process. With `--soak` it must respond within the promised 1.5 s."""
    return lambda: Watch(web.url, longest_answer)


@pytest.mark.usefixtures("worker")
def test_idle_and_slow_connections_are_closed(web: Web, watch: Watching) -> None:
    """More than a process can open. They are closed after 20 s without delaying others; late headers get 408."""
    with watch(), connect(web.url, HALF_SENT["half of the headers"]) as late:
        clients = [connect(web.url, first) for first in HALF_SENT.values() for _ in range(EACH)]
        dripping = clients[EACH:]
        deadline = deadline_in(0)
        while left_open(clients):
            assert time.monotonic() < deadline, f"{len(left_open(clients))} connections are still open"
            for client in dripping:
                with contextlib.suppress(OSError):
                    client.send(b"1")
            time.sleep(1)
        for client in clients:
            client.close()
        said = b"".join(iter(partial(late.recv, 4096), b""))
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"code": "request_timeout"' in said


@pytest.mark.usefixtures("worker")
def test_an_endless_body_is_cut_off(web: Web, watch: Watching) -> None:
    """With or without a Content-Length, at most 8 MiB of a request are read, far more than any route accepts."""
    for head in (b"Content-Length: 5000000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"):
        with watch(), connect(web.url, POST + head) as client, pytest.raises(OSError):  # noqa: PT011
            client.sendall(b"1" * 200_000_000)


def test_connections_are_accepted_again_after_descriptors_ran_out(
    web: Web, watch: Watching, until: Callable[..., Any]
) -> None:
    """The longest-waiting connections are closed, faster than new ones arrive."""
    worker = attacker.worker_of(web.child.pid)
    limits = resource.prlimit(worker, resource.RLIMIT_NOFILE)
    resource.prlimit(worker, resource.RLIMIT_NOFILE, (attacker.descriptors(worker) + 5, limits[1]))
    try:
        clients = [connect(web.url) for _ in range(500)]
        until(lambda: "no connection accepted" in web.log.read_text())
        with watch():
            until(lambda: len(left_open(clients)) < 10)
    finally:
        resource.prlimit(worker, resource.RLIMIT_NOFILE, limits)
    for client in clients:
        client.close()
    with watch():
        until(lambda: requests.get(f"{web.url}/healthz", timeout=REQUEST_SECONDS).status_code == 200)


ENDLESS = {
    "fragments": ([frame(TEXT, b"x" * 65000, final=False)], [frame(CONTINUATION, b"x" * 65000, final=False)], 1009),
    "one frame": ([], [frame(TEXT, b"x" * 1000, length=100_000_000)], 1009),
    "tiny fragments": ([frame(TEXT, b"x", final=False)], [frame(CONTINUATION, b"x", final=False)], 1009),
    "pings in between": ([frame(TEXT, b"x", final=False)], [frame(PING, b"x" * 125)], 1008),
    "packets": ([], [frame(TEXT, b"5")], 1008),
    "unmasked": ([], [b"\x81\x02hi"], 1002),
    "compressed": ([], [b"\xc1\x80" + bytes(4)], 1002),
}


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(("before", "again", "code"), ENDLESS.values(), ids=ENDLESS)
def test_endless_messages_are_cut_off(
    web: Web, watch: Watching, before: list[bytes], again: list[bytes], code: int
) -> None:
    """Each is rejected with its close code long before 100 MB have been read."""
    with watch():
        client, _ = open_websocket(web.url)
        with contextlib.suppress(OSError):
            for data in before + again * 300:
                client.sendall(data)
        assert close_code(client) == code
        client.close()


def test_no_websocket_extension_is_negotiated(web: Web) -> None:
    client, head = open_websocket(web.url, b"Sec-WebSocket-Extensions: permessage-deflate\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"extensions" not in head.lower()
    client.close()


def test_websockets_older_than_rfc_6455_are_rejected(web: Web) -> None:
    """Their messages have no length."""
    head = attacker.WEBSOCKET.replace(b"Sec-WebSocket-Version: 13\r\n", b"Origin: http://x\r\n")
    client = connect(web.url, head + b"\r\n")
    assert client.recv(100).startswith(b"HTTP/1.1 426 ")
    client.close()


@pytest.mark.usefixtures("worker")
def test_sessions_that_never_connect_are_closed(web: Web, watch: Watching, until: Callable[..., Any]) -> None:
    """After 10 seconds, over either transport. Connected users are not affected."""
    person = Person.register(over_http(web.url), web.url)
    with watch(), Listener(web.url, person.access_token) as listener:
        clients = [open_websocket(web.url)[0] for _ in range(200)]
        opened = requests.get(f"{web.url}/socket.io/?EIO=4&transport=polling", timeout=REQUEST_SECONDS).text
        sid = opened.partition('"sid":"')[2].partition('"')[0]
        polling = f"{web.url}/socket.io/?EIO=4&transport=polling&sid={sid}"
        assert requests.post(polling, data="4", timeout=REQUEST_SECONDS).status_code == 200
        until(lambda: not left_open(clients))
        until(lambda: requests.post(polling, data="4", timeout=REQUEST_SECONDS).status_code == 400)
        assert listener.connected


@pytest.mark.usefixtures("worker")
def test_one_user_has_at_most_fifty_sockets(web: Web, watch: Watching, until: Callable[..., Any]) -> None:
    """The newest is rejected with a reason. When another one is closed, the next is accepted."""
    person, neighbour = (Person.register(over_http(web.url), web.url) for _ in range(2))
    hello = f'40{{"token":"{person.access_token}"}}'.encode()
    with watch():
        clients = [open_websocket(web.url)[0] for _ in range(60)]
        for client in clients:
            client.sendall(frame(TEXT, hello))
        answers = [answer_to_connect(client) for client in clients]
        assert sum(answer.startswith(b'40{"sid"') for answer in answers) == 50
        refusals = [answer for answer in answers if answer.startswith(b"44")]
        assert refusals == [b'44{"message":"Too many connections: at most 50 for one person"}'] * 10
        with Listener(web.url, neighbour.access_token) as listener:
            assert listener.connected
        for client in clients:
            client.close()
        until(lambda: gets_in(web, person))


def gets_in(web: Web, person: Person) -> bool:
    client, _ = open_websocket(web.url)
    client.sendall(frame(TEXT, f'40{{"token":"{person.access_token}"}}'.encode()))
    answer = answer_to_connect(client)
    client.close()
    return answer.startswith(b'40{"sid"')


def answer_to_connect(client: socket.socket) -> bytes:
    """The first message that begins with 4, after those of the Engine.IO layer."""
    client.settimeout(REQUEST_SECONDS)
    while True:
        first, size = client.recv(1), client.recv(1)[0]
        assert first == b"\x81"
        if size == 126:
            size = int.from_bytes(client.recv(2), "big")
        text = client.recv(size)
        if text.startswith(b"4"):
            return text


def test_the_number_of_sockets_per_address_is_limited(servers: Servers, tmp_path: Any) -> None:
    """Messages have a maximum length without eventlet, too."""
    environ = servers.environ("one-address", SOCKETS_PER_ADDRESS="3", SOCKETIO_ASYNC_MODE="threading")
    system = System(environ, tmp_path)
    try:
        web = system.add_web()
        opened = [open_websocket(web.url) for _ in range(5)]
        assert [head[9:12] for _, head in opened] == [b"101"] * 3 + [b"429"] * 2
        attacked = opened[0][0]
        with contextlib.suppress(OSError):
            attacked.sendall(frame(TEXT, b"x" * 40000, final=False) + frame(CONTINUATION, b"x" * 40000, final=False))
        assert close_code(attacked) == 1009
    finally:
        system.stop()


def test_redirects_stay_on_this_server_for_any_host_header(web: Web) -> None:
    answer = requests.get(
        f"{web.url}/api//docs", headers={"Host": "evil.example"}, timeout=REQUEST_SECONDS, allow_redirects=False
    )
    assert (answer.status_code, answer.headers["Location"]) == (308, "/api/docs")


def test_without_a_trusted_proxy_clients_cannot_claim_https(web: Web) -> None:
    """Not even from loopback, where gunicorn would trust the header."""
    answer = requests.get(f"{web.url}/healthz", headers={"X-Forwarded-Proto": "https"}, timeout=REQUEST_SECONDS)
    assert "Strict-Transport-Security" not in answer.headers
