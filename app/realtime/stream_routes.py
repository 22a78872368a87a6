"""GET /api/content/:id/stream: the text of a running generation as server-sent events."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Response, g, request

from app.auth.authentication import Authenticator
from app.auth.principal import AccessClaims
from app.clock import iso
from app.content import queries
from app.content.document import CANCELLED, COMPLETED, FAILED, UNFINISHED
from app.errors import NotFound
from app.http.blueprint import ApiBlueprint, plain
from app.http.disconnection import has_disconnected
from app.http.request_context import bearer_token
from app.http.scopes import READ
from app.logs import get_logger
from app.realtime.event_reader import EventReader
from app.realtime.following import Following
from app.realtime.open_streams import OpenStreams
from app.realtime.payloads import CANCELLED_EVENT, COMPLETED_EVENT, FAILED_EVENT
from app.realtime.text_stream import FinalEvent, Resumption, TextStream
from app.redis_client import OUTAGES
from app.services import service

HEADERS = {"X-Accel-Buffering": "no"}
"""Stops nginx from buffering events (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering)."""
_EVENTS = {CANCELLED: CANCELLED_EVENT, COMPLETED: COMPLETED_EVENT, FAILED: FAILED_EVENT}

log = get_logger(__name__)

blueprint = ApiBlueprint(
    "streams",
    __name__,
    url_prefix="/api/content",
    description="Texts while they are written",
    scopes={"GET": READ},
)


@blueprint.route("/<content:content_id>/stream", methods=["GET"])
@plain({"text/event-stream": {"type": "string"}}, 200, 204)
def stream(content_id: str) -> Response:
    """Stream a text while it is being written.

    Server-sent events: `snapshot` {attempt, text, status}, then `delta`, and the generation's events with the payloads
    of asyncapi.json. The stream ends after completed, failed or cancelled. Each event's id is `<attempt>:<offset>`:
    send the last one as `Last-Event-ID` to resume. If the generation has finished, the response is 204 when you have
    already received its final event or send no `Last-Event-ID`: get the content instead. It is also 204 for a text that
    was never generated.
    """
    user_id, wanted = g.user_id, queries.content_id(content_id)
    resumption = Resumption.of(request.headers.get("Last-Event-ID"))

    def find() -> queries.Shown | None:
        return queries.find_own(user_id, _id=wanted)

    content = find()
    if content is None:
        raise NotFound("Content not found")
    status = content["generation_status"]
    if status is None or (status not in UNFINISHED and (not resumption.given or resumption.at_the_end)):
        return Response(status=204)
    text_stream = TextStream(service(Following), find, _final_events(user_id), _closed_when())
    parts = service(OpenStreams).counted(user_id, lambda: text_stream.parts(content, resumption))
    return Response(parts, content_type="text/event-stream; charset=utf-8", headers=HEADERS)


def _closed_when() -> Callable[[], bool]:
    """Returns a function that tells whether the client of the current request disconnected or lost its access."""
    authenticator = service(Authenticator)
    claims: AccessClaims = authenticator.authenticate(bearer_token())
    client = request.environ.get("gunicorn.socket")

    def closed() -> bool:
        return time.time() >= claims.expires_at or authenticator.has_ended(claims.principal) or has_disconnected(client)

    return closed


def _final_events(user_id: str) -> FinalEvent:
    reader = service(EventReader)

    def final_event(content: queries.Shown, *, made: bool) -> tuple[str, dict[str, Any]] | None:
        event, newest = _EVENTS[content["generation_status"]], ""
        try:
            if logged := reader.final_event(user_id, content["job_id"], event.name):
                return logged.event, logged.payload
            newest = reader.newest(user_id)
        except OUTAGES:
            log.debug("event log not available")  # the final event is built from the stored content instead
        if not made:
            return None
        return event.name, event.payload().dump(_stored_payload(content, newest))

    return final_event


def _stored_payload(content: queries.Shown, event_id: str) -> dict[str, Any]:
    return {
        "contentId": str(content["id"]),
        "jobId": content["job_id"],
        "eventId": event_id,
        "status": content["generation_status"],
        "timestamp": iso(content["updated_at"]),
        "title": content["title"],
        "contentType": content["content_type"],
        "generatedText": content["generated_text"] or "",
        "failureReason": content["failure_reason"],
    }
