"""GET /api/events: the event log, for clients that poll."""

from __future__ import annotations

from typing import Any

from flask import g
from marshmallow import Schema, fields, validate

from app.errors import Unavailable
from app.http.blueprint import ApiBlueprint
from app.http.fields import whole
from app.http.scopes import READ
from app.realtime.event_reader import EventReader, Page
from app.redis_client import OUTAGES
from app.services import service

LARGEST_PAGE = 500

blueprint = ApiBlueprint(
    "events", __name__, url_prefix="/api", description="What happened to your contents", scopes={"GET": READ}
)


class EventsQuerySchema(Schema):
    after = fields.String(
        validate=validate.Length(max=100),
        metadata={
            "description": "The `lastEventId` of the previous page. Omit it to start at the beginning of the log."
        },
    )
    limit = whole(1, LARGEST_PAGE, 100)


class ToldSchema(Schema):
    eventId = fields.String(required=True, attribute="event_id", metadata={"example": "5f3a91c2-1769847300250-0"})
    event = fields.String(required=True, metadata={"example": "content:generation:completed"})
    payload = fields.Dict(
        required=True,
        metadata={
            "description": "The event's payload as described in asyncapi.json.",
            "examples": [{"contentId": "507f1f77bcf86cd799439011", "status": "completed"}],
        },
    )


class EventsPageSchema(Schema):
    events = fields.List(fields.Nested(ToldSchema), required=True)
    lastEventId = fields.String(
        required=True, attribute="last_event_id", metadata={"example": "5f3a91c2-1769847300250-0"}
    )
    complete = fields.Boolean(
        required=True,
        metadata={
            "examples": [True],
            "description": "False if events since `after` may have been lost: fetch the current state.",
        },
    )


@blueprint.route("/events", methods=["GET"])
@blueprint.arguments(EventsQuerySchema, location="query")
@blueprint.answers(200, EventsPageSchema, "Events retrieved successfully", raises=(Unavailable,))
def list_events(query: dict[str, Any]) -> Page:
    """List the events after a given event, oldest first.

    The log goes back 24 hours or 1,000 events. Completed events carry the current text. A page may have fewer events
    than `limit` even when more follow: continue until a page is empty.
    """
    try:
        return service(EventReader).page(g.user_id, query.get("after"), query["limit"])
    except OUTAGES:
        raise Unavailable from None
