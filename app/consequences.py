"""The handlers that act on the consequences of a state change. This module only wires them together.

`app.outbox.entries.HANDLERS_OF` says which kinds of entries go to which handlers.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from redis import Redis

from app.content.document import CANCELLED, Content
from app.database import collection_of
from app.generation.counters import GenerationCounter
from app.generation.stops import publish_stop
from app.outbox.entries import COUNTERS, EVENTS, QUEUE, Entry
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue, rq_job_id
from app.realtime.event_log import EventLog
from app.usage.document import UsageRow


def relay_of(redis: Redis, queue: GenerationQueue, *, buffered: bool = False) -> Relay:
    """The relay of a process. Pass `buffered` in a process that also runs `Relay.keep_acknowledging`."""

    def take_off(entry: Entry, content: dict[str, Any]) -> None:
        """For a run that was cancelled: stops its running attempt, and takes the next one off the queue."""
        if entry.lease_owner:
            publish_stop(redis, entry.lease_owner)
            UsageRow.lose(entry.lease_owner, CANCELLED)
        queue.discard(rq_job_id(content["user_id"], entry.job_id, entry.attempt + 1))

    handlers = {EVENTS: EventLog(redis).tell, COUNTERS: GenerationCounter(redis).count, QUEUE: take_off}
    return Relay(partial(collection_of, Content), handlers, buffered=buffered)
