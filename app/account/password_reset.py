"""Sets a new password by means of a reset link created by an operator."""

from __future__ import annotations

from app.account.document import PasswordReset
from app.auth.api_keys import ApiKey
from app.auth.models import Session, User
from app.auth.passwords import PasswordHasher
from app.database import collection_of
from app.errors import FieldError, InvalidInput
from app.logs import get_logger

log = get_logger(__name__)

PAGE = "/reset-password"


class ResetLinkInvalid(InvalidInput):
    """The link was used, has expired, was replaced by a newer one, or never existed."""

    code = "reset_link_invalid"
    default_message = "This link has been used or is too old - ask for a new one"

    def __init__(self) -> None:
        super().__init__([FieldError("token", "Has been used, or is too old.")])


def link_for(user: User, origin: str) -> str:
    """Returns a new link for this user. The token is in the fragment, which browsers do not send to servers."""
    return f"{origin.rstrip('/')}{PAGE}#{PasswordReset.make(user.id)}"


class PasswordResets:
    def __init__(self, passwords: PasswordHasher) -> None:
        self._passwords = passwords

    def reset(self, token: str, new_password: str) -> None:
        """Sets the password of the link's user and revokes their sessions and keys. Raises ResetLinkInvalid."""
        if PasswordReset.owner_of(token) is None:  # before the costly hash
            raise ResetLinkInvalid
        hashed = self._passwords.hash(new_password)
        owner = PasswordReset.use(token)
        own = {"_id": owner, "deleting_at": None}
        if owner is None or not collection_of(User).update_one(own, {"$set": {"password_hash": hashed}}).matched_count:
            raise ResetLinkInvalid
        Session.revoke_all(owner)
        ApiKey.revoke_all(owner)
        log.info("password set with a link", user_id=str(owner))
