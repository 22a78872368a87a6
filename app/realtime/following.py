"""The runs whose text somebody follows in this web process, each with what has been heard of it.

A run's channel is listened to while it has followers here. Each follower has a place in the text; what is beyond it
goes to them in one piece, so that nobody gets a piece twice or misses one. When a piece was missed, or Redis was away,
the text is read again from where the worker keeps it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.clock import iso, utcnow
from app.logs import get_logger
from app.realtime.bus import PatientRedisManager
from app.realtime.live_text import NOTHING, LiveTexts, Piece, Preview, key_of
from app.realtime.payloads import CANCELLED_EVENT, COMPLETED_EVENT, FAILED_EVENT
from app.redis_client import OUTAGES

log = get_logger(__name__)

FINAL = frozenset({COMPLETED_EVENT.name, FAILED_EVENT.name, CANCELLED_EVENT.name})
"""The events that end a run; no piece of it is passed on after them."""
LOAD_SECONDS = 2.0

CHANGED_ELSEWHERE = "content:changed"
LOOK_AGAIN = "look again"
"""Told to followers when events may have been missed: what is stored says whether the run goes on."""


@dataclass(frozen=True)
class Place:
    """What a follower has: so many code points of an attempt, in so manieth life of its preview."""

    attempt: int = 0
    life: int = 0
    offset: int = 0


@dataclass(frozen=True)
class Part:
    """What a follower lacks; `anew` when it takes the place of all that came before."""

    attempt: int
    offset: int
    text: str
    at: str
    anew: bool


class Follower(Protocol):
    """Called by one thread at a time, which must not be held up."""

    def changed(self, run: Run) -> None:
        """There is more of the text."""

    def told(self, run: Run, event: str, payload: dict[str, Any]) -> None:
        """An event of the run's content, or LOOK_AGAIN."""


@dataclass(eq=False)
class Run:
    """A run that is followed. `life` counts how often its preview has begun anew here; `over` after its final event."""

    content_id: str
    job_id: str
    preview: Preview = NOTHING
    life: int = 0
    at: str = ""
    over: bool = False
    followers: list[Follower] = field(default_factory=list)
    loaded: threading.Event = field(default_factory=threading.Event)

    def place(self, attempt: int) -> Place:
        """The place of somebody who has all that there is of this attempt, or of the one that is written now."""
        known = self.preview if self.preview.attempt >= attempt else NOTHING
        return Place(max(known.attempt, attempt), self.life, len(known.text))

    def part_beyond(self, place: Place) -> Part | None:
        """What somebody at this place lacks; None when that is nothing."""
        preview = self.preview
        if preview.attempt < place.attempt:
            return None
        goes_on = preview.attempt == place.attempt and (place.life == self.life or place.offset == 0)
        text = preview.text[place.offset :] if goes_on else preview.text
        if not text:
            return None
        return Part(preview.attempt, place.offset if goes_on else 0, text, self.at, anew=not goes_on)

    def take(self, piece: Piece) -> bool:
        """Adds a piece; False when one before it was missed."""
        following = self.preview.with_piece(piece)
        if following is None:
            return False
        self.life += following is not self.preview and piece.offset == 0
        self.preview, self.at = following, piece.at
        return True

    def reload(self, stored: Preview) -> None:
        """Takes over what the worker keeps, unless more has been heard meanwhile."""
        mine, theirs = (self.preview.attempt, self.preview.began_at), (stored.attempt, stored.began_at)
        if theirs < mine or (theirs == mine and len(stored.text) <= len(self.preview.text)):
            return
        self.life += theirs != mine or not stored.text.startswith(self.preview.text)
        self.preview, self.at = stored, iso(utcnow())


