"""Schemas of tags."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.content.folding import tag_key
from app.content.tags import LONGEST_TAG, MOST_TAGS
from app.http.fields import TextList, shown


class TagsField(TextList):
    """A content's tags. They are kept as entered; the first of several with the same `tag_key` counts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(MOST_TAGS, LONGEST_TAG, metadata={"example": ["Garden", "spring"]}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str | None]:
        tags = super()._deserialize(value, attr, data, **kwargs)
        first = {tag_key(tag or ""): tag for tag in reversed(tags)}
        return [tag for tag in tags if first[tag_key(tag or "")] is tag]


class TagSchema(Schema):
    tag = fields.String(**shown("Garden"))
    count = fields.Integer(**shown(12, description="the number of contents that have it"))


class TagListSchema(Schema):
    """All tags of a user, most used first."""

    tags = fields.List(fields.Nested(TagSchema), required=True)
