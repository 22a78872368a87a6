"""The scopes that routes require and API keys have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

ACCOUNT: Final = "account"
READ: Final = "content:read"
WRITE: Final = "content:write"
GENERATE: Final = "generate"

KEY_SCOPES = (READ, WRITE, GENERATE)
"""The scopes an API key can have. They never include accounts, sessions, passwords, keys and webhooks."""
SESSION_SCOPES = frozenset({ACCOUNT, *KEY_SCOPES})
"""The scopes of a login session: all."""
BY_METHOD: Mapping[str, str] = {"GET": READ, "POST": WRITE, "PUT": WRITE, "PATCH": WRITE, "DELETE": WRITE}
"""The default scopes of routes about contents."""


def refusal_of(scope: str) -> str:
    """Returns what a key without this scope is told."""
    if scope == ACCOUNT:
        return "API keys may not do this - log in instead"
    return f"This API key may not do this - it needs the scope {scope}"


def scope_of(view: Callable[..., Any]) -> str:
    """Returns the scope that a view requires. The default, ACCOUNT, is not available to keys."""
    return getattr(view, "scope", ACCOUNT)
