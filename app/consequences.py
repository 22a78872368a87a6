"""The handlers that act on the consequences of a state change. This module only wires them together.

`app.outbox.entries.HANDLERS_OF` says which kinds of entries go to which handlers.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from redis import Redis

from app.content.document import CANCELLED, Content
from app.database import collection_of
from app.generation.counters import GenerationCounter
from app.generation.stops import publish_stop
from app.outbox import entries
from app.outbox.entries import COUNTERS, EVENTS, QUEUE, Entry
from app.outbox.relay import Relay
from app.queueing.schedule import GenerationQueue, rq_job_id
from app.realtime.event_log import EventLog
from app.rewriting.document import Rewrite
from app.usage.document import UsageRow


def rewrite_relay_of(redis: Redis, queue: GenerationQueue, *, buffered: bool = False) -> Relay:
    """The relay of rewrites: their owner is told how they ended, and nothing else follows."""
    event_log = EventLog(redis)

    def tell(entry: Entry, rewrite: dict[str, Any]) -> None:
        if kind := _OF_A_REWRITE.get(entry.kind):
            told = rewrite | {"_id": rewrite["content_id"], "rewrite_id": rewrite["_id"]}
            event_log.tell(replace(entry, kind=kind), told)

    def take_off(entry: Entry, rewrite: dict[str, Any]) -> None:
        queue.discard(rq_job_id(rewrite["user_id"], entry.job_id, entry.attempt + 1))

    handlers = {EVENTS: tell, COUNTERS: lambda _entry, _rewrite: None, QUEUE: take_off}
    return Relay(partial(collection_of, Rewrite), handlers, buffered=buffered)


_OF_A_REWRITE = {entries.COMPLETED: entries.REWRITE_COMPLETED, entries.FAILED: entries.REWRITE_FAILED}


def relay_of(redis: Redis, queue: GenerationQueue, *, buffered: bool = False) -> Relay:
    """The relay of a process. Pass `buffered` in a process that also runs `Relay.keep_acknowledging`."""

    def take_off(entry: Entry, content: dict[str, Any]) -> None:
        """For a run that was cancelled: stops its running attempt, and takes the next one off the queue."""
        if entry.lease_owner:
            publish_stop(redis, entry.lease_owner)
            UsageRow.lose(entry.lease_owner, CANCELLED)
        queue.discard(rq_job_id(content.get("batch_id") or content["user_id"], entry.job_id, entry.attempt + 1))

    handlers = {EVENTS: EventLog(redis).tell, COUNTERS: GenerationCounter(redis).count, QUEUE: take_off}
    return Relay(partial(collection_of, Content), handlers, buffered=buffered)
