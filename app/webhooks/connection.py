"""One POST to an address that somebody typed: the IP address that was checked is the one that is connected to.

The name is looked up once, every address it has is checked, and the socket is opened to one of them; TLS and the Host
header use the name. There are no redirects, no proxies from the environment, no cookies and no second lookup. All of it
takes at most `seconds`, however slowly the other side answers.
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
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from queue import Empty, Queue

import certifi

from app.generation.providers.connections import Call
from app.webhooks.addresses import Reach, Target

SECONDS = 10.0
MOST_BYTES = 1024
"""How much of an answer is read."""

Found = list[tuple[int, tuple[str, int] | tuple[str, int, int, int]]]
"""Families and socket addresses, as socket.getaddrinfo gives them."""
Lookup = Callable[[str, int, float], Found]

NOT_FOUND = "The name cannot be looked up"
NOT_ALLOWED = "The address is private, local or reserved"
TOO_LATE = "No answer in time"
BAD_CERTIFICATE = "The certificate is not valid for this address"
NO_CONNECTION = "No connection could be made"
BROKEN = "The connection ended before there was an answer"


@dataclass(frozen=True)
class Answer:
    """What came back: a status and the beginning of the body, or an error in words for the log of deliveries."""

    status: int | None = None
    text: str = ""
    error: str | None = None

    @property
    def acknowledged(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004  # RFC 9110 section 15.3


class Refused(Exception):
    """There was no connection; the text says why."""


def look_up(host: str, port: int, seconds: float) -> Found:
    """All addresses of a name. The system's resolver knows no deadline, so it is asked in a thread of its own."""
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
    """Sends to what `reach` includes. Thread-safe."""

    def __init__(
        self, reach: Reach, seconds: float = SECONDS, lookup: Lookup = look_up, tls: ssl.SSLContext | None = None
    ) -> None:
        """`tls` says which certificates are trusted, if not the system's and those of certifi."""
        self.reach = reach
        self._seconds = seconds
        self._lookup = lookup
        self._given_tls = tls

    def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends the body once and never raises: what went wrong stands in the answer."""
        call = Call()
        ends_at = time.monotonic() + self._seconds
        try:
            connection = _CheckedConnection(target, lambda: self._connect(target, call, ends_at))
            with call.within(self._seconds), contextlib.closing(connection):
                connection.request("POST", target.path, body, dict(headers))
                response = connection.getresponse()
                if call.late:  # http.client takes the end of the connection for the end of the headers
                    return Answer(error=TOO_LATE)
                return Answer(response.status, _beginning_of(response))
        except Refused as refused:
            return Answer(error=str(refused))
        except ssl.SSLCertVerificationError:
            return Answer(error=BAD_CERTIFICATE)
        except (OSError, HTTPException, ValueError, AttributeError) as error:  # the last: TLS whose socket was shut
            late = call.late or isinstance(error, TimeoutError)
            return Answer(error=TOO_LATE if late else BROKEN)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Made when it is first needed, which takes a moment."""
        tls = self._given_tls or ssl.create_default_context()
        if tls is not self._given_tls:
            tls.load_verify_locations(certifi.where())
        return tls

    def _connect(self, target: Target, call: Call, ends_at: float) -> socket.socket:
        """A connection to one of the name's addresses, all of which are allowed. Raises Refused."""
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


class _CheckedConnection(HTTPConnection):
    """The standard library's connection, over a socket that `make` opens."""

    def __init__(self, target: Target, make: Callable[[], socket.socket]) -> None:
        super().__init__(target.host, target.port)
        self.default_port = {"http": 80, "https": 443}[target.scheme]  # which the Host header does not name
        self._make = make

    def connect(self) -> None:
        self.sock = self._make()


def _beginning_of(response: HTTPResponse) -> str:
    """At most 1 kB of the body: what arrives in time. The status counts, whatever becomes of the body."""
    body = b""
    try:
        while len(body) < MOST_BYTES and (piece := response.read1(MOST_BYTES - len(body))):
            body += piece
    except (OSError, HTTPException, ValueError):
        pass
    return body.decode(errors="replace")
