"""/api/auth: registration, login, refresh, logout, profile, sessions, password."""

from __future__ import annotations

from typing import Any

from flask import g, request

from app.auth.cookies import (
    TRANSPORT_PARAMETER,
    clear_refresh_cookie,
    given_refresh_token,
    set_refresh_cookie,
    wants_cookie,
)
from app.auth.schemas import (
    LoggedInSchema,
    LoginSchema,
    MeSchema,
    PasswordChangeSchema,
    ProfileSchema,
    RefreshTokenSchema,
    RegistrationSchema,
    SessionListSchema,
)
from app.auth.service import AuthService, Client, LoggedIn
from app.config import Settings
from app.errors import Conflict, Forbidden, NotFound, Unauthenticated
from app.http.blueprint import LEFT_OUT, ApiBlueprint, public
from app.services import service

blueprint = ApiBlueprint("auth", __name__, url_prefix="/api/auth", description="Accounts and sessions")
_USER = {"user.role": LEFT_OUT}


def _auth() -> AuthService:
    return service(AuthService)


def _client() -> Client:
    return Client(request.headers.get("User-Agent", ""), request.remote_addr or "")


def _shown(session: LoggedIn) -> dict[str, Any]:
    """Returns the response data. The refresh token is in it or, if requested, in the cookie."""
    data = {"user": session.user, "access_token": session.access_token}
    if wants_cookie():
        set_refresh_cookie(session.refresh_token, service(Settings).jwt_refresh_expiration)
        return data
    return data | {"refresh_token": session.refresh_token}


@blueprint.route("/register", methods=["POST"], parameters=[TRANSPORT_PARAMETER])
@blueprint.arguments(RegistrationSchema)
@blueprint.answers(
    201, LoggedInSchema, "User registered successfully", raises=(Conflict,), example=_USER, location="/api/auth/me"
)
@public
def register(body: dict[str, str]) -> dict[str, Any]:
    """Create an account and log in."""
    return _shown(_auth().register(**body, client=_client()))


@blueprint.route("/login", methods=["POST"], parameters=[TRANSPORT_PARAMETER])
@blueprint.arguments(LoginSchema)
@blueprint.answers(200, LoggedInSchema, "Login successful", raises=(Unauthenticated,), example=_USER)
@public
def login(body: dict[str, str]) -> dict[str, Any]:
    """Log in with email and password."""
    return _shown(_auth().login(**body, client=_client()))


@blueprint.route("/refresh", methods=["POST"], parameters=[TRANSPORT_PARAMETER])
@blueprint.route("/refresh-token", methods=["POST"], parameters=[TRANSPORT_PARAMETER])
@blueprint.arguments(RefreshTokenSchema, required=False)
@blueprint.answers(
    200, LoggedInSchema, "Access token refreshed successfully", raises=(Unauthenticated, Forbidden), example=_USER
)
@public
def refresh(body: dict[str, str | None]) -> dict[str, Any]:
    """Exchange a refresh token for a new pair of tokens."""
    return _shown(_auth().refresh(given_refresh_token(body["refresh_token"]), _client()))


@blueprint.route("/logout", methods=["POST"], parameters=[TRANSPORT_PARAMETER])
@blueprint.arguments(RefreshTokenSchema, required=False)
@blueprint.answers(200, None, "Logged out successfully", raises=(Unauthenticated, Forbidden))
@public
def logout(body: dict[str, str | None]) -> None:
    """End the session of a refresh token."""
    token = given_refresh_token(body["refresh_token"])
    clear_refresh_cookie()
    _auth().logout(token)


@blueprint.route("/me", methods=["GET"])
@blueprint.answers(200, MeSchema, "User retrieved successfully", raises=(NotFound,), example=_USER)
def me() -> dict[str, Any]:
    """Get your account."""
    return {"user": _auth().get_user(g.user_id)}


@blueprint.route("/me", methods=["PUT"])
@blueprint.arguments(ProfileSchema)
@blueprint.answers(200, MeSchema, "Profile updated successfully", raises=(NotFound,), example=_USER)
def change_profile(body: dict[str, Any]) -> dict[str, Any]:
    """Update your name and preferences. Omitted fields keep their values."""
    return {"user": _auth().change_profile(g.user_id, **body)}


@blueprint.route("/sessions", methods=["GET"])
@blueprint.answers(200, SessionListSchema, "Sessions retrieved successfully")
def list_sessions() -> dict[str, Any]:
    """List your sessions, most recently used first."""
    shown = ("id", "device", "address", "created_at", "last_used_at")
    sessions = [{name: getattr(each, name) for name in shown} for each in _auth().sessions(g.user_id)]
    return {"sessions": [each | {"current": each["id"] == g.principal.session_id} for each in sessions]}


@blueprint.route("/sessions/<session_id>", methods=["DELETE"])
@blueprint.answers(204)
def end_session(session_id: str) -> None:
    """Log out one of your sessions."""
    _auth().end_session(g.user_id, session_id)


@blueprint.route("/sessions", methods=["DELETE"])
@blueprint.answers(204)
def end_all_sessions() -> None:
    """Log out everywhere, including here."""
    clear_refresh_cookie()
    _auth().end_all_sessions(g.user_id)


@blueprint.route("/password", methods=["POST"])
@blueprint.arguments(PasswordChangeSchema)
@blueprint.answers(200, None, "Password changed successfully", raises=(NotFound,))
def change_password(body: dict[str, str]) -> None:
    """Change your password. All your other sessions are logged out."""
    _auth().change_password(g.user_id, g.principal.session_id, body["current_password"], body["new_password"])
