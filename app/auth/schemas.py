"""The request and response schemas of the auth routes."""

from __future__ import annotations

import re
import unicodedata
from itertools import permutations
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_dump, validate

from app.auth.common_passwords import is_common
from app.auth.names import MAX_NAME, NAME_PATTERN, check_name
from app.auth.passwords import LONGEST_TYPED, MAX_BYTES, normalised
from app.emails import MAX_EMAIL, canonical, is_too_long
from app.http.envelope import MOMENT, Moment
from app.http.fields import Text, one_of
from app.typed_text import UnusableText, composed, refuse_long_runs_of_marks

MIN_PASSWORD = 8
APPEARANCES = ("system", "light", "dark")
LONGEST_PREFERENCE = 60
MAX_GIVEN = 1000
"""The maximum length of passwords and tokens that are only compared. Longer than any that matches."""
_EXAMPLE_TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI1MDdmIn0.Q2hlY2sgdGhpcw"  # noqa: S105  # nobody's
_NAME = {
    "minLength": 1,
    "maxLength": MAX_NAME,
    "pattern": NAME_PATTERN,
    "description": "Letters of any script, spaces, hyphens, apostrophes, full stops, commas; ordinals such as `3rd`.",
}
_IN_A_PASSWORD = (r"[A-Z\u00c0-\u00d6\u00d8-\u00de]", r"[a-z\u00df-\u00f6\u00f8-\u00ff]", "[0-9]")
"""Latin-1 only, for the reference, because regular expression dialects differ for other scripts."""
_MOSTLY_FITS = 32
"""JSON Schema cannot count bytes: so many characters that are not all ASCII seldom have more than 72."""
PASSWORD = {
    "example": "SecurePass123",
    "format": "password",
    "minLength": MIN_PASSWORD,
    "maxLength": MAX_BYTES,
    "pattern": "|".join("[\\s\\S]*".join(each) for each in permutations(_IN_A_PASSWORD)),
    "allOf": [{"pattern": rf"^(?:[\x00-\x7f]*|[\s\S]{{0,{_MOSTLY_FITS}}})$"}],
    "description": "8 characters to 72 bytes in UTF-8 (up to 4 for a character), with an upper-case letter, a "
    "lower-case letter and a digit, of any script. Common passwords are rejected.",
}
_EMAIL = {"example": "user@example.com", "format": "email", "maxLength": MAX_EMAIL}
_LOOKS_LIKE_AN_EMAIL = re.compile(r"[^\s\x00]+@[^\s\x00@]+")


class Name(fields.String):
    """A person's name, stripped and in NFC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        try:
            name = composed(text, MAX_NAME)
            check_name(name)
        except UnusableText as error:
            raise ValidationError(str(error)) from None
        return name


class Email(fields.String):
    """An email address, loaded in its canonical form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        try:
            return canonical(text)
        except UnusableText as error:
            raise ValidationError(str(error)) from None


def check_known_email(email: str) -> None:
    """Validates an email address by the current rules or those of earlier releases."""
    if is_too_long(email) or not _LOOKS_LIKE_AN_EMAIL.fullmatch(email.strip()):
        raise ValidationError("Not a valid email address.")


