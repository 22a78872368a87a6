"""Publishes previews of the texts that this process is generating.

Attempts only append to a buffer. One thread sends the buffers of all attempts in one round trip, each at most 9 times a
second. So an attempt never waits for Redis except at its end: the last piece is sent before the outcome is stored, so
that followers receive it before the final event. During a Redis outage pieces stay in the buffer and are sent later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from app.clock import iso, utcnow
from app.generation.providers.base import Stopped
from app.logs import get_logger
from app.realtime.live_text import FROM_THE_BEGINNING, SUPERSEDED, LiveTexts, Piece, Writing
from app.redis_client import OUTAGES

log = get_logger(__name__)

TIMEOUT_SECONDS = 0.5
"""Timeout of a Redis command. An attempt whose last piece cannot be sent waits at most twice as long."""
EVERY_SECONDS = 0.12
"""Interval between pieces of an attempt. Including the last piece, which is sent at once, at most 10 a second."""
FIRST_AFTER_SECONDS = 0.04
"""Delay of the first piece. A text that is complete sooner has no preview, only the `completed` event."""
IDLE_SECONDS = 1.0
AWAY_SECONDS = 0.5
"""Pause after a failed Redis command."""


class LiveStreams:
    """The previews of this process. Thread-safe. Run `keep_sending` in a separate thread."""

    def __init__(self, texts: LiveTexts) -> None:
        self._texts = texts
        self._changed = threading.Condition()
        self._waiting: dict[LiveStream, float] = {}
        self._wakes_at = 0.0
        self._sending = threading.Lock()
        self._away_until = 0.0

    def open(self, job_id: str, attempt: int) -> LiveStream:
        """Returns the preview of an attempt that is starting."""
        return LiveStream(self, job_id, attempt)

    def keep_sending(self, stopping: threading.Event) -> None:
        """Sends the buffered pieces until `stopping` is set."""
        while not stopping.is_set():
            due = self._await_due()
            try:
                self.send(due)
            except Exception:
                log.exception("previews not sent")  # this thread must not end
                stopping.wait(AWAY_SECONDS)

    def await_turn(self, stream: LiveStream, after: float) -> None:
        """Schedules the stream to be sent in `after` seconds, unless it is scheduled already."""
        with self._changed:
            if stream not in self._waiting:
                self._waiting[stream] = at = time.monotonic() + after
                if at < self._wakes_at:  # usually the sender wakes early enough for another stream
                    self._changed.notify()

    def withdraw(self, stream: LiveStream) -> None:
        """Unschedules a stream, whose attempt will send the rest itself."""
        with self._changed:
            self._waiting.pop(stream, None)

    def send(self, streams: Sequence[LiveStream]) -> None:
        """Sends the buffered pieces of these streams. On an outage they stay buffered and are rescheduled."""
        left = list(streams)
        with self._turn() as mine:
            while mine and left:
                try:
                    left = self._send_once(left)
                except OUTAGES as error:
                    self._away_until = time.monotonic() + AWAY_SECONDS
                    log.warning("previews not sent", count=len(left), error=str(error)[:200])
                    break
        for each in left:
            self.await_turn(each, AWAY_SECONDS)

    def _send_once(self, streams: Sequence[LiveStream]) -> list[LiveStream]:
        """Sends in one round trip. Returns the streams that must resend everything because Redis lost their text."""
        writings = [(stream, writing) for stream in streams if (writing := stream.writing())]
        if not writings:
            return []
        answers = self._texts.write([writing for _, writing in writings])
        for (stream, writing), answer in zip(writings, answers, strict=True):
            stream.note(writing, answer)
        return [stream for (stream, _), answer in zip(writings, answers, strict=True) if answer == FROM_THE_BEGINNING]

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """Yields True for one sender at a time, or False if Redis is unavailable or blocking the previous sender."""
        if time.monotonic() < self._away_until or not self._sending.acquire(timeout=TIMEOUT_SECONDS):
            yield False
            return
        try:
            yield time.monotonic() >= self._away_until
        finally:
            self._sending.release()

    def _await_due(self) -> list[LiveStream]:
        """Waits up to IDLE_SECONDS and returns the streams that are due."""
        with self._changed:
            now = time.monotonic()
            self._wakes_at = min([now + IDLE_SECONDS, *self._waiting.values()])
            if self._wakes_at > now:
                self._changed.wait(self._wakes_at - now)
            now = time.monotonic()
            due = [each for each, at in self._waiting.items() if at <= now]
            for each in due:
                del self._waiting[each]
            return due


class LiveStream:
    """The preview of one attempt, within its `with` block. Leading and trailing white space is stripped."""

    def __init__(self, streams: LiveStreams, job_id: str, attempt: int) -> None:
        self._streams = streams
        self._job_id = job_id
        self._attempt = attempt
        self._began_at = _milliseconds()
        self._lock = threading.Lock()
        self._sent: list[str] = []
        self._unsent: list[str] = []
        self._sent_length = 0
        self._sent_bytes = 0
        self._spaces = ""
        self._next_at = 0.0
        self._over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Sends the rest, unless the attempt was stopped or nothing of the text was sent yet."""
        self._streams.withdraw(self)
        if self._sent and not isinstance(error, Stopped):
            self._streams.send([self])
        self._over = True

    def add(self, text: str) -> None:
        """Appends the next piece of the text."""
        with self._lock:
            begun = self._sent or self._unsent
            text = self._spaces + text if begun else text.lstrip()
            shown = text.rstrip()
            self._spaces = text[len(shown) :]
            if not shown or self._over:
                return
            self._unsent.append(shown)
            after = max(0.0, self._next_at - time.monotonic()) if self._sent else FIRST_AFTER_SECONDS
        self._streams.await_turn(self, after)

    def writing(self) -> Writing | None:
        """Returns the next piece to send, or None if there is nothing new."""
        with self._lock:
            if not self._unsent or self._over:
                return None
            text = "".join(self._unsent)
            self._unsent = [text]
            piece = Piece(self._attempt, self._began_at, self._sent_length, text, iso(utcnow()))
            self._next_at = time.monotonic() + EVERY_SECONDS
            return Writing(self._job_id, piece, self._sent_bytes)

    def note(self, writing: Writing, answer: int) -> None:
        """Records the result of sending a piece."""
        with self._lock:
            if answer == FROM_THE_BEGINNING:
                self._sent, self._unsent = [], [*self._sent, *self._unsent]
                self._sent_length = self._sent_bytes = 0
                self._began_at = max(self._began_at + 1, _milliseconds())  # a new preview, so that followers start over
                return
            self._over = answer == SUPERSEDED
            self._sent.append(self._unsent.pop(0))
            self._sent_length += len(writing.piece.text)
            self._sent_bytes += len(writing.piece.text.encode())


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000
