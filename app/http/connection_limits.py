"""How long a client's connection may take for what, and how much one request may send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """In seconds and bytes; these are the values of the product, others are for its tests."""

    first_byte: float = 20.0
    header: float = 20.0
    body: float = 20.0
    keep_alive: float = 75.0
    taking: float = 60.0
    """How long a client may take no byte of its answer."""
    request_bytes: int = 8 * 1024 * 1024
    """What one request may send, whatever its headers say; the application's own limits are lower."""


OF_THE_PRODUCT = Limits()
