"""Groups client addresses for limits."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address

REMEMBERED = 4096
LONGEST = 64
ONE_HOST = 64
"""The prefix length within which a host can choose its address freely (RFC 4291 section 2.5.4)."""

_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")
"""Addresses with a port, as some proxies write into X-Forwarded-For. The port differs for each connection."""


@lru_cache(REMEMBERED)
def place_of(address: str | None) -> str:
    """Returns the normalised key under which an address is counted.

    IPv6 addresses are grouped by /64. An IPv4 address embedded in an IPv6 one (mapped or 6to4) counts as IPv4.
    """
    text = (address or "unknown").strip()[:LONGEST]
    if with_port := _WITH_PORT.fullmatch(text):
        text = with_port[1] or with_port[2]
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return text
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    inside = parsed.ipv4_mapped or parsed.sixtofour
    return str(inside or IPv6Network((parsed, ONE_HOST), strict=False))
