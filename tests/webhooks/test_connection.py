# ruff: noqa: RUF001, S104  # digits of other scripts, which resolvers take for ours; nothing is bound to 0.0.0.0
"""Webhook connections: no internal address in any notation or by DNS, and bounded durations."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from app.webhooks import connection
from app.webhooks.addresses import Reach, Target, UnusableUrl
from app.webhooks.connection import BAD_CERTIFICATE, NO_CONNECTION, NOT_ALLOWED, NOT_FOUND, TOO_LATE, Outbound
from tests.webhooks.receiver import Received, Receiver, silent_listener, status

PUBLIC = Reach(allow_http=True, allow_private=False)
PRIVATE = Reach(allow_http=True, allow_private=True)
HEADERS = {"webhook-id": "msg_1"}

INSIDE = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "100.100.100.200", "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1",
    "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "fec0::1",
    "ff02::1", "ff0e::1", "2a00:1450::5efe:127.0.0.1", "2a00:1450::200:5efe:10.0.0.1",
)  # fmt: skip
"""Addresses that are not on the public Internet, as a resolver might return them."""
IN_OTHER_FORMS = (
    "2130706433", "017700000001", "0x7f000001", "0x7F.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "0", "0x0",
    "127.0.0.1.",
    "127.0.0.01", "00000177.0.0.1", "0x7f.1", "1.0x7f", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1",
    "localhost", "LOCALHOST",
    "localhost.", "a.localhost", "printer.local", "db.internal", "router", "[::1]", "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[fe80::1%25eth0]", "[fe80::1%eth0]", "[::]",
    "[v1.127.0.0.1]", "127.0.0.1%00.example.com", "%31%32%37.0.0.1", "user@127.0.0.1", "example.com@127.0.0.1",
    "example.com\\@127.0.0.1", "127.0.0.1\\.example.com", "127.0.0.1 .example.com", "ⅼocalhost", "", ".", "1.2.3.4.5",
    "256.1.1.1", "-a.example", "a..b",
)  # fmt: skip
"""Hosts of URLs that lead to internal addresses, or nowhere."""


def test_internal_addresses_are_excluded() -> None:
    assert [text for text in INSIDE if PUBLIC.includes(ip_address(text))] == []


@pytest.mark.parametrize("text", ["8.8.8.8", "93.184.215.14", "2a00:1450:4001:830::200e", "2606:4700::6810:1"])
def test_public_addresses_are_included(text: str) -> None:
    assert PUBLIC.includes(ip_address(text))


def test_private_networks_can_be_allowed_but_not_cloud_metadata() -> None:
    assert all(map(PRIVATE.includes, map(ip_address, ("127.0.0.1", "10.1.2.3", "::1", "fd00::1", "192.168.1.1"))))
    closed = ("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "168.63.129.16", "0.0.0.0", "224.0.0.1", "fe80::1")
    assert not any(map(PRIVATE.includes, map(ip_address, (*closed, "::ffff:127.0.0.1"))))


@pytest.mark.parametrize("host", [*IN_OTHER_FORMS, *(f"[{each}]" if ":" in each else each for each in INSIDE)])
def test_urls_with_internal_hosts_are_rejected(host: str) -> None:
    with pytest.raises(UnusableUrl):
        Target.of(f"http://{host}:8080/hook", PUBLIC)


@pytest.mark.parametrize("url", ["ftp://example.com/", "example.com", "https:///x", "https://a:b@example.com/",
                                 "//a.com",
                                 "https://example.com:0/", "https://example.com:65536/", "https://example.com:x/", "",
                                 "https://example.com/\r\nHost: a", "file:///etc/passwd", "https://[::1/", "gopher://a.com",
                                 "https://example.com/" + "x" * 2000])  # fmt: skip
def test_invalid_urls_are_rejected(url: str) -> None:
    with pytest.raises(UnusableUrl):
        Target.of(url, PUBLIC)


def test_a_url_is_parsed() -> None:
    assert Target.of("https://Example.com", PUBLIC) == Target("https", "example.com", 443, "/")
    assert Target.of("https://bücher.example:8443/ä b?q=ü#x".replace(" ", "%20"), PUBLIC) == Target(
        "https", "xn--bcher-kva.example", 8443, "/%C3%A4%20b?q=%C3%BC"
    )
    assert Target.of("https://[2606:4700::1]/", PUBLIC).host == "2606:4700::1"
    with pytest.raises(UnusableUrl, match="https"):
        Target.of("http://example.com/", Reach(allow_http=False, allow_private=False))


# --- connecting


def answering(*addresses: Any) -> Any:
    """A resolver that gives one answer after the other."""
    left = list(addresses)

    def look_up(_host: str, port: int, _seconds: float) -> Any:
        texts = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET6, (text, port, 0, 0)) if ":" in text else (socket.AF_INET, (text, port)) for text in texts
        ]

    return look_up


def test_no_connection_is_made_if_a_name_resolves_to_an_internal_address() -> None:
    """Observed at a listening socket. One internal address among public ones is enough."""
    with silent_listener() as (port, seen):
        target = Target("http", "example.com", port, "/")
        for text in INSIDE:
            for addresses in ([text], ["8.8.8.8", text]):
                answer = Outbound(PUBLIC, lookup=answering(addresses)).post(target, HEADERS, b"{}")
                assert (answer.status, answer.error) == (None, NOT_ALLOWED), addresses
    assert seen == []


def test_no_notation_of_an_internal_address_is_reached() -> None:
    """With the real resolver, even if such a URL had been stored."""
    with silent_listener() as (port, seen):
        outbound = Outbound(PUBLIC, seconds=2)
        for host in (*IN_OTHER_FORMS, *INSIDE):
            answer = outbound.post(Target("http", host.strip("[]"), port, "/"), HEADERS, b"{}")
            assert answer.status is None, host
    assert seen == []


def test_each_name_is_resolved_once_per_attempt() -> None:
    """The connection goes to the address that was checked. A second response of the resolver is never used."""
    asked: list[str] = []
    with silent_listener() as (port, seen), Receiver() as receiver:

        def look_up(host: str, _port: int, _seconds: float) -> Any:
            asked.append(host)
            return [(socket.AF_INET, ("127.0.0.1", receiver.port if len(asked) == 1 else port))]

        answer = Outbound(PRIVATE, lookup=look_up).post(Target("http", "example.com", port, "/"), HEADERS, b"{}")
    assert (answer.status, asked, seen) == (200, ["example.com"], [])
    assert receiver.received[0].headers["host"] == f"example.com:{port}"


def test_a_public_name_that_becomes_private_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent_listener() as (port, seen):
        found = [[(socket.AF_INET, 1, 6, "", ("8.8.8.8", port))], [(socket.AF_INET, 1, 6, "", ("127.0.0.1", port))]]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found.pop())
        answer = Outbound(PUBLIC).post(Target("http", "rebind.example.com", port, "/"), HEADERS, b"{}")
    assert (answer.error, seen) == (NOT_ALLOWED, [])


def test_a_redirect_is_not_followed() -> None:
    with silent_listener() as (port, seen), Receiver(status(307, Location=f"http://127.0.0.1:{port}/")) as receiver:
        answer = Outbound(PRIVATE).post(Target.of(receiver.url, PRIVATE), HEADERS, b"{}")
    assert (answer.status, answer.acknowledged, seen) == (307, False, [])


@pytest.mark.parametrize(
    ("hints", "expected"),
    [((103,), 500), ((100, 102, 103, 103), 500), ((101,), 101), ((103, 101), 101)],
)
def test_informational_responses_are_not_the_answer(hints: tuple[int, ...], expected: int) -> None:
    """Except for 101, after which there is no HTTP."""

    def reply(received: Received, handler: Any) -> None:
        for code in hints:
            handler.wfile.write(f"HTTP/1.1 {code} Hint\r\nLink: </a.css>; rel=preload\r\n\r\n".encode())
        status(500, b"sorry")(received, handler)

    with Receiver(reply) as receiver:
        answer = Outbound(PRIVATE).post(Target.of(receiver.url, PRIVATE), HEADERS, b"{}")
    assert (answer.status, answer.acknowledged) == (expected, False)
    assert (answer.text == "sorry") == (expected == 500)


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent_listener() as (port, seen), Receiver() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        assert Outbound(PRIVATE).post(Target.of(receiver.url, PRIVATE), HEADERS, b"{}").acknowledged
    assert seen == []


def test_the_first_kilobyte_of_a_response_is_stored() -> None:
    body = b"\xff" + b"x" * 5000
    with Receiver(status(500, body)) as receiver:
        answer = Outbound(PRIVATE).post(Target.of(receiver.url, PRIVATE), HEADERS, b"{}")
    assert (answer.status, answer.text) == (500, "\ufffd" + "x" * 1023)


def dripping(received: Received, handler: Any) -> None:  # noqa: ARG001  # as every reply
    """One byte of a header now and then, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def dripping_body(received: Received, handler: Any) -> None:  # noqa: ARG001  # as every reply
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nso far")
    while True:
        handler.wfile.write(b".")
        handler.wfile.flush()
        time.sleep(0.05)


