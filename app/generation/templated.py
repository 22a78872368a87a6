"""Expands a request that names a template into title, content type and prompt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from app.content.schemas import PieceSchema
from app.errors import FieldError, InvalidInput
from app.templates.service import Templates

_PIECE = PieceSchema()


def from_template(templates: Templates, user_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Returns the expanded request. A brief or tags in the request override the template's.

    Raises NotFound, or InvalidInput if a variable has no value or an expanded text is too long.
    """
    if "template_id" not in body:
        return body
    rest = {name: value for name, value in body.items() if name not in {"template_id", "variables"}}
    made = templates.request(user_id, body["template_id"], body.get("variables") or {})
    return piece_of(made) | rest


def piece_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """Validates an expanded request and returns its fields. Raises InvalidInput."""
    given = dict(request)
    if given.get("brief") is None:
        given.pop("brief", None)  # a template without a brief
    try:
        piece: dict[str, Any] = _PIECE.load(given)
    except ValidationError as error:
        messages = error.normalized_messages()
        raise InvalidInput([FieldError(name, _first(text)) for name, text in messages.items()]) from None
    return piece


def _first(messages: Any) -> str:
    while isinstance(messages, dict):
        messages = next(iter(messages.values()))
    return str(messages[0] if isinstance(messages, list) else messages)
