"""Who sends a request or opens a socket: its access token, checked against what was revoked."""

from __future__ import annotations

from flask import Flask, g, request

from app.auth.principal import AccessClaims, Principal
from app.auth.revocation import Revocation
from app.auth.tokens import AccessTokens
from app.errors import Unauthenticated
from app.http.blueprint import is_public
from app.http.request_context import bearer_token


class Authenticator:
    """Tells from an access token whose it is."""

    def __init__(self, tokens: AccessTokens, revocation: Revocation) -> None:
        self._tokens = tokens
        self._revocation = revocation

    def authenticate(self, token: object) -> AccessClaims:
        """What a token proves. Raises Unauthenticated, or Unavailable while nobody can say what was revoked."""
        claims = self._tokens.read(token)
        self._revocation.refuse(claims.principal)
        return claims

    def has_ended(self, principal: Principal) -> bool:
        """Whether the session is known to have ended."""
        return self._revocation.covers(principal)

    def stop(self) -> None:
        """Ends the reading of what was revoked, before the application's log and servers go."""
        self._revocation.stop()

    def user_id_of_request(self) -> str | None:
        """Whose budget the current request is counted against; None for one that proves nothing. Never waits.

        A browser's OPTIONS before a request across origins carries no token, and needs none.
        """
        if request.method == "OPTIONS":
            return None
        try:
            principal = self._tokens.read(bearer_token()).principal
        except Unauthenticated:
            return None
        return None if self.has_ended(principal) else principal.user_id


def require_authentication(app: Flask, authenticator: Authenticator) -> None:
    """Every request to a view that is not marked `public` proves who sends it; `g.principal` then says who.

    `g.user_id` is the principal's, for views and log lines that need no more.
    """

    @app.before_request
    def authenticate() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if view is not None and request.method != "OPTIONS" and not is_public(view):
            g.principal = authenticator.authenticate(bearer_token()).principal
            g.user_id = g.principal.user_id
