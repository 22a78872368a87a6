"""Wires the outbox handlers to the packages that implement them.

`app.outbox.entries.HANDLERS_OF` maps each kind of entry to its handlers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from redis import Redis

from app.clock import iso
from app.content.document import CANCELLED, Content, queue_owner_of
from app.database import collection_of
from app.generation.counters import GenerationCounter
from app.generation.quota_holds import give_back
from app.generation.stops import publish_stop
from app.logs import get_logger
from app.outbox import entries
from app.outbox.entries import COUNTERS, EVENTS, QUEUE, QUOTAS, WEBHOOKS, Entry
from app.outbox.relay import Handler, Relay
from app.queueing.schedule import GenerationQueue, rq_job_id
from app.realtime.event_log import EventLog
from app.redis_client import OUTAGES
from app.rewriting.document import Rewrite
from app.rewriting.trashing import call_off_rewrites
from app.usage.document import UsageRow
from app.webhooks import deliveries

log = get_logger(__name__)


def _nothing(_entry: Entry, _document: dict[str, Any]) -> None:
    """The handler for entries that need no action."""


def rewrite_relay_of(redis: Redis, queue: GenerationQueue, *, buffered: bool = False) -> Relay:
    """Returns the outbox relay of rewrites: it sends events, and cancels queued or running attempts."""
    event_log = EventLog(redis)

    def tell(entry: Entry, rewrite: dict[str, Any]) -> None:
        if kind := _OF_A_REWRITE.get(entry.kind):
            told = rewrite | {"_id": rewrite["content_id"], "rewrite_id": rewrite["_id"]}
            event_log.tell(replace(entry, kind=kind), told)

    def take_off(entry: Entry, rewrite: dict[str, Any]) -> None:
        _stop(redis, entry)
        queue.discard(rq_job_id(rewrite["user_id"], entry.job_id, entry.attempt + 1))

    handlers = {EVENTS: tell, QUEUE: take_off, **dict.fromkeys((COUNTERS, WEBHOOKS, QUOTAS), _nothing)}
    return Relay(partial(collection_of, Rewrite), handlers, buffered=buffered)


_OF_A_REWRITE = {entries.COMPLETED: entries.REWRITE_COMPLETED, entries.FAILED: entries.REWRITE_FAILED}


def relay_of(redis: Redis, queue: GenerationQueue, *, buffered: bool = False) -> Relay:
    """Returns the outbox relay of contents. Pass `buffered` in a process that also runs `Relay.keep_acknowledging`."""
    rewrites = rewrite_relay_of(redis, queue)

    def take_off(entry: Entry, content: dict[str, Any]) -> None:
        """Stops the running attempt of a cancelled run and removes the next one from the queue."""
        if entry.kind == entries.TRASHED:
            call_off_rewrites(content["_id"], rewrites)
            return
        _stop(redis, entry)
        queue.discard(rq_job_id(queue_owner_of(content), entry.job_id, entry.attempt + 1))

    handlers: dict[str, Handler] = {
        EVENTS: EventLog(redis).tell,
        COUNTERS: GenerationCounter(redis).count,
        QUEUE: take_off,
        WEBHOOKS: deliveries.announce,
        QUOTAS: give_back,
    }
    return Relay(partial(collection_of, Content), handlers, buffered=buffered)


def batch_told(redis: Redis) -> Callable[[Entry, dict[str, Any]], None]:
    """Returns a function that emits a batch's events, and its webhook deliveries once it has finished."""
    event_log = EventLog(redis)

    def tell(entry: Entry, batch: dict[str, Any]) -> None:
        if entry.kind == entries.BATCH_FINISHED:
            deliveries.announce(entry, batch)
        event_log.tell(entry, batch)

    return tell


def disabling_told(redis: Redis) -> Callable[[dict[str, Any]], None]:
    """Returns a function that emits `webhook:disabled` to the owner. During a Redis outage the event is dropped."""
    event_log = EventLog(redis)

    def tell(webhook: dict[str, Any]) -> None:
        at = webhook["disabled_at"]
        entry = Entry(f"{webhook['_id']}-{iso(at)}", entries.WEBHOOK_DISABLED, at, (EVENTS,))
        try:
            event_log.tell(entry, webhook)
        except OUTAGES as error:
            log.warning("webhook:disabled event not sent", webhook_id=str(webhook["_id"]), error=str(error)[:200])

    return tell


def _stop(redis: Redis, entry: Entry) -> None:
    """Stops the attempt that was running when its run was cancelled."""
    if entry.lease_owner:
        publish_stop(redis, entry.lease_owner)
        UsageRow.lose(entry.lease_owner, CANCELLED)
