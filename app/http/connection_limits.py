"""How long a client may take for each part of a request, and how much one request may send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """In seconds and bytes. The defaults are the product's; its tests use others."""

    first_byte: float = 20.0
    header: float = 20.0
    body: float = 20.0
    keep_alive: float = 75.0
    taking: float = 60.0
    """How long a client may go without reading any of its answer."""
    request_bytes: int = 8 * 1024 * 1024
    """The most that one request may send, whatever its headers say. The application's own limits are lower."""


OF_THE_PRODUCT = Limits()
