"""The request and response schemas of the webhook routes."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import Schema, ValidationError, fields, validate

from app.content.list_schemas import MAX_LIMIT, MAX_PAGE, PaginationSchema
from app.http.envelope import MOMENT, Moment
from app.http.fields import Flag, Text, one_of, shown, whole
from app.webhooks.addresses import LONGEST_URL
from app.webhooks.document import DELIVERY_STATUSES, DISABLED_REASONS
from app.webhooks.messages import EVENTS

LONGEST_DESCRIPTION = 200
_URL, _DESCRIPTION = "https://example.com/hooks/texts", "Publishes finished texts"
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="  # noqa: S105  # nobody's
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = {
    "example": _URL,
    "pattern": rf"^https?://({_LABEL}\.){{1,3}}[A-Za-z]{{2,18}}(:[1-9][0-9]{{0,3}})?([/?#][^\x00-\x20\x7f\\]*)?$",
    "description": "Public addresses only. Longer names, names in other scripts and IP addresses are accepted too.",
}
_NOT_YET = MOMENT | {"example": None}


def _events(*, required: bool = False) -> fields.List[str]:
    return fields.List(
        one_of(EVENTS),
        required=required,
        validate=[validate.Length(1, len(EVENTS), error="Give at least one event."), _check_unique],
        metadata={"example": list(EVENTS[1:3]), "uniqueItems": True},
    )


def _check_unique(events: list[str]) -> None:
    if len(set(events)) < len(events):
        raise ValidationError("Name each event once.")


class WebhookChangeSchema(Schema):
    """Body of PUT /webhooks/:id: at least one field. `enabled: true` enables a disabled webhook."""

    json_schema: ClassVar = {"minProperties": 1}

    url = Text(LONGEST_URL, metadata=_ADDRESS)
    events = _events()
    description = Text(LONGEST_DESCRIPTION, allow_none=True, metadata={"example": _DESCRIPTION})
    enabled = Flag(metadata={"example": True})


class NewWebhookSchema(Schema):
    """Body of POST /webhooks."""

    url = Text(LONGEST_URL, required=True, metadata=_ADDRESS)
    events = _events(required=True)
    description = Text(LONGEST_DESCRIPTION, allow_none=True, metadata={"example": _DESCRIPTION})


class WebhookSchema(Schema):
    """A webhook without its secret."""

    id = fields.String(**shown("507f1f77bcf86cd799439015"))
    url = fields.String(**shown(_URL))
    events = fields.List(fields.String(), required=True, metadata={"example": list(EVENTS[1:3])})
    description = fields.String(allow_none=True, **shown(_DESCRIPTION))
    enabled = fields.Boolean(required=True, metadata={"example": True})
    disabled_at = Moment(required=True, allow_none=True, data_key="disabledAt", metadata=_NOT_YET)
    disabled_reason = one_of(
        DISABLED_REASONS,
        required=True,
        allow_none=True,
        data_key="disabledReason",
        metadata={
            "examples": [None],
            "description": "`gone`: it responded with 410; `not_acknowledged`: the last retry failed",
        },
    )
    old_secret_until = Moment(
        required=True,
        allow_none=True,
        data_key="oldSecretUntil",
        metadata={**_NOT_YET, "description": "until when messages are also signed with a rotated secret"},
    )
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)
    updated_at = Moment(required=True, data_key="updatedAt", metadata=MOMENT)


class SecretWebhookSchema(WebhookSchema):
    """A webhook with its new secret, which is never shown again."""

    secret = fields.String(**shown(_SECRET))


class WebhookListSchema(Schema):
    webhooks = fields.List(fields.Nested(WebhookSchema), required=True)


class DeliveryListQuerySchema(Schema):
    """Query of GET /webhooks/:id/deliveries."""

    page = whole(1, MAX_PAGE, 1)
    limit = whole(1, MAX_LIMIT, 20)


class DeliveryAttemptSchema(Schema):
    """An attempt: the response's status and first kilobyte, or an error message."""

    at = Moment(required=True, metadata=MOMENT)
    status_code = fields.Integer(allow_none=True, data_key="statusCode", **shown(200))
    response = fields.String(**shown("ok"))
    error = fields.String(required=True, allow_none=True, metadata={"example": None})
    duration_ms = fields.Integer(data_key="durationMs", **shown(84))


class DeliverySchema(Schema):
    """A message to a webhook, with the attempts so far."""

    id = fields.String(**shown("507f1f77bcf86cd799439016"))
    message_id = fields.String(data_key="messageId", **shown("msg_507f1f77bcf86cd799439017"))
    type = fields.String(**shown(EVENTS[1]))
    status = one_of(DELIVERY_STATUSES, required=True)
    attempts = fields.List(fields.Nested(DeliveryAttemptSchema), required=True)
    next_attempt_at = Moment(
        required=True,
        allow_none=True,
        data_key="nextAttemptAt",
        metadata={**_NOT_YET, "description": "null while it is being sent, and once it has finished"},
    )
    created_at = Moment(required=True, data_key="createdAt", metadata=MOMENT)


class DeliveryPageSchema(Schema):
    deliveries = fields.List(fields.Nested(DeliverySchema), required=True)
    pagination = fields.Nested(PaginationSchema, required=True)
