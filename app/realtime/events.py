"""The emitter that tells owners, from any process, what happened.

The emitter writes straight to the Redis message queue that every web process listens to. An event is a hint: one
that cannot be sent is logged and forgotten, and the stored state stands.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import orjson

from app.clock import iso, utcnow
from app.config import Settings
from app.content.document import COMPLETED, FAILED, PROCESSING, Content
from app.logs import get_logger
from app.realtime.bus import message_bus
from app.realtime.payloads import COMPLETED_EVENT, FAILED_EVENT, RETRYING, STARTED, Event

log = get_logger(__name__)


def room_of(user_id: object) -> str:
    """The room that all sockets of one person are in."""
    return f"user:{user_id}"


class EventEmitter:
    """Tells a content's owner, wherever they are connected, what happened to a generation."""

    def __init__(self, settings: Settings) -> None:
        self._bus = message_bus(settings, write_only=True)

    def started(self, content: Content) -> None:
        self._emit(STARTED, content, status=PROCESSING)

    def retrying(self, content: Content, reason: str) -> None:
        """The next attempt is due at `content.due_at`; `attempt` is its number."""
        due_at = content.due_at or utcnow()
        self._emit(
            RETRYING,
            content,
            status=PROCESSING,
            attempt=content.attempt + 1,
            maxAttempts=content.max_attempts,
            retryInMs=milliseconds_until(due_at),
            reason=reason,
        )

    def completed(self, content: Content) -> None:
        self._emit(
            COMPLETED_EVENT,
            content,
            status=COMPLETED,
            title=content.title,
            contentType=content.content_type,
            generatedText=content.generated_text,
        )

    def failed(self, content: Content) -> None:
        self._emit(FAILED_EVENT, content, status=FAILED, failureReason=content.failure_reason)

    def _emit(self, event: Event, content: Content, **members: Any) -> None:
        values = {"contentId": str(content.id), "jobId": content.job_id, **members, "timestamp": iso(utcnow())}
        payload = event.payload().dump(values)
        orjson.dumps(payload)  # the bus drops what is no plain JSON without a word; this raises
        self._bus.emit(event.name, payload, room=room_of(content.user_id))
        log.debug("event", socket_event=event.name, **content.log_ids)


def milliseconds_until(moment: datetime) -> int:
    return max(0, math.ceil((moment - utcnow()).total_seconds() * 1000))
