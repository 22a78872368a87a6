"""The runs that are being followed in this web process, with the text received so far.

The process subscribes to a run's channel while the run has followers. Each follower has a place in the text and is sent
everything beyond it as one piece, so no text is repeated or skipped. After a missed piece or a Redis outage, the text
is reloaded from the preview that the worker keeps in Redis.
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
"""The events that end a run. No text is delivered after them."""
LOAD_SECONDS = 2.0

CHANGED_ELSEWHERE = "content:changed"
LOOK_AGAIN = "look again"
"""Sent to followers when events may have been missed: check the stored status of the run."""


@dataclass(frozen=True)
class Place:
    """How much a follower has received: `offset` code points of an attempt, after this many restarts of the preview."""

    attempt: int = 0
    restarts: int = 0
    offset: int = 0


@dataclass(frozen=True)
class Part:
    """Text that a follower has not received. With `from_start` it replaces everything sent before.

    `offset` is in code points; `at` is when the text was written (ISO 8601).
    """

    attempt: int
    offset: int
    text: str
    at: str
    from_start: bool


class Follower(Protocol):
    """Callbacks of a follower. Called by one thread at a time; they must not block."""

    def on_text(self, run: Run) -> None:
        """Called when there is more text."""

    def on_event(self, run: Run, event: str, payload: dict[str, Any]) -> None:
        """Called with each event of the run's content, and with LOOK_AGAIN."""


@dataclass(eq=False)
class Run:
    """A followed run. `restarts` counts how often its preview started over; `over` is set by its final event."""

    content_id: str
    job_id: str
    preview: Preview = NOTHING
    restarts: int = 0
    at: str = ""
    over: bool = False
    followers: list[Follower] = field(default_factory=list)
    loaded: threading.Event = field(default_factory=threading.Event)

    def place(self, attempt: int) -> Place:
        """The place at the end of this attempt's text, or of the current attempt's if that is later."""
        known = self.preview if self.preview.attempt >= attempt else NOTHING
        return Place(max(known.attempt, attempt), self.restarts, len(known.text))

    def part_beyond(self, place: Place) -> Part | None:
        """Returns the text beyond a place, or None if there is none."""
        preview = self.preview
        if preview.attempt < place.attempt:
            return None
        continues = preview.attempt == place.attempt and (place.restarts == self.restarts or place.offset == 0)
        text = preview.text[place.offset :] if continues else preview.text
        if not text:
            return None
        return Part(preview.attempt, place.offset if continues else 0, text, self.at, from_start=not continues)

    def take(self, piece: Piece) -> bool:
        """Appends a piece. Returns False if an earlier piece is missing."""
        following = self.preview.with_piece(piece)
        if following is None:
            return False
        self.restarts += following is not self.preview and piece.offset == 0
        self.preview, self.at = following, piece.at
        return True

    def reload(self, stored: Preview) -> None:
        """Replaces the preview by the stored one, unless pieces received meanwhile make it newer."""
        mine, theirs = (self.preview.attempt, self.preview.began_at), (stored.attempt, stored.began_at)
        if theirs < mine or (theirs == mine and len(stored.text) <= len(self.preview.text)):
            return
        self.restarts += theirs != mine or not stored.text.startswith(self.preview.text)
        self.preview, self.at = stored, iso(utcnow())


class Following:
    """All runs followed in this process. Thread-safe."""

    def __init__(self, bus: PatientRedisManager, texts: LiveTexts) -> None:
        self.bus = bus
        self._texts = texts
        self._lock = threading.RLock()
        self._runs: dict[str, Run] = {}
        self._by_content: defaultdict[str, set[Run]] = defaultdict(set)
        self.closing = False
        bus.channels.on_message = self._on_piece
        bus.channels.connected.append(self._look_again)
        bus.listeners.append(self._on_event)
        bus.on_shutdown.append(self._close)

    def join(self, content_id: str, job_id: str, follower: Follower) -> Run:
        """Adds a follower and returns the run with its text so far (see `Run.place`)."""
        self.bus.listen()
        with self._lock:
            run = self._runs.get(job_id)
            if run is None or run.over:  # it may have been requeued before its last follower has left
                run = self._runs[job_id] = Run(content_id, job_id)
            first = not run.followers
            self._by_content[content_id].add(run)
            run.followers.append(follower)
        if first:
            self.bus.channels.subscribe(key_of(job_id))
            self._load(run)
            run.loaded.set()
        else:
            run.loaded.wait(LOAD_SECONDS)
        return run

    def leave(self, run: Run, follower: Follower) -> None:
        """Removes a follower, and unsubscribes from the run when it was the last. Idempotent."""
        with self._lock:
            if follower not in run.followers:
                return
            run.followers.remove(follower)
            if run.followers:
                return
            self._by_content[run.content_id].discard(run)
            if not self._by_content[run.content_id]:
                del self._by_content[run.content_id]
            if self._runs.get(run.job_id) is not run:
                return
            del self._runs[run.job_id]
        self.bus.channels.unsubscribe(key_of(run.job_id))

    def look(self, run: Run, what: Callable[[Run], Any]) -> Any:
        """Calls `what` with the run while holding the lock, and returns its result."""
        with self._lock:
            return what(run)

    def last_text(self, job_id: str) -> str:
        """Returns the last preview of a finished run, or "" if it has expired."""
        try:
            stored = self._texts.read(job_id)
        except OUTAGES:
            return ""
        return stored.text if stored else ""

    def count(self) -> int:
        """The number of runs followed in this process."""
        return len(self._runs)

    def _close(self) -> None:
        """Wakes every follower, because the process is shutting down."""
        if not self.closing:
            self.closing = True
            with self._lock:
                for run in self._runs.values():
                    self._notify(run)

    def _on_piece(self, channel: str, data: bytes) -> None:
        with self._lock:
            run = self._runs.get(channel.removeprefix(key_of("")))
            if run is None or run.over:
                return
            if run.take(Piece.decoded(data)):
                self._notify(run)
                return
        threading.Thread(target=self._load, args=(run,), daemon=True).start()

    def _on_event(self, message: dict[str, Any]) -> None:
        """Passes an event on to the followers of its content."""
        data = message.get("data")
        payload = data[0] if isinstance(data, list) and data else data
        if not isinstance(payload, dict) or payload.get("contentId") not in self._by_content:
            return
        with self._lock:
            for run in list(self._by_content.get(payload["contentId"], ())):
                if payload.get("jobId", run.job_id) == run.job_id and not run.over:
                    run.over = message["event"] in FINAL
                    for follower in list(run.followers):
                        follower.on_event(run, message["event"], payload)

    def _look_again(self) -> None:
        """Reloads every run after a reconnection, because messages sent during the outage were missed."""
        runs = list(self._runs.values())
        if runs:
            threading.Thread(target=self._look_at, args=(runs,), daemon=True).start()

    def _look_at(self, runs: list[Run]) -> None:
        for run in runs:
            self._load(run)
            with self._lock:
                for follower in list(run.followers):
                    follower.on_event(run, LOOK_AGAIN, {})

    def _load(self, run: Run) -> None:
        """Reloads a run's text. During a Redis outage the run keeps the text it has."""
        try:
            stored = self._texts.read(run.job_id)
        except OUTAGES as error:
            log.warning("preview not read", job_id=run.job_id, error=str(error)[:200])
            return
        with self._lock:
            if stored is not None and not run.over:
                run.reload(stored)
                self._notify(run)

    def _notify(self, run: Run) -> None:
        for follower in list(run.followers):
            follower.on_text(run)
