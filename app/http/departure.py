"""Whether a client is still there, for answers that wait long before they have something to say."""

from __future__ import annotations

import socket
from typing import Any


def has_left(client: Any) -> bool:
    """Whether the client of a connection has closed it; False when there is no telling. Never waits."""
    plain = getattr(client, "fd", client)  # below eventlet's socket, which would wait
    if plain is None:
        return False
    try:
        return bool(plain.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b"")
    except BlockingIOError:
        return False
    except OSError:
        return True
