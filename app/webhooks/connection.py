"""Sends a POST to a user-supplied URL, connecting only to an IP address that was checked.

The name is resolved once, all its addresses are checked, and the socket is connected to one of them; TLS and the Host
header use the name. There are no redirects, no proxies from the environment, no cookies and no second lookup. The whole
request takes at most `seconds`, however slowly the server responds.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from queue import Empty, Queue

import certifi

from app.generation.providers.connections import Call
from app.webhooks.addresses import Reach, Target

SECONDS = 10.0
MOST_BYTES = 1024
"""How much of a response body is read."""

Found = list[tuple[int, tuple[str, int] | tuple[str, int, int, int]]]
"""Address families and socket addresses, as from socket.getaddrinfo."""
Lookup = Callable[[str, int, float], Found]

NOT_FOUND = "The name cannot be looked up"
NOT_ALLOWED = "The address is private, local or reserved"
TOO_LATE = "No answer in time"
BAD_CERTIFICATE = "The certificate is not valid for this address"
NO_CONNECTION = "No connection could be made"
BROKEN = "The connection ended before there was an answer"


@dataclass(frozen=True)
class Answer:
    """The response's status and the beginning of its body, or an error message for the delivery log."""

    status: int | None = None
    text: str = ""
    error: str | None = None

    @property
    def acknowledged(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  # RFC 9110 section 15.3


class Refused(Exception):
    """No connection was made. The message says why."""


def look_up(host: str, port: int, seconds: float) -> Found:
    """Returns all addresses of a name. Uses a thread, because the system's resolver has no timeout. Raises Refused."""
    answers: Queue[Found | Exception] = Queue(1)

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(family, address) for family, _, _, _, address in found])  # type: ignore[misc]  # text and port, as documented
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="webhook lookup", daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, seconds))
    except Empty:
        raise Refused(TOO_LATE) from None
    if isinstance(answer, Exception) or not answer:
        raise Refused(NOT_FOUND)
    return answer


class Outbound:
    """Sends requests to the addresses that `reach` allows. Thread-safe."""

    def __init__(
        self, reach: Reach, seconds: float = SECONDS, lookup: Lookup = look_up, tls: ssl.SSLContext | None = None
    ) -> None:
        """`tls` overrides the trusted certificates, by default the system's and those of certifi."""
        self.reach = reach
        self._seconds = seconds
        self._lookup = lookup
        self._given_tls = tls

    def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends the body once. Never raises: errors are in the answer."""
        call = Call()
        ends_at = time.monotonic() + self._seconds
        try:
            connection = _CheckedConnection(target, lambda: self._connect(target, call, ends_at))
            with call.within(self._seconds), contextlib.closing(connection):
                connection.request("POST", target.path, body, dict(headers))
                response = connection.getresponse()
                if call.late:  # http.client treats a closed connection as the end of the headers
                    return Answer(error=TOO_LATE)
                return Answer(response.status, _beginning_of(response))
        except Refused as refused:
            return Answer(error=str(refused))
        except ssl.SSLCertVerificationError:
            return Answer(error=BAD_CERTIFICATE)
        except (
            OSError,
            HTTPException,
            ValueError,
            AttributeError,
        ) as error:  # AttributeError: TLS with a closed socket
            late = call.late or isinstance(error, TimeoutError)
            return Answer(error=TOO_LATE if late else BROKEN)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Created on first use, because it is slow."""
        tls = self._given_tls or ssl.create_default_context()
        if tls is not self._given_tls:
            tls.load_verify_locations(certifi.where())
        return tls

    def _connect(self, target: Target, call: Call, ends_at: float) -> socket.socket:
        """Connects to one of the name's addresses. Raises Refused unless all of them are allowed."""
        found = self._lookup(target.host, target.port, ends_at - time.monotonic())
        if not all(self.reach.includes(ip_address(address[0])) for _, address in found):
            raise Refused(NOT_ALLOWED)
        for tried, (family, address) in enumerate(found):
            remaining = ends_at - time.monotonic()
            if remaining <= 0:
                raise Refused(TOO_LATE)
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.settimeout(remaining / (len(found) - tried))
            try:
                sock.connect(address)
            except OSError:
                sock.close()
                continue
            return self._secured(sock, target, call, ends_at)
        raise Refused(TOO_LATE if time.monotonic() >= ends_at else NO_CONNECTION)

    def _secured(self, sock: socket.socket, target: Target, call: Call, ends_at: float) -> socket.socket:
        sock.settimeout(max(0.001, ends_at - time.monotonic()))
        call.adopt(sock)
        if target.scheme == "http":
            return sock
        wrapped = self._tls.wrap_socket(sock, server_hostname=target.host, do_handshake_on_connect=False)
        call.adopt(wrapped)
        try:
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped


class _FinalResponse(HTTPResponse):
    """Skips informational responses such as 103 Early Hints: http.client skips only 100 (read in Python 3.11).

    101 is the exception: after it the receiver speaks another protocol.
    """

    def begin(self) -> None:
        super().begin()
        while self.status < HTTPStatus.OK and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = None  # type: ignore[assignment]  # otherwise `begin` would return at once
            super().begin()


class _CheckedConnection(HTTPConnection):
    """An HTTPConnection over a socket that `make` opens."""

    response_class = _FinalResponse

    def __init__(self, target: Target, make: Callable[[], socket.socket]) -> None:
        super().__init__(target.host, target.port)
        self.default_port = {"http": 80, "https": 443}[target.scheme]  # which the Host header does not name
        self._make = make

    def connect(self) -> None:
        self.sock = self._make()


def _beginning_of(response: HTTPResponse) -> str:
    """Returns at most 1 kB of the body, as far as it arrives in time. Errors in the body are ignored."""
    body = b""
    try:
        while len(body) < MOST_BYTES and (piece := response.read1(MOST_BYTES - len(body))):
            body += piece
    except (OSError, HTTPException, ValueError):
        pass
    return body.decode(errors="replace")
