"""The request and response schemas of the batch routes."""

from __future__ import annotations

from marshmallow import Schema, fields

from app.batches.document import CANCELLED, PAUSED, RUNNING
from app.content.document import GENERATION_STATUSES
from app.content.export.formats import FORMATS
from app.content.list_schemas import MAX_PAGE, PaginationSchema
from app.http.envelope import MOMENT, FieldErrorSchema, Moment
from app.http.fields import one_of, shown, whole

MOST_LISTED = 500
LONGEST_NAME = 80


class PageQuerySchema(Schema):
    """Query of the lists."""

    page = whole(1, MAX_PAGE, 1)
    limit = whole(1, MOST_LISTED, 50)


class ItemQuerySchema(PageQuerySchema):
    """Query of GET /batches/:id/items."""

    status = one_of(GENERATION_STATUSES)


class ExportQuerySchema(Schema):
    """Query of GET /batches/:id/export."""

    format = one_of(("csv", *FORMATS), required=True)


class CountsSchema(Schema):
    """Rows by state."""

    total = fields.Integer(**shown(60))
    pending = fields.Integer(metadata={"example": 40})
    processing = fields.Integer(metadata={"example": 8})
    completed = fields.Integer(metadata={"example": 10})
    failed = fields.Integer(metadata={"example": 2})
    cancelled = fields.Integer(metadata={"example": 0})


class AcceptedCountsSchema(CountsSchema):
    """Rows by state. A dry run has `ok` and `bad` instead."""

    ok = fields.Integer(metadata={"example": 59, "description": "dry run only"})
    bad = fields.Integer(metadata={"example": 1, "description": "dry run only"})


class BatchSchema(Schema):
    """A batch with its current counts."""

    id = fields.String(**shown("507f1f77bcf86cd799439013"))
    name = fields.String(**shown("Our product texts"))
    template_id = fields.String(allow_none=True, data_key="templateId", **shown("507f1f77bcf86cd799439014"))
    state = one_of((RUNNING, PAUSED, CANCELLED, "finished"), required=True)
    counts = fields.Nested(CountsSchema, required=True)
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)
    finished_at = Moment(allow_none=True, required=True, data_key="finishedAt", metadata=MOMENT | {"example": None})


class DryRowSchema(Schema):
    row = fields.Integer(**shown(1))
    ok = fields.Boolean(required=True, metadata={"example": True})
    errors = fields.List(fields.Nested(FieldErrorSchema), required=True)
    title = fields.String(allow_none=True, **shown("Linen apron"))


class AcceptedSchema(Schema):
    """An accepted batch, or the rows of a dry run and how the file was parsed."""

    id = fields.String(metadata={"example": "507f1f77bcf86cd799439013"})
    name = fields.String(metadata={"example": "Our product texts"})
    template_id = fields.String(
        allow_none=True, data_key="templateId", metadata={"example": "507f1f77bcf86cd799439014"}
    )
    state = one_of((RUNNING, PAUSED, CANCELLED, "finished"))
    counts = fields.Nested(AcceptedCountsSchema, required=True)
    created_at = Moment(data_key="createdAt", metadata=MOMENT)
    finished_at = Moment(allow_none=True, data_key="finishedAt", metadata=MOMENT | {"example": None})
    rows = fields.List(fields.Nested(DryRowSchema))
    encoding = fields.String(metadata={"example": "cp1252"})
    delimiter = fields.String(metadata={"example": ";"})
    ignored_columns = fields.List(fields.String(), data_key="ignoredColumns", metadata={"example": ["SKU"]})


_CELLS = {"type": "array", "items": {"type": "string"}}
_ROWS = {"type": "array", "items": _CELLS, "example": [["Linen apron", "washed linen"]]}
"""Declared rather than built of fields: a file has up to 250,000 cells."""


class TableSchema(Schema):
    """A parsed file. `numbers` are the rows' positions below the header, counting blank rows."""

    encoding = fields.String(**shown("cp1252"))
    delimiter = fields.String(**shown(";"))
    columns = fields.List(fields.String(), required=True, metadata={"example": ["Product name", "Features"]})
    rows = fields.Raw(required=True, metadata=_ROWS)
    numbers = fields.List(fields.Integer(), required=True, metadata={"example": [1]})
    errors = fields.List(
        fields.Nested(FieldErrorSchema),
        required=True,
        metadata={"example": [], "description": "rows with more cells than there are columns"},
    )


class BatchPageSchema(Schema):
    batches = fields.List(fields.Nested(BatchSchema), required=True)
    pagination = fields.Nested(PaginationSchema, required=True)


class ItemSchema(Schema):
    """A row. `contentId` is null if its content was not created yet or was deleted."""

    row = fields.Integer(**shown(1))
    status = one_of(GENERATION_STATUSES, required=True)
    title = fields.String(allow_none=True, **shown("Linen apron"))
    content_id = fields.String(allow_none=True, data_key="contentId", **shown("507f1f77bcf86cd799439011"))
    words = fields.Integer(allow_none=True, **shown(80))
    failure_reason = fields.String(
        allow_none=True, data_key="failureReason", required=True, metadata={"examples": [None, "AI service timeout"]}
    )
    failure_code = fields.String(
        allow_none=True, data_key="failureCode", required=True, metadata={"examples": [None, "timeout"]}
    )
    values = fields.Dict(required=True, metadata={"examples": [{"product_name": "Linen apron"}]})


class ItemPageSchema(Schema):
    items = fields.List(fields.Nested(ItemSchema), required=True)
    pagination = fields.Nested(PaginationSchema, required=True)
