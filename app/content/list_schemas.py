"""Schemas of the list of contents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from marshmallow import Schema, ValidationError, fields, post_dump, post_load, validate

from app.content import cursors
from app.content.document import CONTENT_TYPES, GENERATION_STATUSES, STATUSES
from app.content.listing import NEWEST, SORTS, ListQuery
from app.content.queries import LONGEST_LISTED_TEXT
from app.content.schemas import ContentSchema
from app.content.tags import LONGEST_TAG
from app.http.envelope import MOMENT, Moment
from app.http.fields import VISIBLE_PATTERN, Text, one_of, shown, whole
from app.http.stored import StoredField
from app.http.timestamps import parse_timestamp

MAX_PAGE = 1_000_000
MAX_LIMIT = 100
MAX_SEARCH = 200
MAX_VALUES = 100
_EXAMPLE_ID = "507f1f77bcf86cd799439011"
_EXAMPLE_CURSOR = cursors.of(NEWEST, datetime(2026, 1, 31, 8, 15, 0, 250_000, UTC), ObjectId(_EXAMPLE_ID))


class Several(fields.List[Any]):
    """Several values: repeated query parameters or a list, or one text in which they are separated by commas."""

    def __init__(
        self, inner: fields.Field[Any], *, commas: bool = True, may_be_empty: bool = False, **kwargs: Any
    ) -> None:
        self._commas = commas
        self._may_be_empty = may_be_empty
        super().__init__(inner, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise self.make_error("invalid")
        parts = [part for text in texts for part in (text.split(",") if self._commas else [text])]
        if len(parts) > MAX_VALUES:
            raise ValidationError(f"Must be at most {MAX_VALUES} values.")
        found = []
        for part in list(filter(str.strip, parts)) or ([] if self._may_be_empty else [""]):
            try:
                found.append(self.inner.deserialize(part.strip()))
            except ValidationError as error:
                raise ValidationError(error.messages) from None
        return found


class _Id(fields.String):
    """An id. `wrong` is the error for anything else."""

    def __init__(self, wrong: str, **kwargs: Any) -> None:
        self._wrong = wrong
        super().__init__(metadata={"example": _EXAMPLE_ID, "pattern": "^[0-9a-f]{24}$"}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> ObjectId:  # type: ignore[override]  # the type after loading
        if not ObjectId.is_valid(value):
            raise ValidationError(self._wrong)
        return ObjectId(value)


class _Since(fields.String):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:  # type: ignore[override]  # as above
        return parse_timestamp(str(value).replace(" ", "+"))  # a plus sign that was not percent-encoded


class SearchField(fields.Field["str | None"]):
    """The search words. White space only is treated as no search."""

    def __init__(self, **kwargs: Any) -> None:
        rules = {"type": "string", "maxLength": MAX_SEARCH, "pattern": f"^ *$|{VISIBLE_PATTERN}"}
        metadata = {**rules, "example": "linen apron", **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        text = str(value).strip()
        return Text(MAX_SEARCH).deserialize(text) if text else None


_NAMES: Mapping[str, str] = {field.data_key or name: name for name, field in ContentSchema().fields.items()}
"""The API names of a content's fields, with their names here."""


class ContentFilterSchema(Schema):
    """Which contents outside the trash are meant."""

    q = SearchField(
        metadata={"type": "string", "description": "Words or parts of words; each must occur in title, prompt or text."}
    )
    content_type = Several(one_of(CONTENT_TYPES), data_key="contentType")
    status = Several(one_of(STATUSES))
    generation_status = Several(one_of(GENERATION_STATUSES), data_key="generationStatus")
    tag = Several(
        Text(LONGEST_TAG), commas=False, metadata={"description": "Any of these; case does not matter, accents do."}
    )
    ids = Several(_Id("Must be the id of a content, or several with commas between them."))
    batch_id = _Id("Must be the id of a batch.", data_key="batchId")
    updated_since = _Since(data_key="updatedSince", metadata=MOMENT)


class ListQuerySchema(ContentFilterSchema):
    """Query of GET /content."""

    page = whole(1, MAX_PAGE, 1)
    limit = whole(1, MAX_LIMIT, 10)
    cursor = fields.String(
        validate=validate.Regexp(cursors.PATTERN, error="Must be the nextCursor of a page, or empty."),
        metadata={
            "pattern": cursors.PATTERN,
            "description": "The `nextCursor` of the previous page, or empty for the first. Overrides `page`. "
            "A cursor of another `sort` is answered with 409.",
        },
    )
    sort = one_of(SORTS, load_default=NEWEST)
    trash = one_of(("true", "false"), load_default="false")
    fields_ = Several(
        one_of(tuple(_NAMES)),
        data_key="fields",
        may_be_empty=True,
        metadata={"description": "Only these fields of each content, and its id. Empty: all but the text."},
    )

    @post_load
    def query(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Returns the query for the service."""
        data["trash"] = data["trash"] == "true"
        given = data.pop("fields_", None)
        wanted = () if given is None else given or _NAMES.keys() - {"generatedText"}
        return {"query": ListQuery(**data, fields=frozenset(_NAMES[each] for each in wanted))}


class DeleteQuerySchema(Schema):
    """Query of DELETE /content/:id."""

    permanent = one_of(("true", "false"), load_default="false")


class ListedContentSchema(ContentSchema):
    """A content in a list: without the places of findings, and with long texts truncated."""

    truncated = fields.Boolean(
        metadata={
            "enum": [True],
            "description": f"Present if `generatedText` was cut off after {LONGEST_LISTED_TEXT:,} characters: "
            "GET /api/content/{content_id} has the whole text.",
        }
    )
    deleted_at = Moment(data_key="deletedAt", metadata=MOMENT | {"description": "Only in the trash."})

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Only the id is required, because `fields` can leave out the others."""
        field_obj.required = field_name == "id"


class ContentItem(StoredField):
    """A content in a list. MongoDB leaves out the places of its findings."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ListedContentSchema, **kwargs)

    def _serialize(self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # Nested's own name
        answer = super()._serialize(nested_obj, attr, obj, **kwargs)
        if answer.get("checks"):
            answer["checks"] = [{**each, "spans": []} for each in answer["checks"]]
        return answer


class PaginationSchema(Schema):
    total = fields.Integer(**shown(42))
    page = fields.Integer(**shown(1))
    total_pages = fields.Integer(data_key="totalPages", **shown(5))
    limit = fields.Integer(**shown(10))


class ListPaginationSchema(Schema):
    """Pagination of a list. With `q` there is no total, and with a cursor there are no page numbers."""

    total = fields.Integer(metadata={"example": 42})
    page = fields.Integer(metadata={"example": 1})
    total_pages = fields.Integer(data_key="totalPages", metadata={"example": 5})
    limit = fields.Integer(**shown(10))
    next_cursor = fields.String(
        allow_none=True,
        data_key="nextCursor",
        **shown(_EXAMPLE_CURSOR, pattern=cursors.PATTERN, description="null at the end"),
    )

    @post_dump
    def without_what_is_not_known(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value is not None or name == "nextCursor"}


class ContentPageSchema(Schema):
    contents = fields.List(ContentItem(), required=True)
    pagination = fields.Nested(ListPaginationSchema, required=True)
