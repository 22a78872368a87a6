"""What the auth routes read and write."""

from __future__ import annotations

import unicodedata
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.auth.common_passwords import is_common
from app.auth.passwords import MAX_BYTES
from app.http.envelope import MOMENT, Moment

MIN_PASSWORD = 8
MAX_NAME = 50
_EXAMPLE_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI1MDdmIn0.Q2hlY2sgdGhpcw"  # noqa: S105  # nobody's
_NAME = {"minLength": 1, "maxLength": MAX_NAME, "description": "Letters of any script, spaces, hyphens, apostrophes."}
_PASSWORD = {
    "example": "SecurePass123",
    "format": "password",
    "minLength": MIN_PASSWORD,
    "maxLength": MAX_BYTES,
    "description": "8 characters to 72 bytes, with upper case, lower case and a digit. Common ones are refused.",
}
_NAME_PUNCTUATION = " -'\u2019\u02bc.\u00b7\u200c\u200d"  # the last two join letters in Persian and Indic names


class Trimmed(fields.String):
    """A string without the white space around it, in Unicode's composed form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return unicodedata.normalize("NFC", str(super()._deserialize(value, attr, data, **kwargs))).strip()


class Email(fields.Email):
    """An email address, trimmed and in lower case."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = value.strip().lower() if isinstance(value, str) else value
        return str(super()._deserialize(text, attr, data, **kwargs))


def check_name(name: str) -> None:
    """1-50 characters: letters and marks of any script, spaces, hyphens, apostrophes, full stops."""
    if not 1 <= len(name) <= MAX_NAME:
        raise ValidationError(f"Must be 1 to {MAX_NAME} characters.")
    letters = [character for character in name if unicodedata.category(character)[0] in "LM"]
    if not letters or any(c not in _NAME_PUNCTUATION and unicodedata.category(c)[0] not in "LM" for c in name):
        raise ValidationError("May hold letters, spaces, hyphens and apostrophes only.")


def check_password(password: str) -> None:
    """8 characters to 72 bytes, with an upper-case letter, a lower-case letter and a digit; not a common one."""
    if len(password) < MIN_PASSWORD:
        raise ValidationError(f"Must be at least {MIN_PASSWORD} characters.")
    if len(password.encode()) > MAX_BYTES:
        raise ValidationError(f"Must be at most {MAX_BYTES} bytes.")
    if not (any(c.isupper() for c in password) and any(c.islower() for c in password)):
        raise ValidationError("Must contain an upper-case and a lower-case letter.")
    if not any(c.isdigit() for c in password):
        raise ValidationError("Must contain a digit.")
    if is_common(password):
        raise ValidationError("Is too easy to guess - please choose a less common password.")


class RegistrationSchema(Schema):
    """Body of POST /auth/register."""

    email = Email(required=True, validate=validate.Length(max=254), metadata={"example": "user@example.com"})
    password = fields.String(
        required=True,
        validate=check_password,
        metadata=_PASSWORD,
    )
    first_name = Trimmed(required=True, data_key="firstName", validate=check_name, metadata=_NAME | {"example": "José"})
    last_name = Trimmed(
        required=True, data_key="lastName", validate=check_name, metadata=_NAME | {"example": "O'Brien"}
    )


class LoginSchema(Schema):
    """Body of POST /auth/login."""

    email = Email(required=True, validate=validate.Length(max=254), metadata={"example": "user@example.com"})
    password = fields.String(
        required=True,
        validate=validate.Length(min=1, max=4096),
        metadata={"example": "SecurePass123", "format": "password"},
    )


class RefreshTokenSchema(Schema):
    """Body of POST /auth/refresh and /auth/logout; empty when the token comes in the cookie."""

    body_may_be_absent = True

    refresh_token = fields.String(
        load_default=None,
        validate=validate.Length(min=1, max=4096),
        metadata={"description": "Required, unless the cookie carries it.", "examples": [_EXAMPLE_TOKEN]},
    )


class UserSchema(Schema):
    """A person, as shown."""

    id = fields.String(required=True, metadata={"example": "507f191e810c19729de860ea"})
    email = fields.String(required=True, metadata={"example": "user@example.com"})
    first_name = fields.String(required=True, data_key="firstName", metadata={"example": "José"})
    last_name = fields.String(required=True, data_key="lastName", metadata={"example": "O'Brien"})
    full_name = fields.String(required=True, data_key="fullName", metadata={"example": "José O'Brien"})


class LoggedInSchema(Schema):
    """A person who is logged in. `refresh_token` is left out when it travels in the cookie."""

    user = fields.Nested(UserSchema, required=True)
    access_token = fields.String(required=True, metadata={"example": _EXAMPLE_TOKEN})
    refresh_token = fields.String(metadata={"example": _EXAMPLE_TOKEN})


class MeSchema(Schema):
    user = fields.Nested(UserSchema, required=True)


class PasswordChangeSchema(Schema):
    """Body of POST /auth/password."""

    current_password = fields.String(
        required=True,
        data_key="currentPassword",
        validate=validate.Length(min=1, max=4096),
        metadata={"example": "SecurePass123", "format": "password"},
    )
    new_password = fields.String(
        required=True,
        data_key="newPassword",
        validate=check_password,
        metadata=_PASSWORD | {"example": "OwlsFlyAtNight7"},
    )


class SessionSchema(Schema):
    """One login. `current`: the one that this request's access token belongs to."""

    id = fields.String(required=True, metadata={"example": "9c5b94b1f7c84d24a7d2b8f7c0a9e5d1"})
    device = fields.String(required=True, metadata={"example": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"})
    address = fields.String(required=True, metadata={"example": "192.0.2.17"})
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)
    last_used_at = Moment(required=True, data_key="lastUsedAt", metadata=MOMENT)
    current = fields.Boolean(required=True, metadata={"example": True})


class SessionListSchema(Schema):
    sessions = fields.List(fields.Nested(SessionSchema), required=True)
