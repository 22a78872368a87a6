"""Detects whether a client has disconnected, for long-lived responses."""

from __future__ import annotations

import socket
from typing import Any


def has_disconnected(client: Any) -> bool:
    """Whether the client has closed its connection. False if unknown. Never blocks."""
    plain = getattr(client, "fd", client)  # the plain socket, because eventlet's would block
    if plain is None:
        return False
    try:
        return bool(plain.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"")
    except BlockingIOError:
        return False
    except OSError:
        return True
