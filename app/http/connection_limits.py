"""Limits on the duration of each part of a request, and on its size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits in seconds and bytes."""

    first_byte: float = 20.0
    header: float = 20.0
    body: float = 20.0
    keep_alive: float = 75.0
    taking: float = 60.0
    """How long a client may go without reading any of the response."""
    request_bytes: int = 8 * 1024 * 1024
    """The maximum size of a request, whatever its headers say. The application's own limits are lower."""


OF_THE_PRODUCT = Limits()
