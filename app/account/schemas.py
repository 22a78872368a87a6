"""The request schemas of the account routes."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from app.auth.schemas import MAX_GIVEN, PASSWORD, NewPassword

_EXAMPLE_TOKEN = "p3Zk0q8yT1vX5sR7uW9aBcDeFgHiJkLmNoPqRsTuVwX"  # noqa: S105  # nobody's


class AccountDeletionSchema(Schema):
    """Body of DELETE /auth/me."""

    password = fields.String(
        required=True,
        validate=validate.Length(min=1, max=MAX_GIVEN),
        metadata={"example": "SecurePass123", "format": "password"},
    )


class PasswordResetSchema(Schema):
    """Body of POST /auth/password/reset."""

    token = fields.String(
        required=True,
        validate=validate.Length(min=1, max=MAX_GIVEN),
        metadata={"example": _EXAMPLE_TOKEN, "description": "What follows the # in the link."},
    )
    new_password = NewPassword(
        required=True, data_key="newPassword", metadata=PASSWORD | {"example": "OwlsFlyAtNight7"}
    )
