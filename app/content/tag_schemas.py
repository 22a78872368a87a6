"""Tags as requests send them and answers show them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.content.folding import fold
from app.content.tags import LONGEST_TAG, MOST_TAGS
from app.http.fields import TextList, shown


class TagsField(TextList):
    """A content's tags: their case is kept, and one that differs from another in nothing but case is left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(MOST_TAGS, LONGEST_TAG, metadata={"example": ["Garden", "spring"]}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str | None]:
        tags = super()._deserialize(value, attr, data, **kwargs)
        first = {fold(tag or ""): tag for tag in reversed(tags)}
        return [tag for tag in tags if first[fold(tag or "")] is tag]


class TagSchema(Schema):
    tag = fields.String(**shown("Garden"))
    count = fields.Integer(**shown(12, description="how many contents have it"))


class TagListSchema(Schema):
    """All of a person's tags, the most used first."""

    tags = fields.List(fields.Nested(TagSchema), required=True)
