"""Which addresses count as the same place on the network."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address

REMEMBERED = 4096
LONGEST = 64
ONE_HOST = 64
"""Within such a network a host can choose its address freely; RFC 4291 section 2.5.4."""

_WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")
"""The form in which some proxies write into X-Forwarded-For. The port changes with every connection."""


@lru_cache(REMEMBERED)
def place_of(address: str | None) -> str:
    """The name of the place that an address belongs to. It is the same however the address is written.

    An IPv6 address counts by its /64. An IPv4 address within an IPv6 one (mapped or 6to4) counts as that IPv4 address.
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
