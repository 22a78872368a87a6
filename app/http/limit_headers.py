"""The response headers RateLimit-Policy and RateLimit.

See https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/11/: lists of structured fields, one item for
each policy that applies to the request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response

POLICY, STANDING = "RateLimit-Policy", "RateLimit"


@dataclass(frozen=True)
class Standing:
    """A policy of `quota` requests per `window` seconds, with `remaining` ones for the next `seconds`."""

    name: str
    quota: int
    window: int
    remaining: int
    seconds: int


def announce(response: Response, standings: Iterable[Standing]) -> None:
    """Appends policies to the response's headers."""
    for each in standings:
        _append(response, POLICY, f'"{each.name}";q={each.quota};w={each.window}')
        _append(response, STANDING, f'"{each.name}";r={max(0, each.remaining)};t={max(0, each.seconds)}')


def _append(response: Response, header: str, item: str) -> None:
    before = response.headers.get(header)
    response.headers[header] = f"{before}, {item}" if before else item
