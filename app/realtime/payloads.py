"""The payload schema of each event, used to send it and to describe it in the reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from app.content.document import CANCELLED, COMPLETED, CONTENT_TYPES, FAILED, PROCESSING

_EXAMPLE_ID = "507f1f77bcf86cd799439011"
_EXAMPLE_TIME = "2026-01-31T08:15:00.250Z"


def _text(example: str, **kwargs: Any) -> fields.String:
    return fields.String(required=True, metadata={"example": example}, **kwargs)


def _moment(description: str) -> fields.String:
    return fields.String(
        required=True, metadata={"format": "date-time", "example": _EXAMPLE_TIME, "description": description}
    )


def _always(value: str) -> fields.String:
    return fields.String(required=True, validate=validate.Equal(value), metadata={"const": value})


def _count(example: int, description: str) -> fields.Integer:
    return fields.Integer(
        required=True, validate=validate.Range(min=0), metadata={"example": example, "description": description}
    )


def _event_id() -> fields.String:
    """The id of an event in the log. Clients send back the last one they saw to have later events replayed."""
    return fields.String(
        required=True,
        metadata={
            "example": "5f3a91c2-1769847300250-0",
            "description": "The event's position in the user's log. Ids increase until Redis loses its data.",
        },
    )


class _GenerationPayload(Schema):
    contentId = _text(_EXAMPLE_ID)
    jobId = _text("507f1f77bcf86cd799439012")
    eventId = _event_id()
    timestamp = _moment("When it happened, ISO 8601 UTC.")
    batchId = fields.String(
        metadata={"example": "507f1f77bcf86cd799439014", "description": "The batch, if the content is a row of one."}
    )


class StartedPayload(_GenerationPayload):
    status = _always(PROCESSING)


class RetryingPayload(_GenerationPayload):
    status = _always(PROCESSING)
    attempt = _count(2, "The number of the next attempt.")
    maxAttempts = _count(3, "The maximum number of attempts.")
    retryInMs = _count(2000, "Milliseconds until the next attempt.")
    reason = _text("AI service timeout - please try again")


class CompletedPayload(_GenerationPayload):
    status = _always(COMPLETED)
    title = _text("Benefits of AI in Healthcare")
    contentType = _text("blog", validate=validate.OneOf(CONTENT_TYPES))
    generatedText = _text("Hospitals have begun to …")


class FailedPayload(_GenerationPayload):
    status = _always(FAILED)
    failureReason = _text("Content blocked by safety filters")


class DeltaPayload(Schema):
    contentId = _text(_EXAMPLE_ID)
    jobId = _text("507f1f77bcf86cd799439012")
    attempt = _count(1, "The attempt this text belongs to.")
    offset = _count(34, "Code points of the attempt's text before this piece. 0 means that the preview starts over.")
    text = _text("in remote clinics, a scan ")
    timestamp = _moment("When it was written, ISO 8601 UTC.")


class FollowPayload(Schema):
    contentId = _text(_EXAMPLE_ID)


class FollowAnswer(Schema):
    """`message` if `ok` is false, the other members if it is true."""

    ok = fields.Boolean(required=True, metadata={"example": True})
    jobId = fields.String(allow_none=True, metadata={"example": "507f1f77bcf86cd799439012"})
    attempt = fields.Integer(metadata={"example": 1, "description": "The attempt of this text; 0 before the first."})
    text = fields.String(
        metadata={"example": "Hospitals have begun to", "description": "The text so far, or the finished one."}
    )
    status = fields.String(allow_none=True, metadata={"example": PROCESSING})
    message = fields.String(metadata={"example": "Content not found"})


class UnfollowAnswer(Schema):
    ok = fields.Boolean(required=True, metadata={"example": True})


class CaughtUpPayload(Schema):
    lastEventId = fields.String(
        required=True,
        metadata={
            "example": "5f3a91c2-1769847300250-0",
            "description": "The id of the newest event, or empty if it is not known.",
        },
    )
    complete = fields.Boolean(
        required=True,
        metadata={"example": True, "description": "False if events may be lost: fetch the current state."},
    )


class ChangedPayload(Schema):
    contentId = _text(_EXAMPLE_ID)
    eventId = _event_id()
    timestamp = _moment("When it happened, ISO 8601 UTC.")
    revision = _count(7, "The content's current revision, or a later one.")


class BatchCounts(Schema):
    total = _count(60, "All rows of the batch.")
    pending = _count(40, "Rows that have not been started.")
    processing = _count(8, "Rows whose text is being written.")
    completed = _count(10, "Rows with a text.")
    failed = _count(2, "Rows whose generation failed.")
    cancelled = _count(0, "Rows that were cancelled.")


class BatchPayload(Schema):
    batchId = _text(_EXAMPLE_ID)
    eventId = _event_id()
    timestamp = _moment("When it happened, ISO 8601 UTC.")
    counts = fields.Nested(BatchCounts, required=True)


class CancelledPayload(_GenerationPayload):
    status = _always(CANCELLED)


class _RewritePayload(Schema):
    contentId = _text(_EXAMPLE_ID)
    rewriteId = _text("507f1f77bcf86cd799439013")
    eventId = _event_id()
    timestamp = _moment("When it happened, ISO 8601 UTC.")


class RewriteCompletedPayload(_RewritePayload):
    replacement = fields.String(
        metadata={
            "example": "Hospitals now read scans with machines.",
            "description": "Absent when the event is replayed; get the rewrite instead.",
        }
    )


class RewriteFailedPayload(_RewritePayload):
    failureReason = _text("AI service timeout - please try again")


class WebhookDisabledPayload(Schema):
    webhookId = _text(_EXAMPLE_ID)
    eventId = _event_id()
    timestamp = _moment("When it happened, ISO 8601 UTC.")
    reason = _text("gone")


class ExpiringPayload(Schema):
    expiresAt = _moment("When the socket will be closed unless a new token is sent.")


class TokenPayload(Schema):
    token = _text("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI1MDdmIn0.Q2hlY2sgdGhpcw")


class TokenAnswer(Schema):
    """`expiresAt` if `ok` is true, `message` if it is false."""

    ok = fields.Boolean(required=True, metadata={"example": True})
    expiresAt = fields.String(metadata={"format": "date-time", "example": _EXAMPLE_TIME})
    message = fields.String(metadata={"example": "Invalid token"})


@dataclass(frozen=True)
class Event:
    """A Socket.IO event. `answer` is the schema of its acknowledgement, if it has one."""

    name: str
    payload: type[Schema]
    summary: str
    answer: type[Schema] | None = None


STARTED = Event("content:generation:started", StartedPayload, "The first attempt started. Sent once per generation.")
RETRYING = Event("content:generation:retrying", RetryingPayload, "An attempt failed and will be retried.")
COMPLETED_EVENT = Event("content:generation:completed", CompletedPayload, "The text is complete.")
FAILED_EVENT = Event("content:generation:failed", FailedPayload, "The generation failed for good. Sent once.")
CANCELLED_EVENT = Event("content:generation:cancelled", CancelledPayload, "The generation was cancelled. Sent once.")

CHANGED = Event("content:changed", ChangedPayload, "A content was edited, restored or trashed elsewhere.")

REWRITE_COMPLETED = Event(
    "content:rewrite:completed", RewriteCompletedPayload, "A rewritten passage is ready to be accepted."
)
REWRITE_FAILED = Event("content:rewrite:failed", RewriteFailedPayload, "A rewrite failed.")

BATCH_PROGRESS = Event("batch:progress", BatchPayload, "The counts of a batch changed; at most once a second.")
BATCH_FINISHED = Event("batch:finished", BatchPayload, "Every row of a batch has finished; again after a retry.")

WEBHOOK_DISABLED = Event(
    "webhook:disabled", WebhookDisabledPayload, "A webhook was disabled after a 410 or its last retry."
)

EXPIRING = Event("auth:expiring", ExpiringPayload, "This socket's access token expires soon: send auth:token.")
TOKEN = Event("auth:token", TokenPayload, "Replaces this socket's access token by a newer one.", TokenAnswer)

DELTA = Event(
    "content:generation:delta",
    DeltaPayload,
    "The next piece of a text being written, at most 10 a second. Sent to followers only.",
)
CAUGHT_UP = Event(
    "events:caught-up",
    CaughtUpPayload,
    "Sent after connecting with `lastEventId`: all missed events were replayed, and later events are live.",
)
FOLLOW = Event(
    "content:follow", FollowPayload, "Subscribes to a content's text until its generation ends.", FollowAnswer
)
UNFOLLOW = Event("content:unfollow", FollowPayload, "Unsubscribes from a content's text.", UnfollowAnswer)

TO_CLIENTS = (
    STARTED, RETRYING, COMPLETED_EVENT, FAILED_EVENT, CANCELLED_EVENT, CHANGED, BATCH_PROGRESS, BATCH_FINISHED,
    EXPIRING, DELTA, CAUGHT_UP,
    REWRITE_COMPLETED, REWRITE_FAILED, WEBHOOK_DISABLED,
)  # fmt: skip
FROM_CLIENTS = (TOKEN, FOLLOW, UNFOLLOW)
