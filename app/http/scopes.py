"""What a request may do: the scopes that routes name, and of which an API key has some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

ACCOUNT: Final = "account"
READ: Final = "content:read"
WRITE: Final = "content:write"
GENERATE: Final = "generate"

KEY_SCOPES = (READ, WRITE, GENERATE)
"""What an API key may be allowed to do. Accounts, sessions, passwords, keys and webhooks are never among it."""
SESSION_SCOPES = frozenset({ACCOUNT, *KEY_SCOPES})
"""What a person who is logged in may do: everything with what is theirs."""
BY_METHOD: Mapping[str, str] = {"GET": READ, "POST": WRITE, "PUT": WRITE, "PATCH": WRITE, "DELETE": WRITE}
"""Of routes that are about contents and name no other scope."""


def scope_of(view: Callable[..., Any]) -> str:
    """The scope that a view needs: of one that names none, no key has it."""
    return getattr(view, "scope", ACCOUNT)
