"""/api/auth/keys: create, list and revoke API keys."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, ValidationError, fields, validate

from app.auth.api_keys import ApiKey
from app.auth.key_service import ApiKeys
from app.errors import Conflict, NotFound
from app.http.blueprint import ApiBlueprint
from app.http.envelope import MOMENT, Moment
from app.http.fields import Text, WholeNumber, shown
from app.http.scopes import KEY_SCOPES
from app.services import service

MAX_NAME = 60
LONGEST_DAYS = 365
_EXAMPLE_KEY = "acg_7hK2mPq9RsTuVwXyZ1a2B3c4D5e6F7g80aB1cD"  # nobody's


def _scopes() -> fields.List[str]:
    one_of = validate.OneOf(KEY_SCOPES, error=f"Must be one of: {', '.join(KEY_SCOPES)}.")
    each = fields.String(validate=one_of)
    return fields.List(
        each,
        required=True,
        validate=[validate.Length(1, len(KEY_SCOPES), error="Give at least one scope."), _check_unique],
        metadata={"example": list(KEY_SCOPES), "uniqueItems": True},
    )


def _check_unique(scopes: list[str]) -> None:
    if len(set(scopes)) < len(scopes):
        raise ValidationError("Name each scope once.")


class NewKeySchema(Schema):
    """Body of POST /auth/keys."""

    name = Text(MAX_NAME, required=True, metadata={"example": "Shop import"})
    scopes = _scopes()
    expires_in_days = WholeNumber(1, LONGEST_DAYS, load_default=90, data_key="expiresInDays", metadata={"example": 90})


class KeySchema(Schema):
    """An API key without its text."""

    id = fields.String(**shown("507f1f77bcf86cd799439013"))
    name = fields.String(**shown("Shop import"))
    scopes = fields.List(fields.String(), required=True, metadata={"example": list(KEY_SCOPES)})
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)
    expires_at = Moment(required=True, data_key="expiresAt", metadata=MOMENT | {"example": "2026-05-01T08:15:00.250Z"})
    last_used_at = Moment(
        required=True,
        allow_none=True,
        data_key="lastUsedAt",
        metadata={**MOMENT, "description": "accurate to the minute; null if never used"},
    )


class CreatedKeySchema(KeySchema):
    """A new key. `key` is its text, which is never shown again."""

    key = fields.String(**shown(_EXAMPLE_KEY))


class KeyListSchema(Schema):
    keys = fields.List(fields.Nested(KeySchema), required=True)


blueprint = ApiBlueprint("keys", __name__, url_prefix="/api/auth/keys", description="API keys")


def _keys() -> ApiKeys:
    return service(ApiKeys)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(NewKeySchema)
@blueprint.answers(
    201,
    CreatedKeySchema,
    "Key created successfully",
    raises=(Conflict,),
    example={"lastUsedAt": None},
    location="/api/auth/keys/{data[id]}",
)
def create(body: dict[str, Any]) -> dict[str, Any]:
    """Create an API key. Its text is only in this response. You can have 20 keys; the next is 409.

    Send it as `Authorization: Bearer <key>`, or as `auth.token` of a socket. It gives access to your data as its scopes
    allow, but never to accounts, sessions, passwords and keys.
    """
    made = _keys().create(g.user_id, **body)
    return {name: getattr(made.key, name) for name in KeySchema().fields} | {"key": made.text}


@blueprint.route("", methods=["GET"])
@blueprint.answers(200, KeyListSchema, "Keys retrieved successfully")
def list_keys() -> dict[str, list[ApiKey]]:
    """List your valid API keys, newest first."""
    return {"keys": _keys().list(g.user_id)}


@blueprint.route("/<key_id>", methods=["DELETE"])
@blueprint.answers(204, raises=(NotFound,))
def revoke(key_id: str) -> None:
    """Revoke an API key. Its sockets and streams are closed within two seconds."""
    _keys().revoke(g.user_id, key_id)
