"""Logs and publishes the events of the outbox to the people they concern.

Each user's log is a Redis stream, from which a client that was disconnected reads what it missed. It contains ids and
statuses but no texts. Events are published on the channel that the Socket.IO servers of all web processes subscribe to,
in the format of python-socketio 5.18 (socketio/pubsub_manager.py, `emit`). One Lua script logs and publishes, guarded
by the outbox entry's id, so an entry that is handled twice is published once.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

import orjson
from redis import Redis

from app.logs import get_logger
from app.outbox.entries import Entry
from app.realtime.bus import CHANNEL
from app.realtime.events import TEXTS, event_of, payload_of, room_of

log = get_logger(__name__)

REMEMBERED_SECONDS = 24 * 3600
"""How long events can be replayed, and for how long a repeated outbox entry is recognised."""
MOST_EVENTS = 1000
"""Events kept per user. Redis trims approximately, so there may be a few more, but a trimmed log never has fewer."""
EPOCH_KEY = "events:epoch"

_TELL = """
if redis.call('EXISTS', KEYS[1]) == 1 then return false end
redis.call('SET', KEYS[3], ARGV[1], 'NX')
local epoch = redis.call('GET', KEYS[3])
local members = {'event', ARGV[3], 'payload', ARGV[4], 'entry', ARGV[9]}
local id = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', unpack(members))
redis.call('EXPIRE', KEYS[2], ARGV[5])
local event_id = epoch .. '-' .. id
redis.call('PUBLISH', ARGV[6], (string.gsub(ARGV[7], ARGV[8], event_id)))
redis.call('SET', KEYS[1], event_id, 'EX', ARGV[5])
return event_id
"""

_ERASE = """
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then
  local first = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1][1]
  redis.call('SET', KEYS[2], first, 'EX', ARGV[2])
end
redis.call('XDEL', KEYS[1], unpack(ARGV, 3))
"""
"""Deletes entries. Afterwards the length no longer tells that the log was trimmed, so the first entry's id is noted."""


def stream_of(user_id: object) -> str:
    """The Redis key of a user's log."""
    return f"events:user:{user_id}"


def trimmed_key_of(user_id: object) -> str:
    """The Redis key of the id before which a user's log was trimmed. Only set if events were erased since."""
    return f"events:trimmed:{user_id}"


class EventLog:
    """An outbox handler. Thread-safe."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._tell = redis.register_script(_TELL)
        self._erase = redis.register_script(_ERASE)
        self._placeholder = secrets.token_hex(16)  # random, so no text contains it
        self._host_id = secrets.token_hex(16)

    def tell(self, entry: Entry, content: dict[str, Any]) -> None:
        """Logs and publishes the event of this entry. Raises one of redis_client.OUTAGES."""
        event, user_id = event_of(entry), content["user_id"]
        payload = payload_of(entry, content, self._placeholder)
        logged = {name: value for name, value in payload.items() if name not in TEXTS and name != "eventId"}
        self._tell(
            keys=[f"event:{entry.id}", stream_of(user_id), EPOCH_KEY],
            args=[
                secrets.token_hex(4),
                MOST_EVENTS,
                event.name,
                orjson.dumps(logged),
                REMEMBERED_SECONDS,
                CHANNEL,
                self._message(entry, event.name, payload, room_of(user_id)),
                self._placeholder,
                entry.id,
            ],
        )
        log.debug("event", socket_event=event.name, job_id=entry.job_id)

    def erase(self, user_id: object, content_ids: Collection[str]) -> None:
        """Deletes the events of these contents from a user's log. Raises one of redis_client.OUTAGES."""
        logged: Any = self._redis.xrange(stream_of(user_id))
        gone = [key for key, members in logged if orjson.loads(members[b"payload"]).get("contentId") in content_ids]
        if gone:
            keys = [stream_of(user_id), trimmed_key_of(user_id)]
            self._erase(keys=keys, args=[MOST_EVENTS, REMEMBERED_SECONDS, *gone])

    def _message(self, entry: Entry, name: str, payload: dict[str, Any], room: str) -> bytes:
        """The message that makes the Socket.IO servers emit an event to a room. `entry` is for MissedEvents."""
        return orjson.dumps(
            {
                "entry": entry.id,
                "method": "emit",
                "event": name,
                "data": [payload],
                "binary": False,
                "namespace": "/",
                "room": room,
                "skip_sid": None,
                "callback": None,
                "host_id": self._host_id,
            }
        )
