"""/api/content/:id/untrash and /api/content/bulk."""

from __future__ import annotations

from typing import Any, ClassVar

from bson import ObjectId
from flask import g
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from app.content.bulk import ACTIONS, MOST, TAG, UNTAG, BulkActions, BulkResult
from app.content.queries import Shown
from app.content.schemas import ContentSchema
from app.content.tags import LONGEST_TAG
from app.content.trash import Trash
from app.errors import Conflict
from app.http.blueprint import ApiBlueprint
from app.http.conditional import with_etag
from app.http.fields import NoFieldsSchema, Text, one_of
from app.http.idempotency import idempotent
from app.http.scopes import BY_METHOD
from app.services import service

_EXAMPLE_ID = "507f1f77bcf86cd799439011"
_ID_PATTERN = "^[0-9a-f]{24}$"

blueprint = ApiBlueprint(
    "trash", __name__, url_prefix="/api/content", description="The trash, and bulk actions", scopes=BY_METHOD
)


class IdList(fields.List[Any]):
    """Ids of at most 500 contents. They are counted before any is parsed."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"minItems": 1, "maxItems": MOST, "example": [_EXAMPLE_ID]}
        super().__init__(
            fields.String(metadata={"pattern": _ID_PATTERN, "example": "507f1f77bcf86cd799439011"}),
            metadata=metadata,
            **kwargs,
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and not 0 < len(value) <= MOST:
            raise ValidationError(f"Must be a list of 1 to {MOST} ids.")
        ids = super()._deserialize(value, attr, data, **kwargs)
        if bad := {place: ["Not an id."] for place, each in enumerate(ids) if not ObjectId.is_valid(each)}:
            raise ValidationError(bad)
        return [ObjectId(each) for each in ids]


class BulkSchema(Schema):
    """Body of POST /content/bulk."""

    json_schema: ClassVar = {
        "anyOf": [
            {"properties": {"action": {"enum": [each for each in ACTIONS if each not in {TAG, UNTAG}]}}},
            {"required": ["tag"]},
        ]
    }

    ids = IdList(required=True)
    action = one_of(ACTIONS, required=True)
    tag = Text(
        LONGEST_TAG,
        metadata={"example": "Garden", "description": "for the actions tag and untag"},
    )

    @validates_schema
    def check_tag(self, data: dict[str, Any], **_: Any) -> None:
        if data["action"] in {TAG, UNTAG} and "tag" not in data:
            raise ValidationError("Say which tag.", "tag")


class BulkResultSchema(Schema):
    """The contents that are as requested, and those that do not exist or have no room for the tag."""

    done = fields.List(
        fields.String(metadata={"pattern": _ID_PATTERN, "example": "507f1f77bcf86cd799439011"}), required=True
    )
    not_done = fields.List(
        fields.String(metadata={"pattern": _ID_PATTERN, "example": "507f1f77bcf86cd799439011"}),
        required=True,
        data_key="notDone",
        validate=validate.Length(max=MOST),
    )


@blueprint.route("/<content:content_id>/untrash", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, ContentSchema, "Content restored", raises=(Conflict,))
def untrash(_body: dict[str, Any], content_id: str) -> Shown:
    """Restore a content from the trash. Its generation stays cancelled.

    If it is not in the trash, the response is 409 `not_in_trash`.
    """
    content = service(Trash).take_back(g.user_id, content_id)
    with_etag(content["revision"])
    return content


@blueprint.route("/bulk", methods=["POST"])
@idempotent
@blueprint.arguments(BulkSchema)
@blueprint.answers(200, BulkResultSchema, "Done")
def bulk(body: dict[str, Any]) -> BulkResult:
    """Trash, untrash, tag, untag or purge up to 500 contents.

    Each is changed independently. Those that are not yours, or that the action does not apply to, are in `notDone`.
    """
    return service(BulkActions).carry_out(g.user_id, **body)
