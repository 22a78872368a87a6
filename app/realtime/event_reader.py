"""Reads a user's event log from a given position and reports whether any events may have been lost.

An event id is `<epoch>-<ms>-<seq>`: the epoch changes when Redis loses its data; the rest is the entry's id in the
user's stream. The log holds no texts, so the current ones are read from MongoDB.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import orjson
from redis import Redis

from app.content import queries
from app.realtime.event_log import EPOCH_KEY, MOST_EVENTS, REMEMBERED_SECONDS, stream_of, trimmed_key_of
from app.realtime.payloads import COMPLETED_EVENT

_ID = re.compile(r"([0-9a-f]{8})-(\d{1,15})-(\d{1,15})")
_AT_A_TIME = 20
LARGEST_TEXTS = 2_000_000
"""In code points. A page ends early once its texts exceed this."""

_READ = """
redis.call('SET', KEYS[2], ARGV[1], 'NX')
local now = redis.call('TIME')
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
return {
  redis.call('GET', KEYS[2]), now[1], redis.call('XLEN', KEYS[1]),
  first[1] and first[1][1] or '', last[1] and last[1][1] or '', redis.call('GET', KEYS[3]) or '',
  redis.call('XRANGE', KEYS[1], ARGV[2], '+', 'COUNT', ARGV[3])
}
"""


@dataclass(frozen=True, order=True)
class Position:
    """The id of an entry in a Redis stream."""

    ms: int = 0
    seq: int = 0

    @classmethod
    def of(cls, text: bytes) -> Self:
        ms, _, seq = text.partition(b"-")
        return cls(int(ms), int(seq or 0))


@dataclass(frozen=True)
class EventId:
    """An event id as clients know it."""

    epoch: str
    position: Position

    @classmethod
    def read(cls, text: object) -> Self | None:
        """Parses an event id. Returns None if it is not valid."""
        found = _ID.fullmatch(text) if isinstance(text, str) else None
        return cls(found[1], Position(int(found[2]), int(found[3]))) if found else None

    def __str__(self) -> str:
        return f"{self.epoch}-{self.position.ms}-{self.position.seq}"


@dataclass(frozen=True)
class Log:
    """A log's metadata. `now` is Redis's clock in epoch milliseconds; `trimmed` is the value of `trimmed_key_of`."""

    epoch: str
    now: int
    length: int
    first: Position | None
    last: Position | None
    trimmed: Position | None = None

    @property
    def newest(self) -> EventId:
        """The id of the last event, or for an empty log an id that precedes every later one."""
        return EventId(self.epoch, self.last or Position(self.now - 1))

    @property
    def forgotten_before(self) -> Position:
        return Position(self.now - REMEMBERED_SECONDS * 1000)

    @property
    def lost_before(self) -> Position | None:
        """The position before which events may have been trimmed. None if none can have been."""
        return self.first if self.length >= MOST_EVENTS else self.trimmed

    def has_all_since(self, seen: EventId) -> bool:
        """Whether every event after `seen` is certain to be in the log still."""
        latest = max(self.newest.position, Position(self.now))
        if seen.epoch != self.epoch or not self.forgotten_before <= seen.position <= latest:
            return False
        return self.lost_before is None or seen.position >= self.lost_before


@dataclass(frozen=True)
class LoggedEvent:
    """An event as it was logged, with its current text. `entry` is the id of its outbox entry; "" in older logs."""

    event_id: str
    event: str
    payload: dict[str, Any]
    entry: str = ""


@dataclass(frozen=True)
class Page:
    """One page of events.

    `last_event_id` is where the next page begins and `more` whether there is one. `complete` is False if events before
    this page may have been lost.
    """

    events: list[LoggedEvent]
    last_event_id: str
    complete: bool
    more: bool = False


class EventReader:
    """Every method raises one of redis_client.OUTAGES, or of database.OUTAGES while reading texts."""

    def __init__(self, redis: Redis) -> None:
        self._read = redis.register_script(_READ)

    def page(self, user_id: str, after: object, limit: int) -> Page:
        """Returns at most `limit` events after an event id.

        None reads from the beginning. "" or an invalid id returns no events, only the newest id.
        """
        if after is None:
            log, found = self._entries(user_id, Position(), limit)
            complete = log.lost_before is None
        else:
            seen = EventId.read(after)
            if seen is None:
                log, _ = self._entries(user_id, Position(), 1)
                return Page([], str(log.newest), complete=after == "")
            log, found = self._entries(user_id, seen.position, limit)
            if seen.epoch != log.epoch:  # Redis lost its data, so the client has seen none of this log
                log, found = self._entries(user_id, Position(), limit)
            complete = log.has_all_since(seen)
        events, looked_at = _with_texts(user_id, log.epoch, found)
        last = EventId(log.epoch, looked_at) if looked_at else log.newest
        return Page(events, str(last), complete, more=log.last is not None and last.position < log.last)

    def since(self, user_id: str, ms: int, limit: int) -> list[LoggedEvent]:
        """Returns at most `limit` events after a time in epoch milliseconds."""
        log, found = self._entries(user_id, Position(ms), limit)
        events, _ = _with_texts(user_id, log.epoch, found)
        return events

    def final_event(self, user_id: str, job_id: str, name: str) -> LoggedEvent | None:
        """Returns the last event of a run with this name, or None if the log does not have it.

        A run that was requeued has a final event of each time.
        """
        log, found = self._entries(user_id, Position(), MOST_EVENTS * 2)
        for entry in reversed(found):
            members = entry[1]
            if _event(members) == name and _payload(members).get("jobId") == job_id:
                logged, _ = _with_texts(user_id, log.epoch, [entry])
                return logged[0] if logged else None
        return None

    def newest(self, user_id: str) -> str:
        """Returns the id of a user's last event."""
        return self.page(user_id, "", 1).last_event_id

    def _entries(self, user_id: str, after: Position, limit: int) -> tuple[Log, list[Any]]:
        start = max(after, Position(int((time.time() - REMEMBERED_SECONDS) * 1000)))
        answer: Any = self._read(
            keys=[stream_of(user_id), EPOCH_KEY, trimmed_key_of(user_id)],
            args=[secrets.token_hex(4), f"({start.ms}-{start.seq}", limit],
        )
        epoch, seconds, length, first, last, trimmed, found = answer
        places = [Position.of(each) if each else None for each in (first, last, trimmed)]
        entries = [(each, dict(zip(members[::2], members[1::2], strict=True))) for each, members in found]
        return Log(epoch.decode(), int(seconds) * 1000, length, *places), entries


