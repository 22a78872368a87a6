"""The headers RateLimit-Policy and RateLimit of answers to what is limited.

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
    """A policy, which allows `quota` in `window` seconds, and what is left of it: so much, for so many seconds."""

    name: str
    quota: int
    window: int
    remaining: int
    seconds: int


def announce(response: Response, standings: Iterable[Standing]) -> None:
    """Adds policies to those that the answer names already."""
    for each in standings:
        _append(response, POLICY, f'"{each.name}";q={each.quota};w={each.window}')
        _append(response, STANDING, f'"{each.name}";r={max(0, each.remaining)};t={max(0, each.seconds)}')


def _append(response: Response, header: str, item: str) -> None:
    before = response.headers.get(header)
    response.headers[header] = f"{before}, {item}" if before else item
