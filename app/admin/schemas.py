"""The request and response schemas of the operators' routes."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, validate

from app.auth.permissions import ADMIN
from app.content.document import FAILED, PENDING, PROCESSING
from app.content.list_schemas import MAX_PAGE, PaginationSchema
from app.http.envelope import MOMENT, Moment
from app.http.fields import Flag, WholeNumber, one_of, refuse_nul, shown, whole
from app.usage.schemas import TotalsSchema

MOST_LISTED = 200
MOST_WORDS = 100
LARGEST = {"daily_generations": 100_000, "monthly_tokens": 10**15, "stored_bytes": 10**15}
_SOMETIMES: dict[str, Any] = {"required": True, "allow_none": True}
_CAMEL = {"daily_generations": "dailyGenerations", "monthly_tokens": "monthlyTokens", "stored_bytes": "storedBytes"}


class PageQuerySchema(Schema):
    """Query of the lists."""

    page = whole(1, MAX_PAGE, 1)
    limit = whole(1, MOST_LISTED, 50)


class PeopleQuerySchema(PageQuerySchema):
    """Query of GET /admin/users."""

    q = fields.String(
        load_default="",
        validate=[
            validate.Length(max=MOST_WORDS, error=f"Must be at most {MOST_WORDS} characters."),
            refuse_nul,
        ],
        metadata={"description": "words in the name or email"},
    )


class GenerationsQuerySchema(PageQuerySchema):
    """Query of GET /admin/generations."""

    status = one_of((FAILED, PENDING, PROCESSING), load_default=FAILED)
    user_id = fields.String(
        load_default=None,
        data_key="userId",
        validate=validate.Regexp(r"^[0-9a-f]{24}\Z", error="Must be a person's id."),
        metadata={"description": "only those of one user", "pattern": "^[0-9a-f]{24}$"},
    )


def _limit(name: str) -> WholeNumber:
    return WholeNumber(0, LARGEST[name], data_key=_CAMEL[name], allow_none=True)


class OwnLimitsSchema(Schema):
    """A user's own limits: 0 for no limit, null for the default."""

    daily_generations = _limit("daily_generations")
    monthly_tokens = _limit("monthly_tokens")
    stored_bytes = _limit("stored_bytes")


def _check_given(given: dict[str, Any]) -> None:
    if not given:
        raise ValidationError("Give at least one limit.")


class PersonChangeSchema(Schema):
    """Body of PATCH /admin/users/:id: at least one field."""

    json_schema: ClassVar = {"minProperties": 1}

    disabled = Flag(metadata={"example": True})
    limits = fields.Nested(OwnLimitsSchema, validate=_check_given, metadata={"minProperties": 1})


class PersonSchema(Schema):
    """A user in operators' responses."""

    id = fields.String(**shown("507f191e810c19729de860ea"))
    email = fields.String(**shown("user@example.com"))
    first_name = fields.String(data_key="firstName", **shown("José"))
    last_name = fields.String(data_key="lastName", **shown("O'Brien"))
    role = one_of((ADMIN, "user"), required=True)
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)
    disabled_at = Moment(data_key="disabledAt", metadata=MOMENT | {"example": None}, **_SOMETIMES)
    limits = fields.Nested(OwnLimitsSchema, required=True)


class PeopleSchema(Schema):
    users = fields.List(fields.Nested(PersonSchema), required=True)
    pagination = fields.Nested(PaginationSchema, required=True)


class RunSchema(Schema):
    """A generation without its title, prompt and text."""

    content_id = fields.String(data_key="contentId", **shown("507f1f77bcf86cd799439011"))
    job_id = fields.String(data_key="jobId", allow_none=True, **shown("507f1f77bcf86cd799439012"))
    user_id = fields.String(data_key="userId", **shown("507f191e810c19729de860ea"))
    email = fields.String(allow_none=True, **shown("user@example.com"))
    batch_id = fields.String(data_key="batchId", **_SOMETIMES)
    content_type = fields.String(data_key="contentType", **shown("blog"))
    generation_status = fields.String(data_key="status", **shown(FAILED))
    attempt = fields.Integer(allow_none=True, **shown(3))
    max_attempts = fields.Integer(data_key="maxAttempts", allow_none=True, **shown(3))
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)
    due_at = Moment(data_key="dueAt", metadata=MOMENT, **_SOMETIMES)
    finished_at = Moment(data_key="finishedAt", metadata=MOMENT, **_SOMETIMES)
    failure_reason = fields.String(data_key="failureReason", allow_none=True, **shown("AI service timeout"))
    failure_code = fields.String(data_key="failureCode", allow_none=True, **shown("timeout"))
    retry_reason = fields.String(data_key="retryReason", **_SOMETIMES)
    request_id = fields.String(data_key="requestId", **_SOMETIMES)


class RunsSchema(Schema):
    generations = fields.List(fields.Nested(RunSchema), required=True)
    pagination = fields.Nested(PaginationSchema, required=True)


class QueueSchema(Schema):
    """`givenUp` is the number of contents with a parked outbox entry. `workers` is null during a Redis outage."""

    waiting = fields.Integer(**shown(3))
    running = fields.Integer(**shown(8))
    overdue = fields.Integer(**shown(0))
    overdue_since = fields.String(data_key="overdueSince", **_SOMETIMES)
    failed = fields.Integer(**shown(2))
    given_up = fields.Integer(data_key="givenUp", **shown(0))
    workers = fields.Integer(**_SOMETIMES)


class PersonUsageSchema(TotalsSchema):
    user_id = fields.String(data_key="userId", **shown("507f191e810c19729de860ea"))
    email = fields.String(**_SOMETIMES)


class PeoplesUsageSchema(Schema):
    totals = fields.Nested(TotalsSchema, required=True)
    rows = fields.List(fields.Nested(PersonUsageSchema), required=True)


class ProviderSchema(Schema):
    """Whether the model is available, and if not, why. `demo` means that the local fake is used instead of Gemini."""

    ok = fields.Boolean(required=True, metadata={"example": True})
    model = fields.String(**shown("gemini-3.5-flash-lite"))
    key_set = fields.Boolean(required=True, data_key="keySet", metadata={"example": True})
    demo = fields.Boolean(required=True, metadata={"example": False})
    reason = fields.String(**_SOMETIMES)
    code = fields.String(**_SOMETIMES)


class ActSchema(Schema):
    """`operator` is the operator's email, `command` for a server command, or null for a deleted account."""

    id = fields.String(**shown("507f1f77bcf86cd799439015"))
    at = Moment(required=True, metadata=MOMENT)
    act = fields.String(**shown("user.disabled"))
    operator_id = fields.String(data_key="operatorId", **_SOMETIMES)
    operator = fields.String(**_SOMETIMES)
    subject_id = fields.String(data_key="subjectId", **_SOMETIMES)
    details = fields.Dict(required=True, metadata={"examples": [{}]})


class AuditSchema(Schema):
    acts = fields.List(fields.Nested(ActSchema), required=True)
    pagination = fields.Nested(PaginationSchema, required=True)