def test_the_timeout_applies_to_the_whole_request() -> None:
    """Slow or missing responses are given up. If a status was received it is used, whatever the body is."""
    with Receiver(dripping, lambda *_: time.sleep(60), dripping_body) as receiver:
        outbound, target = Outbound(PRIVATE, seconds=0.4), Target.of(receiver.url, PRIVATE)
        assert [outbound.post(target, HEADERS, b"{}").error for _ in range(2)] == [TOO_LATE] * 2
        answer = outbound.post(target, HEADERS, b"{}")
    assert answer.acknowledged
    assert answer.text.startswith("so far")


def test_the_timeout_includes_the_dns_lookup(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [None][over.wait(60) :])
    assert Outbound(PUBLIC, seconds=0.2).post(Target("https", "example.com", 443, "/"), {}, b"").error == TOO_LATE
    over.set()


def test_unreachable_hosts_are_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    outbound = Outbound(PRIVATE)
    assert outbound.post(Target("http", "127.0.0.1", port, "/"), {}, b"").error == NO_CONNECTION
    assert outbound.post(Target("http", "no.such.invalid", 80, "/"), {}, b"").error == NOT_FOUND


# --- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for hooks.example.com."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
               "-subj", "/CN=hooks.example.com", "-addext", "subjectAltName=DNS:hooks.example.com",
               "-keyout", str(path), "-out", str(path.with_suffix(".crt"))]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Receiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    receiver = Receiver()
    receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
    with receiver:
        yield receiver


