"""Request and response schemas of the template routes."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import Schema, fields

from app.content.brief import BriefField
from app.content.document import CONTENT_TYPES
from app.content.schemas import MAX_PROMPT, MAX_TITLE
from app.http.envelope import MOMENT, Moment
from app.http.fields import Text, one_of, shown

LONGEST_NAME = 80
_NAME, _TITLE = "Our product texts", "{{product_name}}"
_PROMPT = "Describe {{product_name}} for {{audience}}"


class TemplateChangeSchema(Schema):
    """Body of PUT /templates/:id: at least one field."""

    json_schema: ClassVar = {"minProperties": 1}

    name = Text(LONGEST_NAME, metadata={"example": _NAME})
    content_type = one_of(CONTENT_TYPES, data_key="contentType")
    title = Text(MAX_TITLE, metadata={"example": _TITLE})
    prompt = Text(MAX_PROMPT, metadata={"example": _PROMPT})
    brief = BriefField()


class TemplateCreateSchema(TemplateChangeSchema):
    """Body of POST /templates. Title, prompt and the brief's texts may contain variables such as {{product_name}}."""

    name = Text(LONGEST_NAME, required=True, metadata={"example": _NAME})
    content_type = one_of(CONTENT_TYPES, required=True, data_key="contentType")
    title = Text(MAX_TITLE, required=True, metadata={"example": _TITLE})
    prompt = Text(MAX_PROMPT, required=True, metadata={"example": _PROMPT})


class TemplateSchema(Schema):
    """A template, with the names of its variables."""

    id = fields.String(**shown("507f1f77bcf86cd799439014"))
    name = fields.String(**shown(_NAME))
    content_type = one_of(CONTENT_TYPES, required=True, data_key="contentType")
    title = fields.String(**shown(_TITLE))
    prompt = fields.String(**shown(_PROMPT))
    brief = BriefField(required=True)
    variables = fields.List(fields.String(), required=True, metadata={"example": ["product_name", "audience"]})
    built_in = fields.Boolean(data_key="builtIn", required=True, metadata={"example": False})
    created_at = Moment(allow_none=True, required=True, data_key="createdAt", metadata=MOMENT)
    updated_at = Moment(allow_none=True, required=True, data_key="updatedAt", metadata=MOMENT)


class TemplateListSchema(Schema):
    templates = fields.List(fields.Nested(TemplateSchema), required=True)
