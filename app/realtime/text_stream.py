"""One client's stream of a text as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

Whenever it is woken, a stream sends everything beyond its place in the followed run, so a slow client receives fewer,
larger pieces. It holds no database or Redis connection while waiting. Each event's id is `<attempt>:<offset>`: how much
text the client has after it. The final event's offset is END.
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
"""The offset in the final event's id, larger than any text."""
COMMENT_SECONDS = 10.0
TICK_SECONDS = 1.0
COMMENT = b": still here\n\n"
_ID = re.compile(r"(\d{1,6}):(\d{1,7})")

Find = Callable[[], queries.Shown | None]
"""Returns the followed content, or None if it was deleted. Raises one of database.OUTAGES."""


class FinalEvent(Protocol):
    """Finds the event that ended a content's generation, for a stream that missed it."""

    def __call__(self, content: queries.Shown, *, made: bool) -> tuple[str, dict[str, Any]] | None:
        """Returns the logged name and payload. If not logged: None, or with `made`, an event built from the content."""


@dataclass(frozen=True)
class Resumption:
    """A parsed Last-Event-ID. (0, 0) if it is missing or invalid."""

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
        """Returns the place in a run's text, or None if it is not certain and a snapshot must be sent."""
        preview = run.preview
        known = self.attempt == preview.attempt and preview.shown < self.offset <= len(preview.text)
        return Place(self.attempt, run.restarts, self.offset) if known else None


class TextStream:
    """A follower whose `parts` are the body of a response.

    `closed` returns True once the client has disconnected or lost its access.
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

    def on_text(self, run: Run) -> None:
        self._arrived.set()

    def on_event(self, run: Run, event: str, payload: dict[str, Any]) -> None:
        if event in {LOOK_AGAIN, CHANGED_ELSEWHERE}:
            self._look = True
        else:
            self._events.append((event, payload))
        self._arrived.set()

    def parts(self, content: queries.Shown, resumption: Resumption) -> Iterator[bytes]:
        """Yields the stream up to the final event. `content` is the content as just read."""
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
        """Returns a snapshot, or the text since the client's Last-Event-ID."""
        place = self._following.look(run, resumption.place_in)
        if place is not None:
            self._place = place
            part = self._following.look(run, lambda run: run.part_beyond(place))
            return self._part(run, part, content["generation_status"]) if part else COMMENT
        place, text = self._following.look(run, lambda run: _all_of(run, content["attempt"] or 0))
        if content["generation_status"] == COMPLETED:
            text = content["generated_text"] or ""
        self._place = Place(place.attempt, place.restarts, len(text))
        return self._snapshot(place.attempt, text, content["generation_status"])

    def _news(self, run: Run) -> Iterator[bytes]:
        """Yields what arrived since the last call, with an attempt's text before the event that ends it."""
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
        """Checks the stored content, in case the final event was missed or the content deleted."""
        self._look = False
        try:
            content = self._find()
        except OUTAGES:
            return
        if content is None:
            self._over = True
        elif content["job_id"] != run.job_id:
            self._over = True  # it was generated again; a reconnecting client follows the new run
        elif content["generation_status"] not in UNFINISHED:
            event = self._final_event(content, made=False)
            if event is None and not self._hears_soon():
                event = self._final_event(content, made=True)
            if event is not None:
                yield self._event(*event)

    def _hears_soon(self) -> bool:
        """Waits briefly for the final event, which is published after the write that was just read."""
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
        self._place = Place(part.attempt, run.restarts, part.offset + len(part.text))
        if part.from_start:
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
    """Returns an attempt's text and the place at its end."""
    place = run.place(attempt)
    return place, run.preview.text[: place.offset]
