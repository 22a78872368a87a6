"""Further channels of Redis that the connection of the message bus listens to, for as long as somebody wants them.

One connection for all of them, because Redis keeps the order of messages only within a connection: the last piece of a
text is heard before the event that ends it. A connection that listens belongs to the thread that reads from it; others
say what they want, and wake that thread by a message on a channel of its own.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from redis import Redis

from app.logs import get_logger
from app.redis_client import OUTAGES

log = get_logger(__name__)

CONFIRM_SECONDS = 1.0
"""How long somebody waits for Redis' word that a channel is listened to."""

Hear = Callable[[str, bytes], None]


class Channels:
    """`want` and `leave` may be called by any thread, the rest by the one that reads.

    `redis` is for waking that one; `hear` gets the name and the data of each message.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._wake_channel = f"wake:{uuid.uuid4().hex}"
        self._lock = threading.Lock()
        self._wanted: dict[str, threading.Event] = {}
        self._subscribed: set[str] = set()
        self._confirmed: set[str] = set()
        self._pubsub: Any = None
        self._away = False
        self.hear: Hear | None = None
        self.connected: list[Callable[[], None]] = []
        """Called by the thread that reads, in this order, when a connection is new and before anything is read."""
        self.lost_at: float | None = None
        """When the connection was lost, by the monotonic clock, until somebody has made up for it."""

    def want(self, name: str) -> bool:
        """Has a channel listened to; whether it is by now. While Redis is away it will be when Redis is back."""
        with self._lock:
            confirmed = self._wanted.setdefault(name, threading.Event())
        return self._wake() and confirmed.wait(CONFIRM_SECONDS)

    def leave(self, name: str) -> None:
        """Nobody wants this channel any more."""
        with self._lock:
            self._wanted.pop(name, None)
        self._wake()

    def begin(self, pubsub: Any, main_channel: str) -> None:
        """A connection that is new listens to the main channel and to whatever is wanted."""
        pubsub.ignore_subscribe_messages = False
        with self._lock:
            self._pubsub, self._subscribed, self._confirmed = pubsub, set(self._wanted), set()
            pubsub.subscribe(main_channel, self._wake_channel, *self._wanted)
        self._away = False
        for connected in self.connected:
            self._call(connected)

    def end(self) -> None:
        """The connection is lost."""
        self._away = True
        if self.lost_at is None:
            self.lost_at = time.monotonic()
        with self._lock:
            self._pubsub = None
            for confirmed in self._wanted.values():
                confirmed.clear()

    def take(self, message: dict[str, Any]) -> bool:
        """Whether this message was for us; False for one of the main channel."""
        channel: str = message["channel"].decode()
        kind: str = message["type"]
        if kind == "subscribe":
            self._note(channel)
        elif kind == "message" and channel == self._wake_channel:
            self._adjust()
        elif kind == "message" and channel in self._subscribed:
            self._call(self.hear, channel, message["data"])
        else:
            return kind != "message"
        return True

    def _wake(self) -> bool:
        """Wakes the thread that reads; False while that would be in vain."""
        if self._away:
            return False
        try:
            self._redis.publish(self._wake_channel, b"")
        except OUTAGES:
            return False
        return True

    def _note(self, channel: str) -> None:
        with self._lock:
            self._confirmed.add(channel)
            if channel in self._wanted:
                self._wanted[channel].set()

    def _adjust(self) -> None:
        """Subscribes to what is wanted and to nothing else."""
        with self._lock:
            added, gone = set(self._wanted) - self._subscribed, self._subscribed - set(self._wanted)
            if added:
                self._pubsub.subscribe(*added)
            if gone:
                self._pubsub.unsubscribe(*gone)
            self._subscribed = set(self._wanted)
            self._confirmed -= gone
            for name in self._confirmed & set(self._wanted):
                self._wanted[name].set()

    def _call(self, what: Callable[..., None] | None, *arguments: Any) -> None:
        """Whatever goes wrong there, listening goes on."""
        try:
            if what is not None:
                what(*arguments)
        except Exception:
            log.exception("message not handled")