class Following:
    """All followed runs of this process. Thread-safe."""

    def __init__(self, bus: PatientRedisManager, texts: LiveTexts) -> None:
        self.bus = bus
        self._texts = texts
        self._lock = threading.RLock()
        self._runs: dict[str, Run] = {}
        self._by_content: defaultdict[str, set[Run]] = defaultdict(set)
        self.closing = False
        bus.channels.hear = self._hear_piece
        bus.channels.connected.append(self._look_again)
        bus.hearers.append(self._hear_event)
        bus.leaving.append(self._close)

    def join(self, content_id: str, job_id: str, follower: Follower) -> Run:
        """Follows a run from now on, and has its text as it stands; see `Run.place`."""
        self.bus.listen()
        with self._lock:
            first = job_id not in self._runs
            run = self._runs.setdefault(job_id, Run(content_id, job_id))
            self._by_content[content_id].add(run)
            run.followers.append(follower)
        if first:
            self.bus.channels.want(key_of(job_id))
            self._load(run)
            run.loaded.set()
        else:
            run.loaded.wait(LOAD_SECONDS)
        return run

    def leave(self, run: Run, follower: Follower) -> None:
        """The last one that leaves ends the listening. Twice is no error."""
        with self._lock:
            if follower not in run.followers:
                return
            run.followers.remove(follower)
            if run.followers:
                return
            self._runs.pop(run.job_id, None)
            self._by_content[run.content_id].discard(run)
            if not self._by_content[run.content_id]:
                del self._by_content[run.content_id]
        self.bus.channels.leave(key_of(run.job_id))

    def look(self, run: Run, what: Callable[[Run], Any]) -> Any:
        """Does something with a run that holds still meanwhile."""
        with self._lock:
            return what(run)

    def last_words(self, job_id: str) -> str:
        """What was written of a run that has ended; empty when that is not known any more."""
        try:
            stored = self._texts.read(job_id)
        except OUTAGES:
            return ""
        return stored.text if stored else ""

    def count(self) -> int:
        """How many runs are followed here."""
        return len(self._runs)

    def _close(self) -> None:
        """The process is told to stop: whoever waits for more need not wait."""
        if not self.closing:
            self.closing = True
            with self._lock:
                for run in self._runs.values():
                    self._pass_on(run)

    def _hear_piece(self, channel: str, data: bytes) -> None:
        with self._lock:
            run = self._runs.get(channel.removeprefix(key_of("")))
            if run is None or run.over:
                return
            if run.take(Piece.decoded(data)):
                self._pass_on(run)
                return
        threading.Thread(target=self._load, args=(run,), daemon=True).start()

    def _hear_event(self, message: dict[str, Any]) -> None:
        """An event that python-socketio passed on: for followers when it is about a content that they follow."""
        data = message.get("data")
        payload = data[0] if isinstance(data, list) and data else data
        if not isinstance(payload, dict) or payload.get("contentId") not in self._by_content:
            return
        with self._lock:
            for run in list(self._by_content.get(payload["contentId"], ())):
                if payload.get("jobId", run.job_id) == run.job_id:
                    run.over = run.over or message["event"] in FINAL
                    for follower in list(run.followers):
                        follower.told(run, message["event"], payload)

    def _look_again(self) -> None:
        """The connection to Redis is a new one: whatever was sent before has not been heard."""
        runs = list(self._runs.values())
        if runs:
            threading.Thread(target=self._look_at, args=(runs,), daemon=True).start()

    def _look_at(self, runs: list[Run]) -> None:
        for run in runs:
            self._load(run)
            with self._lock:
                for follower in list(run.followers):
                    follower.told(run, LOOK_AGAIN, {})

    def _load(self, run: Run) -> None:
        """Reads a run's text again; left as it is while Redis is away."""
        try:
            stored = self._texts.read(run.job_id)
        except OUTAGES as error:
            log.warning("preview not read", job_id=run.job_id, error=str(error)[:200])
            return
        with self._lock:
            if stored is not None and not run.over:
                run.reload(stored)
                self._pass_on(run)

    def _pass_on(self, run: Run) -> None:
        for follower in list(run.followers):
            follower.changed(run)
