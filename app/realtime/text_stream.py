"""One client's stream of a text as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

A stream takes what it lacks from the followed run whenever it is woken, so a slow client gets larger pieces and not
more of them. It holds no connection to a server while it waits. Each event has an id `<attempt>:<offset>`, which says
what the client has after it; the final event's offset is END.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from app.content import queries
from app.content.document import COMPLETED, UNFINISHED
from app.database import OUTAGES
from app.realtime.following import CHANGED_ELSEWHERE, FINAL, LOOK_AGAIN, Following, Part, Place, Run

END = 1_000_000
"""More than any text has: the offset of whoever has seen the end."""
COMMENT_SECONDS = 10.0
TICK_SECONDS = 1.0
COMMENT = b": still here\n\n"
_ID = re.compile(r"(\d{1,6}):(\d{1,7})")

Find = Callable[[], queries.Shown | None]
"""Reads the content that is followed; None when it is its owner's no more. Raises one of database.OUTAGES."""


class FinalEvent(Protocol):
    """Finds the event that ended a content's generation, for a stream that has not heard it."""

    def __call__(self, content: queries.Shown, *, made: bool) -> tuple[str, dict[str, Any]] | None:
        """Name and payload as they were logged; with `made`, of what is stored, where the log does not have them."""


@dataclass(frozen=True)
class Resumption:
    """What a Last-Event-ID says. (0, 0) for none, or for one that says nothing."""

    attempt: int = 0
    offset: int = 0

    @classmethod
    def of(cls, last_event_id: str | None) -> Resumption:
        found = _ID.fullmatch((last_event_id or "").strip())
        return cls(int(found[1]), int(found[2])) if found else cls()

    @property
    def given(self) -> bool:
        return self != Resumption()

    @property
    def at_the_end(self) -> bool:
        return self.offset >= END

    def place_in(self, run: Run) -> Place | None:
        """Where it lies in a run's text; None when that is not certain, and a snapshot has to be sent."""
        preview = run.preview
        known = self.attempt == preview.attempt and preview.shown < self.offset <= len(preview.text)
        return Place(self.attempt, run.life, self.offset) if known else None


class TextStream:
    """A follower whose `parts` are the bytes of an answer.

    `closed` says that the client has left, or may not listen any more.
    """

    def __init__(self, following: Following, find: Find, final_event: FinalEvent, closed: Callable[[], bool]) -> None:
        self._following = following
        self._find = find
        self._final_event = final_event
        self._closed = closed
        self._arrived = threading.Event()
        self._events: deque[tuple[str, dict[str, Any]]] = deque()
        self._look = False
        self._place = Place()
        self._over = False

    def changed(self, run: Run) -> None:
        self._arrived.set()

    def told(self, run: Run, event: str, payload: dict[str, Any]) -> None:
        if event in {LOOK_AGAIN, CHANGED_ELSEWHERE}:
            self._look = True
        else:
            self._events.append((event, payload))
        self._arrived.set()

    def parts(self, content: queries.Shown, resumption: Resumption) -> Iterator[bytes]:
        """The whole stream, from `content` as it was a moment ago to the final event."""
        run = self._following.join(str(content["id"]), content["job_id"], self)
        try:
            content = self._found() or content
            yield self._beginning(run, content, resumption)
            self._look = content["generation_status"] not in UNFINISHED
            yield from self._until_it_ends(run)
        finally:
            self._following.leave(run, self)

    def _until_it_ends(self, run: Run) -> Iterator[bytes]:
        commented = looked = time.monotonic()
        while not self._over and not self._following.closing and not self._closed():
            yield from self._news(run)
            if self._over:
                return
            now = time.monotonic()
            if self._look or now - looked >= COMMENT_SECONDS:
                looked = now
                yield from self._looked_up(run)
            if now - commented >= COMMENT_SECONDS:
                commented = now
                yield COMMENT
            self._arrived.wait(TICK_SECONDS)

    def _beginning(self, run: Run, content: queries.Shown, resumption: Resumption) -> bytes:
        """A snapshot, or what is missing since the id that the client has seen last."""
        place = self._following.look(run, resumption.place_in)
        if place is not None:
            self._place = place
            part = self._following.look(run, lambda run: run.part_beyond(place))
            return self._part(run, part, content["generation_status"]) if part else COMMENT
        place, text = self._following.look(run, lambda run: _all_of(run, content["attempt"] or 0))
        if content["generation_status"] == COMPLETED:
            text = content["generated_text"] or ""
        self._place = Place(place.attempt, place.life, len(text))
        return self._snapshot(place.attempt, text, content["generation_status"])

    def _news(self, run: Run) -> Iterator[bytes]:
        """What has come since the last time: pieces of an attempt before the event that ends it."""
        self._arrived.clear()
        while self._events:
            event, payload = self._events.popleft()
            part = self._lacking(run)
            if part is not None and (event in FINAL or part.attempt == self._place.attempt):
                yield self._part(run, part)
            yield self._event(event, payload)
        part = None if self._over else self._lacking(run)
        if part is not None:
            yield self._part(run, part)

    def _looked_up(self, run: Run) -> Iterator[bytes]:
        """Compares with what is stored: the final event may have been missed, and a content may be gone."""
        self._look = False
        try:
            content = self._find()
        except OUTAGES:
            return
        if content is None:
            self._over = True
        elif content["job_id"] != run.job_id:
            self._over = True  # it is being written again: whoever comes back follows that
        elif content["generation_status"] not in UNFINISHED:
            event = self._final_event(content, made=False)
            if event is None and not self._hears_soon():
                event = self._final_event(content, made=True)
            if event is not None:
                yield self._event(*event)

    def _hears_soon(self) -> bool:
        """Waits a moment for the final event, which follows the write that was just seen."""
        self._arrived.wait(TICK_SECONDS)
        return bool(self._events)

    def _found(self) -> queries.Shown | None:
        try:
            return self._find()
        except OUTAGES:
            return None

    def _lacking(self, run: Run) -> Part | None:
        part: Part | None = self._following.look(run, lambda run: run.part_beyond(self._place))
        return part

    def _part(self, run: Run, part: Part, status: str = "processing") -> bytes:
        self._place = Place(part.attempt, run.life, part.offset + len(part.text))
        if part.anew:
            return self._snapshot(part.attempt, part.text, status)
        ids = {"contentId": run.content_id, "jobId": run.job_id, "attempt": part.attempt}
        return self._sent("delta", ids | {"offset": part.offset, "text": part.text, "timestamp": part.at})

    def _snapshot(self, attempt: int, text: str, status: str | None) -> bytes:
        return self._sent("snapshot", {"attempt": attempt, "text": text, "status": status})

    def _event(self, event: str, payload: dict[str, Any]) -> bytes:
        self._over = event in FINAL
        return self._sent(event, payload)

    def _sent(self, event: str, data: dict[str, Any]) -> bytes:
        offset = END if self._over else self._place.offset
        head = f"event: {event}\nid: {self._place.attempt}:{offset}\ndata: "
        return head.encode() + orjson.dumps(data) + b"\n\n"


def _all_of(run: Run, attempt: int) -> tuple[Place, str]:
    """The place of somebody who has all of an attempt's text, and that text."""
    place = run.place(attempt)
    return place, run.preview.text[: place.offset]
