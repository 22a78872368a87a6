"""Authenticates requests and sockets by access token or API key, including revocation."""

from __future__ import annotations

from flask import Flask, g, request

from app.auth.key_service import ApiKeys
from app.auth.key_text import looks_like_a_key
from app.auth.principal import AccessClaims, Principal
from app.auth.revocation import Revocation
from app.auth.tokens import AccessTokens
from app.database import OUTAGES
from app.errors import InsufficientScope, Unauthenticated
from app.http.blueprint import is_public
from app.http.request_context import bearer_token
from app.http.scopes import refusal_of, scope_of

_NOBODY: tuple[type[Exception], ...] = (Unauthenticated, *OUTAGES)


class Authenticator:
    """Validates access tokens and API keys."""

    def __init__(self, tokens: AccessTokens, keys: ApiKeys, revocation: Revocation) -> None:
        self._tokens = tokens
        self._keys = keys
        self._revocation = revocation

    def authenticate(self, token: object) -> AccessClaims:
        """Returns the claims of an access token or API key.

        Raises Unauthenticated, or Unavailable while revocations could not be read yet.
        """
        claims = self._read(token)
        self._revocation.refuse(claims.principal)
        return claims

    def has_ended(self, principal: Principal) -> bool:
        """Whether the session is known to have ended."""
        return self._revocation.covers(principal)

    def stop(self) -> None:
        """Stops reading revocations, before the application's log and servers are closed."""
        self._revocation.stop()

    def user_id_of_request(self) -> str | None:
        """Returns the user whose rate limit the current request counts towards, or None without a valid token.

        An access token needs no lookup, an API key one. A browser's preflight OPTIONS carries no token.
        """
        if request.method == "OPTIONS":
            return None
        try:
            principal = self._read(bearer_token()).principal
        except _NOBODY:
            return None
        return None if self.has_ended(principal) else principal.user_id

    def _read(self, token: object) -> AccessClaims:
        if isinstance(token, str) and looks_like_a_key(token):
            return self._keys.read(token)
        return self._tokens.read(token)


def require_authentication(app: Flask, authenticator: Authenticator) -> None:
    """Requires authentication and scope for every view that is not `public`. Sets `g.principal` and `g.user_id`."""

    @app.before_request
    def authenticate() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if view is not None and request.method != "OPTIONS" and not is_public(view):
            principal = authenticator.authenticate(bearer_token()).principal
            g.principal, g.user_id = principal, principal.user_id
            if (scope := scope_of(view)) not in principal.scopes:
                raise InsufficientScope(refusal_of(scope))
