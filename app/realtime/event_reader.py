"""Reads a person's log of events again, from any place in it, and tells whether anything may be missing.

An id is `<epoch>-<ms>-<seq>`: the epoch changes when Redis has lost its data, the rest is the entry's place in the
person's stream. The log holds no texts: those are taken from MongoDB, as they are stored by now.
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
from app.realtime.event_log import EPOCH_KEY, MOST_EVENTS, REMEMBERED_SECONDS, stream_of
from app.realtime.payloads import COMPLETED_EVENT

_ID = re.compile(r"([0-9a-f]{8})-(\d{1,15})-(\d{1,15})")
_AT_A_TIME = 20
LARGEST_TEXTS = 2_000_000
"""In code points: a page ends early when the texts in it come to more."""

_READ = """
redis.call('SET', KEYS[2], ARGV[1], 'NX')
local now = redis.call('TIME')
local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
return {
  redis.call('GET', KEYS[2]), now[1], redis.call('XLEN', KEYS[1]),
  first[1] and first[1][1] or '', last[1] and last[1][1] or '',
  redis.call('XRANGE', KEYS[1], ARGV[2], '+', 'COUNT', ARGV[3])
}
"""


@dataclass(frozen=True, order=True)
class Position:
    """A place in a stream."""

    ms: int = 0
    seq: int = 0

    @classmethod
    def of(cls, text: bytes) -> Self:
        ms, _, seq = text.partition(b"-")
        return cls(int(ms), int(seq or 0))


@dataclass(frozen=True)
class EventId:
    """The id of an event, as clients hold it."""

    epoch: str
    position: Position

    @classmethod
    def read(cls, text: object) -> Self | None:
        """None for what is no id."""
        found = _ID.fullmatch(text) if isinstance(text, str) else None
        return cls(found[1], Position(int(found[2]), int(found[3]))) if found else None

    def __str__(self) -> str:
        return f"{self.epoch}-{self.position.ms}-{self.position.seq}"


@dataclass(frozen=True)
class Log:
    """What is known of a log besides its entries. `now` is Redis' clock in milliseconds."""

    epoch: str
    now: int
    length: int
    first: Position | None
    last: Position | None

    @property
    def newest(self) -> EventId:
        """The id of the last event; of an empty log one before whatever comes."""
        return EventId(self.epoch, self.last or Position(self.now - 1))

    @property
    def forgotten_before(self) -> Position:
        return Position(self.now - REMEMBERED_SECONDS * 1000)

    def has_all_since(self, seen: EventId) -> bool:
        """Whether no event after `seen` can have been dropped from the log."""
        latest = max(self.newest.position, Position(self.now))
        if seen.epoch != self.epoch or not self.forgotten_before <= seen.position <= latest:
            return False
        return self.first is None or seen.position >= self.first or self.length <= MOST_EVENTS


@dataclass(frozen=True)
class Told:
    """An event of the log."""

    event_id: str
    event: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """The next events. Everything up to `last_event_id` has been looked at; `more` when there is more beyond."""

    events: list[Told]
    last_event_id: str
    complete: bool
    more: bool = False


class EventReader:
    """Raises one of redis_client.OUTAGES, and of database.OUTAGES for texts."""

    def __init__(self, redis: Redis) -> None:
        self._read = redis.register_script(_READ)

    def page(self, user_id: str, after: object, limit: int) -> Page:
        """At most `limit` events after an id; from the beginning after None, none after "" or what is no id."""
        if after is None:
            log, found = self._entries(user_id, Position(), limit)
            complete = log.length <= MOST_EVENTS
        else:
            seen = EventId.read(after)
            if seen is None:
                log, _ = self._entries(user_id, Position(), 1)
                return Page([], str(log.newest), complete=after == "")
            log, found = self._entries(user_id, seen.position, limit)
            if seen.epoch != log.epoch:  # whatever is in this log, its client has not seen
                log, found = self._entries(user_id, Position(), limit)
            complete = log.has_all_since(seen)
        events, looked_at = _told(user_id, log.epoch, found)
        last = EventId(log.epoch, looked_at) if looked_at else log.newest
        return Page(events, str(last), complete, more=log.last is not None and last.position < log.last)

    def since(self, user_id: str, ms: int, limit: int) -> list[Told]:
        """At most `limit` events after a time (epoch milliseconds)."""
        log, found = self._entries(user_id, Position(ms), limit)
        events, _ = _told(user_id, log.epoch, found)
        return events

    def final_event(self, user_id: str, job_id: str, names: frozenset[str]) -> Told | None:
        """The event with one of these names that the log has of a run."""
        log, found = self._entries(user_id, Position(), MOST_EVENTS * 2)
        for entry in reversed(found):
            members = entry[1]
            if _event(members) in names and _payload(members).get("jobId") == job_id:
                told, _ = _told(user_id, log.epoch, [entry])
                return told[0] if told else None
        return None

    def newest(self, user_id: str) -> str:
        """The id of a person's last event."""
        return self.page(user_id, "", 1).last_event_id

    def _entries(self, user_id: str, after: Position, limit: int) -> tuple[Log, list[Any]]:
        start = max(after, Position(int((time.time() - REMEMBERED_SECONDS) * 1000)))
        answer: Any = self._read(
            keys=[stream_of(user_id), EPOCH_KEY], args=[secrets.token_hex(4), f"({start.ms}-{start.seq}", limit]
        )
        epoch, seconds, length, first, last, found = answer
        places = [Position.of(each) if each else None for each in (first, last)]
        entries = [(each, dict(zip(members[::2], members[1::2], strict=True))) for each, members in found]
        return Log(epoch.decode(), int(seconds) * 1000, length, *places), entries


def _told(user_id: str, epoch: str, entries: Sequence[Any]) -> tuple[list[Told], Position | None]:
    """The events with their texts, and the place up to which they go; without those whose text is gone."""
    told: list[Told] = []
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
            told.append(Told(payload["eventId"], _event(members), payload))
    return told, place


def _texts(user_id: str, entries: Sequence[Any]) -> dict[str, dict[str, str]]:
    ids = {_payload(members)["contentId"] for _, members in entries if _event(members) == COMPLETED_EVENT.name}
    found = queries.texts_of(user_id, ids) if ids else ()
    return {str(each["id"]): {"title": each["title"], "generatedText": each["generated_text"] or ""} for each in found}


def _event(members: Mapping[bytes, bytes]) -> str:
    return members[b"event"].decode()


def _payload(members: Mapping[bytes, bytes]) -> dict[str, Any]:
    payload: dict[str, Any] = orjson.loads(members[b"payload"])
    return payload