def _with_texts(user_id: str, epoch: str, entries: Sequence[Any]) -> tuple[list[LoggedEvent], Position | None]:
    """Returns events with their texts, skipping deleted ones, and the position of the last entry read."""
    logged: list[LoggedEvent] = []
    size, place = 0, None
    for begin in range(0, len(entries), _AT_A_TIME):
        if size > LARGEST_TEXTS:
            break
        some = entries[begin : begin + _AT_A_TIME]
        texts = _texts(user_id, some)
        for entry, members in some:
            place = Position.of(entry)
            payload = _payload(members) | {"eventId": str(EventId(epoch, place))}
            if _event(members) == COMPLETED_EVENT.name:
                text = texts.get(payload["contentId"])
                if text is None:
                    continue
                payload |= text
                size += len(text["generatedText"])
            entry_id = members.get(b"entry", b"").decode()
            logged.append(LoggedEvent(payload["eventId"], _event(members), payload, entry_id))
    return logged, place


def _texts(user_id: str, entries: Sequence[Any]) -> dict[str, dict[str, str]]:
    ids = {_payload(members)["contentId"] for _, members in entries if _event(members) == COMPLETED_EVENT.name}
    found = queries.texts_of(user_id, ids) if ids else ()
    return {str(each["id"]): {"title": each["title"], "generatedText": each["generated_text"] or ""} for each in found}


def _event(members: Mapping[bytes, bytes]) -> str:
    return members[b"event"].decode()


def _payload(members: Mapping[bytes, bytes]) -> dict[str, Any]:
    payload: dict[str, Any] = orjson.loads(members[b"payload"])
    return payload
