"""Decides which webhook URLs can be stored and which IP addresses may be connected to.

URLs are validated when they are stored, for early feedback. Internal networks are protected by checking the IP address
when connecting (app.webhooks.connection), because a name may resolve to anything by then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self
from urllib.parse import quote, urlsplit

import idna

from app.config import Settings

LONGEST_URL = 2_000
PORTS = {"http": 80, "https": 443}

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa")
_KEPT_IN_A_PATH = "/%:@!$&'()*+,;=~-._?"


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(map(ip_network, texts))


_OF_THE_INSIDE = _networks(
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7"
)
"""Loopback, private and shared addresses (RFC 1918, 4193, 6598), allowed by WEBHOOKS_ALLOW_PRIVATE."""
_METADATA = _networks(
    "169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::254/128",
    "fd20:ce::254/128",
)  # fmt: skip
"""Cloud metadata services, which serve credentials. Some of these addresses look public, some private."""
_NOT_PUBLIC = _networks(
    "0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)  # fmt: skip
"""IANA's special-purpose registries: unspecified, documentation, relays, multicast, reserved, Teredo and 6to4."""
_PUBLIC_IPV6 = IPv6Network("2000::/3")
"""All addresses that IANA has allocated. Excludes embedded IPv4 (::/8), link-local and multicast."""
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")
"""Marks IPv6 addresses with an embedded IPv4 address (RFC 5214 section 6.1)."""


class UnusableUrl(ValueError):
    """The URL cannot be used for a webhook. The message is for the user."""


@dataclass(frozen=True)
class Reach:
    """Which addresses this installation allows for webhooks."""

    allow_http: bool
    allow_private: bool

    @classmethod
    def of(cls, settings: Settings) -> Self:
        private = settings.webhooks_allow_private
        return cls(allow_http=private or not settings.production, allow_private=private)

    def includes(self, address: Address) -> bool:
        """Whether this IP address may be connected to."""
        if _is_in(address, _METADATA):
            return False
        if _is_in(address, _OF_THE_INSIDE):
            return self.allow_private
        if isinstance(address, IPv6Address) and (address not in _PUBLIC_IPV6 or address.packed[8:12] in _ISATAP):
            return False
        return address.is_global and not _is_in(address, _NOT_PUBLIC)


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


@dataclass(frozen=True)
class Target:
    """A parsed URL. `host` is in ASCII and without brackets; `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def of(cls, url: str, reach: Reach) -> Self:
        """Parses and validates a URL, without resolving its name. Raises UnusableUrl."""
        if len(url) > LONGEST_URL or _UNSAFE.search(url):
            raise UnusableUrl(f"Must be a URL of at most {LONGEST_URL:,} characters, without spaces and backslashes.")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise UnusableUrl("Must be a URL such as https://example.com/hooks.") from None
        if parts.scheme not in PORTS or (parts.scheme == "http" and not reach.allow_http):
            raise UnusableUrl(f"Must begin with https://{' or http://' if reach.allow_http else ''}.")
        if "@" in parts.netloc:
            raise UnusableUrl("Must not contain a user name or a password.")
        if port == 0:
            raise UnusableUrl("Must have a port from 1 to 65535, or none.")
        path = quote(parts.path or "/", safe=_KEPT_IN_A_PATH)
        query = f"?{quote(parts.query, safe=_KEPT_IN_A_PATH)}" if parts.query else ""
        made = _host_of(host, reach, bracketed=parts.netloc.startswith("["))
        return cls(parts.scheme, made, port or PORTS[parts.scheme], path + query)


def _host_of(host: str, reach: Reach, *, bracketed: bool) -> str:
    """Returns the host in ASCII. Raises UnusableUrl unless it is a public name or a public address in usual form."""
    if bracketed:
        _refuse_inside(_address(host), reach)
        return host
    name = _in_ascii(host).removesuffix(".")
    if not _NAME.fullmatch(name):
        raise UnusableUrl("Must have a host name such as example.com.")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):  # resolvers treat it as an IPv4 address
        _refuse_inside(_address(name), reach)
    elif not reach.allow_private and ("." not in name or name.endswith(tuple(f".{each}" for each in _LOCAL_NAMES))):
        raise UnusableUrl("Must be a public address: this name belongs to a local network.")
    return name


def _in_ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise UnusableUrl("Must have a host name such as example.com.") from None


def _address(text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError:
        raise UnusableUrl("Must have an IP address in its usual form, such as 192.0.2.7 or [2001:db8::7].") from None


def _refuse_inside(address: Address, reach: Reach) -> None:
    if not reach.includes(address):
        raise UnusableUrl("Must be a public address: this one is private, local or reserved.")
