"""The request and response schemas of the content routes."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields

from app.content.brief import BriefField
from app.content.document import CONTENT_TYPES, GENERATION_STATUSES, STATUSES
from app.content.finding_schemas import findings_field, words_field
from app.content.tag_schemas import TagsField
from app.http.envelope import MOMENT, Moment
from app.http.fields import Text, one_of, shown
from app.http.stored import StoredField, StoredSchema

MAX_TITLE = 200
MAX_PROMPT = 10_000
MAX_TEXT = 100_000
_EXAMPLE_ID = "507f1f77bcf86cd799439011"
_EXAMPLE_TITLE = "Benefits of AI in Healthcare"
_EXAMPLE_PROMPT = "Write about diagnostics and patient care"
_EXAMPLE_TEXT = "Hospitals have begun to read scans with the help of machines."
_ID_PATTERN = "^[0-9a-f]{24}$"
_TEXT = {"description": f"At most {MAX_TEXT:,} characters, in a body of at most 1 MiB."}


def _check_length(text: str) -> None:
    """Not a Length, because the body's byte limit may apply first and so no `maxLength` would be exact."""
    if len(text) > MAX_TEXT:
        raise ValidationError(f"Must be at most {MAX_TEXT:,} characters.")


class PieceSchema(Schema):
    """The fields of every request for a new content."""

    title = Text(MAX_TITLE, required=True, metadata={"example": _EXAMPLE_TITLE})
    content_type = one_of(CONTENT_TYPES, required=True, data_key="contentType")
    prompt = Text(MAX_PROMPT, required=True, metadata={"example": _EXAMPLE_PROMPT})
    brief = BriefField()
    tags = TagsField()


class CreateSchema(PieceSchema):
    """Body of POST /content."""

    generated_text = fields.String(
        load_default="",
        data_key="generatedText",
        validate=_check_length,
        metadata={"examples": [_EXAMPLE_TEXT], **_TEXT},
    )
    status = one_of(STATUSES, load_default="draft")


class UpdateSchema(Schema):
    """Body of PUT /content/:id: at least one field. Other fields are rejected as unknown or read-only."""

    title = Text(MAX_TITLE, metadata={"example": _EXAMPLE_TITLE})
    content_type = one_of(CONTENT_TYPES, data_key="contentType")
    prompt = Text(MAX_PROMPT, metadata={"example": _EXAMPLE_PROMPT})
    generated_text = fields.String(
        data_key="generatedText", validate=_check_length, metadata={"example": _EXAMPLE_TEXT, **_TEXT}
    )
    status = one_of(STATUSES)
    brief = BriefField()
    tags = TagsField()

    error_messages = {"unknown": "Unknown or read-only field."}  # noqa: RUF012  # marshmallow's own name and type


class ContentSchema(StoredSchema):
    """A content in a response."""

    id = fields.String(**shown(_EXAMPLE_ID, pattern=_ID_PATTERN))
    user_id = fields.String(data_key="userId", **shown("507f191e810c19729de860ea", pattern=_ID_PATTERN))
    title = fields.String(**shown(_EXAMPLE_TITLE))
    content_type = one_of(CONTENT_TYPES, required=True, data_key="contentType")
    prompt = fields.String(**shown(_EXAMPLE_PROMPT))
    generated_text = fields.String(data_key="generatedText", **shown(_EXAMPLE_TEXT))
    status = one_of(STATUSES, required=True)
    job_id = fields.String(allow_none=True, data_key="jobId", **shown("507f1f77bcf86cd799439012"))
    generation_status = fields.String(
        allow_none=True,
        data_key="generationStatus",
        **shown("completed", enum=[*GENERATION_STATUSES, None], description="null if it was written by hand"),
    )
    failure_reason = fields.String(
        allow_none=True,
        data_key="failureReason",
        required=True,
        metadata={"examples": [None, "Content blocked by safety filters"]},
    )
    failure_code = fields.String(
        allow_none=True,
        data_key="failureCode",
        required=True,
        metadata={"examples": [None, "blocked"], "description": "the reason as a code for programs"},
    )
    retry_reason = fields.String(
        allow_none=True,
        data_key="retryReason",
        required=True,
        metadata={
            "examples": [None, "AI service timeout - please try again"],
            "description": "why the attempt is being retried",
        },
    )
    due_at = Moment(allow_none=True, data_key="dueAt", metadata=MOMENT | {"example": "2026-01-31T08:16:00.250Z"})
    position = fields.Integer(
        allow_none=True,
        required=True,
        metadata={
            "examples": [None, 0],
            "description": "while it is pending: how many are ahead of it, of its batch or of those requested singly",
        },
    )
    model = fields.String(
        allow_none=True,
        required=True,
        metadata={"examples": ["gemini-3.5-flash-lite", None], "description": "the model that wrote the newest text"},
    )
    attempt = fields.Integer(metadata={"example": 1, "description": "the number of attempts so far"})
    max_attempts = fields.Integer(allow_none=True, data_key="maxAttempts", metadata={"example": 3})
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)
    updated_at = Moment(required=True, data_key="updatedAt", metadata=MOMENT | {"example": "2026-01-31T08:16:09.730Z"})
    brief = BriefField(required=True)
    revision = fields.Integer(
        **shown(3, description="incremented by every edit, finished text, trashing and restoring; also the ETag")
    )
    version = fields.Integer(**shown(2, description="number of the newest version; 0 before there is one"))
    words = words_field()
    checks = findings_field()
    tags = TagsField(required=True)
    batch_id = fields.String(
        allow_none=True,
        data_key="batchId",
        required=True,
        metadata={"examples": [None, "507f1f77bcf86cd799439013"], "description": "the batch it belongs to"},
    )


class QueuedSchema(ContentSchema):
    """A content whose generation was queued. `expectedDelay` is in milliseconds."""

    message = fields.String(**shown("Content generation queued. It will be processed in 1 minute."))
    expected_delay = fields.Integer(data_key="expectedDelay", **shown(60000, description="milliseconds"))


class JobStatusSchema(Schema):
    """The status of a generation. Has `failureReason` only if it failed, `content` only if it completed."""

    job_id = fields.String(data_key="jobId", **shown("507f1f77bcf86cd799439012"))
    status = one_of(GENERATION_STATUSES, required=True)
    failure_reason = fields.String(data_key="failureReason", metadata={"example": "Content blocked by safety filters"})
    content = StoredField(ContentSchema)