def test_the_certificate_must_match_the_name(secure: Receiver, certificate: Path) -> None:
    """The name is sent (SNI) to the resolved address. Unknown issuers and other names are rejected."""
    outbound = Outbound(PRIVATE, lookup=answering(["127.0.0.1"]))
    trusting = Outbound(
        PRIVATE, lookup=answering(["127.0.0.1"]), tls=ssl.create_default_context(cafile=certificate.with_suffix(".crt"))
    )
    ours = Target("https", "hooks.example.com", secure.port, "/")
    assert outbound.post(ours, HEADERS, b"{}").error == BAD_CERTIFICATE
    assert trusting.post(ours, HEADERS, b"{}").status == 200
    other = Target("https", "other.example.com", secure.port, "/")
    assert trusting.post(other, HEADERS, b"{}").error == BAD_CERTIFICATE
    assert [each.headers["host"] for each in secure.received] == [f"hooks.example.com:{secure.port}"]


def test_a_stalled_handshake_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        target = Target("https", "hooks.example.com", listening.getsockname()[1], "/")
        answer = Outbound(PRIVATE, seconds=0.3, lookup=answering(["127.0.0.1"])).post(target, {}, b"")
    assert answer.error == TOO_LATE


def test_the_deadline_is_ten_seconds() -> None:
    assert connection.SECONDS == 10
