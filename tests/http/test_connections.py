"""Time limits of connections, and which one is closed when all slots are taken."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from app.http.addresses import place_of
from app.http.connection_limits import Limits
from app.http.connections import Connection, Connections


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Pairs:
    """Connections and their clients' ends."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.connections = Connections(Limits(request_bytes=100), self.clock)
        self.ends: list[socket.socket] = []

    def open(self, address: str = "192.0.2.1") -> tuple[Connection, socket.socket]:
        server, client = socket.socketpair()
        client.settimeout(5)
        self.ends += [server, client]
        return self.connections.open(server, (address, 40000)), client

    def pass_seconds(self, seconds: float) -> int:
        """Advances the clock, and returns the number of connections that were closed."""
        self.clock.now += seconds
        return self.connections.reap()


@pytest.fixture
def pairs() -> Iterator[Pairs]:
    given = Pairs()
    yield given
    for end in given.ends:
        end.close()


def test_a_silent_connection_is_closed_after_twenty_seconds(pairs: Pairs) -> None:
    _, client = pairs.open()
    assert pairs.pass_seconds(19) == 0
    assert pairs.pass_seconds(1) == 1
    assert client.recv(100) == b""


def test_the_headers_must_arrive_within_twenty_seconds(pairs: Pairs) -> None:
    """From the first byte, regardless of further bytes. After that the response is 408."""
    connection, client = pairs.open()
    pairs.pass_seconds(10)
    for _ in range(20):
        client.send(b"G")
        assert connection.recv(10) == b"G"
        assert pairs.pass_seconds(0.9) == 0
    assert pairs.pass_seconds(2) == 1
    assert client.recv(4096).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_the_body_must_arrive_within_twenty_seconds(pairs: Pairs) -> None:
    connection, client = pairs.open()
    connection.begin_request()
    client.send(b"x")
    assert connection.recv(10) == b"x"
    pairs.clock.now += 20
    client.send(b"x")
    assert connection.recv(10) == b""


def test_a_response_has_no_time_limit(pairs: Pairs) -> None:
    connection, _ = pairs.open()
    connection.begin_request()
    assert pairs.pass_seconds(3600) == 0
    assert not pairs.connections.make_room()


def test_a_client_that_does_not_read_its_response_is_disconnected(pairs: Pairs) -> None:
    connection, client = pairs.open()
    connection.begin_request()
    connection.sending_since = pairs.clock.now
    assert pairs.pass_seconds(59) == 0
    assert pairs.pass_seconds(1) == 1
    assert client.recv(1) == b""


def test_an_idle_connection_is_closed_seventy_five_seconds_after_a_request(pairs: Pairs) -> None:
    connection, _ = pairs.open()
    connection.begin_request()
    connection.end_request()
    assert pairs.pass_seconds(74) == 0
    assert pairs.pass_seconds(1) == 1


def test_a_websocket_has_no_deadline(pairs: Pairs) -> None:
    connection, _ = pairs.open()
    connection.begin_request()
    connection.hold()
    assert pairs.pass_seconds(3600) == 0
    assert not pairs.connections.make_room()


def test_requests_end_in_time_for_any_content_length(pairs: Pairs) -> None:
    connection, client = pairs.open()
    connection.begin_request()
    client.send(b"x" * 101)
    assert len(connection.recv(60)) == 60
    assert connection.recv(60) == b""
    assert connection.recv(60) == b""


def test_room_is_made_by_the_client_with_the_most_connections(pairs: Pairs) -> None:
    """The client's longest-waiting connection is closed; other clients are not affected."""
    _, neighbour = pairs.open("198.51.100.7")
    busy, _ = pairs.open("2001:db8::1")
    busy.begin_request()
    clients = [pairs.open(f"2001:db8::{number}")[1] for number in range(2, 5)]
    assert pairs.connections.make_room()
    assert clients[0].recv(1) == b""
    for client in (neighbour, *clients[1:]):
        client.settimeout(0.01)
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_a_removed_connection_leaves_nothing_behind(pairs: Pairs) -> None:
    connection, _ = pairs.open()
    connection.begin_request()
    connection.end_request()
    pairs.connections.forget(connection)
    assert len(pairs.connections) == 0
    assert not pairs.connections.make_room()


NETWORKS = {
    "203.0.113.9": "203.0.113.9",
    "::ffff:203.0.113.9": "203.0.113.9",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:db8:1:2::": "2001:db8:1:2::/64",
    "fe80::1%eth0": "fe80::/64",
    "": "unknown",
    "a unix socket": "a unix socket",
}


@pytest.mark.parametrize(("address", "network"), NETWORKS.items())
def test_ipv6_addresses_are_counted_per_64_bit_network(address: str, network: str) -> None:
    assert place_of(address) == network


def test_the_head_of_a_response_is_sent_together_with_its_body(pairs: Pairs) -> None:
    """gunicorn sends them separately. A head without a body is sent at the end of the response."""
    connection, client = pairs.open()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
    connection.begin_request()
    connection.sendall(head)
    client.setblocking(False)
    with pytest.raises(BlockingIOError):
        client.recv(1)
    connection.sendall(b"{}")
    assert client.recv(4096) == head + b"{}"
    connection.sendall(head)
    connection.end_request()
    assert client.recv(4096) == head