class NewPassword(fields.String):
    """A new password that meets the rules, loaded in its normalised form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        if len(text) > LONGEST_TYPED:
            raise ValidationError(f"Must be at most {MAX_BYTES} bytes.")
        try:
            refuse_long_runs_of_marks(text)
        except UnusableText as error:
            raise ValidationError(str(error)) from None
        password = normalised(text)
        check_password(password)
        return password


def check_password(password: str) -> None:
    """Requires 8 characters to 72 bytes, an upper-case letter, a lower-case letter and a digit; rejects common ones.

    Letters and digits are those of the Unicode categories Lu, Ll and Nd, as in the app: `²` is not a digit.
    """
    if len(password) < MIN_PASSWORD:
        raise ValidationError(f"Must be at least {MIN_PASSWORD} characters.")
    if len(password.encode()) > MAX_BYTES:
        raise ValidationError(f"Must be at most {MAX_BYTES} bytes.")
    categories = set(map(unicodedata.category, password))
    if not {"Lu", "Ll"} <= categories:
        raise ValidationError("Must contain an upper-case and a lower-case letter.")
    if "Nd" not in categories:
        raise ValidationError("Must contain a digit.")
    if is_common(password):
        raise ValidationError("Is too easy to guess - please choose a less common password.")


class RegistrationSchema(Schema):
    """Body of POST /auth/register."""

    email = Email(required=True, metadata=_EMAIL)
    password = NewPassword(required=True, metadata=PASSWORD)
    first_name = Name(required=True, data_key="firstName", metadata=_NAME | {"example": "José"})
    last_name = Name(required=True, data_key="lastName", metadata=_NAME | {"example": "O'Brien"})


class LoginSchema(Schema):
    """Body of POST /auth/login. Accepts emails of existing accounts that registration would no longer accept."""

    email = fields.String(required=True, validate=check_known_email, metadata=_EMAIL)
    password = fields.String(
        required=True,
        validate=validate.Length(min=1, max=MAX_GIVEN),
        metadata={"example": "SecurePass123", "format": "password"},
    )


class RefreshTokenSchema(Schema):
    """Body of POST /auth/refresh and /auth/logout. Empty if the token is in the cookie."""

    body_may_be_absent = True

    refresh_token = fields.String(
        load_default=None,
        validate=validate.Length(min=1, max=MAX_GIVEN),
        metadata={
            "description": "Omit it, or the whole body, if the token is in the cookie (`X-Auth-Transport: cookie`).",
            "examples": [_EXAMPLE_TOKEN],
        },
    )


class PreferencesSchema(Schema):
    """A user's preferences: the app's appearance, and the defaults for new texts."""

    appearance = one_of(APPEARANCES, allow_none=True)
    content_type = Text(LONGEST_PREFERENCE, allow_none=True, data_key="contentType", metadata={"example": "blog"})
    tone = Text(LONGEST_PREFERENCE, allow_none=True, metadata={"example": "calm, concrete"})
    language = Text(LONGEST_PREFERENCE, allow_none=True, metadata={"example": "en-GB"})


def _check_given(preferences: dict[str, Any]) -> None:
    if not preferences:
        raise ValidationError("Give at least one preference.")


class ProfileSchema(Schema):
    """Body of PUT /auth/me: at least one field. A preference of null is removed."""

    json_schema: ClassVar = {"minProperties": 1}

    first_name = Name(data_key="firstName", metadata=_NAME | {"example": "José"})
    last_name = Name(data_key="lastName", metadata=_NAME | {"example": "O'Brien"})
    preferences = fields.Nested(PreferencesSchema, validate=_check_given, metadata={"minProperties": 1})


class UserSchema(Schema):
    """A user in a response."""

    id = fields.String(required=True, metadata={"example": "507f191e810c19729de860ea"})
    email = fields.String(required=True, metadata={"example": "user@example.com"})
    first_name = fields.String(required=True, data_key="firstName", metadata={"example": "José"})
    last_name = fields.String(required=True, data_key="lastName", metadata={"example": "O'Brien"})
    full_name = fields.String(required=True, data_key="fullName", metadata={"example": "José O'Brien"})
    preferences = fields.Nested(PreferencesSchema, metadata={"description": "omitted if there are none"})
    role = fields.String(metadata={"enum": ["admin"], "description": "only present for operators"})

    @post_dump
    def _given(self, user: dict[str, Any], **_: Any) -> dict[str, Any]:
        if not user.get("preferences"):
            user.pop("preferences", None)
        if not user.get("role"):
            user.pop("role", None)
        return user


class LoggedInSchema(Schema):
    """A logged-in user with tokens. `refresh_token` is omitted if it is in the cookie."""

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
        validate=validate.Length(min=1, max=MAX_GIVEN),
        metadata={"example": "SecurePass123", "format": "password"},
    )
    new_password = NewPassword(
        required=True, data_key="newPassword", metadata=PASSWORD | {"example": "OwlsFlyAtNight7"}
    )


class SessionSchema(Schema):
    """A session. `current` is true for the session of the request's access token."""

    id = fields.String(required=True, metadata={"example": "9c5b94b1f7c84d24a7d2b8f7c0a9e5d1"})
    device = fields.String(required=True, metadata={"example": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"})
    address = fields.String(required=True, metadata={"example": "192.0.2.17"})
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)
    last_used_at = Moment(required=True, data_key="lastUsedAt", metadata=MOMENT)
    current = fields.Boolean(required=True, metadata={"example": True})


class SessionListSchema(Schema):
    sessions = fields.List(fields.Nested(SessionSchema), required=True)
