"""Registration, login, sessions, password and profile."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.auth.models import RefreshToken, Session, User
from app.auth.passwords import MAX_BYTES, PasswordHasher, normalised
from app.auth.tokens import NewRefreshToken, RefreshTokens, issue_access_token
from app.clock import utcnow
from app.errors import AccountDisabled, FieldError, InvalidInput, NotFound, Unauthenticated

REUSE_GRACE = timedelta(seconds=10)
"""How long a used token is accepted again, because two tabs may refresh with the same token at once."""
MOST_REFRESHES_IN_GRACE = 100
"""The maximum number of successive refreshes during REUSE_GRACE."""


@dataclass(frozen=True)
class Client:
    """The User-Agent and the address of a request."""

    device: str
    address: str


@dataclass(frozen=True)
class LoggedIn:
    """A logged-in user with their tokens."""

    user: User
    access_token: str
    refresh_token: str
    session_id: str


class AuthService:
    """Operations on accounts and sessions."""

    def __init__(self, passwords: PasswordHasher, refresh_tokens: RefreshTokens) -> None:
        self._passwords = passwords
        self._refresh_tokens = refresh_tokens

    def register(self, email: str, password: str, first_name: str, last_name: str, client: Client) -> LoggedIn:
        """Registers a user and logs them in. Raises Conflict if the email is taken."""
        user = User.register(
            email=email, password_hash=self._passwords.hash(password), first_name=first_name, last_name=last_name
        )
        return self._open_session(user, client)

    def login(self, email: str, password: str, client: Client) -> LoggedIn:
        """Logs a user in. Raises Unauthenticated, identically for a wrong password and an unknown email.

        With the right password of a disabled account, raises AccountDisabled.
        """
        user = User.with_email(email)
        proven = self._passwords.matching_form(password, user.password_hash if user else None)
        if user is None or proven is None:
            raise Unauthenticated("Invalid email or password")
        if user.disabled_at:
            raise AccountDisabled
        opened = self._open_session(user, client)
        if not User.still_has_password(user):  # it was changed, revoking all sessions, while this one was created
            Session.revoke(opened.session_id)
            raise Unauthenticated("Invalid email or password")
        if proven != normalised(proven) and len(normalised(proven).encode()) <= MAX_BYTES:
            User.change_password(user, self._passwords.hash(proven))  # an earlier release hashed it as typed
        return opened

    def refresh(self, refresh_token: str, client: Client) -> LoggedIn:
        """Exchanges a refresh token for a new pair. Raises Unauthenticated; a reused token revokes its session.

        Uses of the same token within the grace period return the same new refresh token, so a session never has more
        than one unused token.
        """
        token_hash = self._refresh_tokens.check(refresh_token)
        token = RefreshToken.rotate(token_hash) or self._used_just_now(token_hash)
        user = User.with_id(str(token.user_id))
        if user is None or user.disabled_at:
            raise Unauthenticated("Invalid refresh token")
        expires_at = utcnow() + self._refresh_tokens.lifetime
        if Session.use(token.family_id, client.device, client.address, expires_at) is None:
            raise Unauthenticated("The session has ended - please log in again")
        following = self._newest_after(refresh_token, token)
        return LoggedIn(user, issue_access_token(str(user.id), token.family_id), following.text, token.family_id)

    def logout(self, refresh_token: str) -> None:
        """Revokes the session of a refresh token. Idempotent. Raises Unauthenticated."""
        token = RefreshToken.with_hash(self._refresh_tokens.check(refresh_token))
        if token is None:
            raise Unauthenticated("Invalid refresh token")
        Session.revoke(token.family_id)

    def sessions(self, user_id: str) -> list[Session]:
        """Returns the user's live sessions, most recently used first."""
        return Session.live_of(user_id)

    def end_session(self, user_id: str, session_id: str) -> None:
        """Revokes a session. Raises NotFound unless it is a live session of this user."""
        if not Session.revoke_own(user_id, session_id):
            raise NotFound("Session not found")

    def end_all_sessions(self, user_id: str) -> None:
        """Revokes all sessions of the user, including the current one."""
        Session.revoke_all(user_id)

    def change_password(self, user_id: str, session_id: str, current: str, new: str) -> None:
        """Replaces the password and revokes all other sessions. Raises InvalidInput if `current` is wrong."""
        user = self.get_user(user_id)
        proven = self._passwords.matches(current, user.password_hash)
        if not proven or not User.change_password(user, self._passwords.hash(new)):
            raise InvalidInput([FieldError("currentPassword", "This is not your current password.")])
        Session.revoke_all(user.id, but=session_id)

    def change_profile(self, user_id: str, preferences: dict[str, str | None] | None = None, **names: str) -> User:
        """Changes names and preferences. Raises InvalidInput if nothing is given, or NotFound."""
        if not names and not preferences:
            raise InvalidInput([FieldError("body", "Give at least one field to change.")])
        self.get_user(user_id)
        changed = User.change_profile(user_id, names, preferences or {})
        if changed is None:
            raise NotFound("User not found")
        return changed

    def get_user(self, user_id: str) -> User:
        """Returns the user. Raises NotFound if the account was deleted."""
        user = User.with_id(user_id)
        if user is None:
            raise NotFound("User not found")
        return user

    def _used_just_now(self, token_hash: str) -> RefreshToken:
        """Returns a token used within REUSE_GRACE. A later reuse counts as theft and revokes the session."""
        token = RefreshToken.with_hash(token_hash)
        if token is None:
            raise Unauthenticated("Invalid refresh token")
        if token.rotated_at and utcnow() - token.rotated_at <= REUSE_GRACE:
            return token
        Session.revoke(token.family_id)
        raise Unauthenticated("Refresh token was already used - please log in again")

    def _newest_after(self, text: str, token: RefreshToken) -> NewRefreshToken:
        """Returns the first unused successor of a used token."""
        for _ in range(MOST_REFRESHES_IN_GRACE):
            if token.rotated_at is None:
                break
            following = self._refresh_tokens.successor(text, str(token.user_id), token.rotated_at)
            token = _stored(following, token.user_id, token.family_id)
            if token.rotated_at is None:
                return following
            text = following.text
        raise Unauthenticated("Invalid refresh token")

    def _open_session(self, user: User, client: Client) -> LoggedIn:
        first = self._refresh_tokens.issue(str(user.id))
        session = Session.open(uuid.uuid4().hex, user.id, client.device, client.address, first.expires_at)
        _stored(first, user.id, session.id)
        return LoggedIn(user, issue_access_token(str(user.id), session.id), first.text, session.id)


def _stored(token: NewRefreshToken, user_id: Any, session_id: str) -> RefreshToken:
    return RefreshToken.keep(token.token_hash, user_id=user_id, family_id=session_id, expires_at=token.expires_at)
