"""Shows the texts that this process is writing, while they are being written.

An attempt only puts its pieces into a buffer. One thread of the process sends what has accumulated, for all attempts in
one round trip, at most 9 times a second for each. So an attempt never waits for Redis, except at its end: its last
piece is sent before its outcome is stored, so that nobody hears about the end first. While Redis is away, pieces stay
in the buffer, and are sent when it is back.
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
"""For one command. An attempt whose last piece cannot be sent waits at most twice as long."""
EVERY_SECONDS = 0.12
"""Between two pieces of an attempt. With the last one, which does not wait, there are at most 10 a second."""
FIRST_AFTER_SECONDS = 0.04
"""A text that is complete sooner is never shown as a preview; it comes with the `completed` event."""
IDLE_SECONDS = 1.0
AWAY_SECONDS = 0.5
"""How long Redis is left alone after it has not answered."""


class LiveStreams:
    """The attempts of this process that are being shown. Thread-safe. `keep_sending` runs in a thread of its own."""

    def __init__(self, texts: LiveTexts) -> None:
        self._texts = texts
        self._changed = threading.Condition()
        self._waiting: dict[LiveStream, float] = {}
        self._wakes_at = 0.0
        self._sending = threading.Lock()
        self._away_until = 0.0

    def open(self, job_id: str, attempt: int) -> LiveStream:
        """The preview of an attempt that begins now."""
        return LiveStream(self, job_id, attempt)

    def keep_sending(self, stopping: threading.Event) -> None:
        """Sends what has accumulated, until `stopping` is set."""
        while not stopping.is_set():
            due = self._await_due()
            try:
                self.send(due)
            except Exception:
                log.exception("previews not sent")  # the thread must live on
                stopping.wait(AWAY_SECONDS)

    def await_turn(self, stream: LiveStream, after: float) -> None:
        """Has the stream sent in so many seconds, unless it waits already."""
        with self._changed:
            if stream not in self._waiting:
                self._waiting[stream] = at = time.monotonic() + after
                if at < self._wakes_at:  # most often it wakes in time for another one
                    self._changed.notify()

    def withdraw(self, stream: LiveStream) -> None:
        """Takes a stream out that its attempt sends itself from now on."""
        with self._changed:
            self._waiting.pop(stream, None)

    def send(self, streams: Sequence[LiveStream]) -> None:
        """Sends what these have to send; what cannot be sent stays with them."""
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
        """One round trip; those that have to send once more, from the beginning, because Redis has lost their text."""
        writings = [(stream, writing) for stream in streams if (writing := stream.writing())]
        if not writings:
            return []
        answers = self._texts.write([writing for _, writing in writings])
        for (stream, writing), answer in zip(writings, answers, strict=True):
            stream.note(writing, answer)
        return [stream for (stream, _), answer in zip(writings, answers, strict=True) if answer == FROM_THE_BEGINNING]

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """One sender at a time; False when Redis is away, or too slow for the one before."""
        if time.monotonic() < self._away_until or not self._sending.acquire(timeout=TIMEOUT_SECONDS):
            yield False
            return
        try:
            yield time.monotonic() >= self._away_until
        finally:
            self._sending.release()

    def _await_due(self) -> list[LiveStream]:
        """Those whose turn it is; none when nobody's turn came within a second."""
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
    """The preview of one attempt, inside its `with` block. White space at both ends is left out, as of the text."""

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
        """Sends the rest. Of an attempt that was stopped nothing more is shown, nor of a text that was never shown."""
        self._streams.withdraw(self)
        if self._sent and not isinstance(error, Stopped):
            self._streams.send([self])
        self._over = True

    def add(self, text: str) -> None:
        """The next piece of the text."""
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
        """What is to be sent now; None when there is nothing new."""
        with self._lock:
            if not self._unsent or self._over:
                return None
            text = "".join(self._unsent)
            self._unsent = [text]
            piece = Piece(self._attempt, self._began_at, self._sent_length, text, iso(utcnow()))
            self._next_at = time.monotonic() + EVERY_SECONDS
            return Writing(self._job_id, piece, self._sent_bytes)

    def note(self, writing: Writing, answer: int) -> None:
        """What became of it."""
        with self._lock:
            if answer == FROM_THE_BEGINNING:
                self._sent, self._unsent = [], [*self._sent, *self._unsent]
                self._sent_length = self._sent_bytes = 0
                self._began_at = max(self._began_at + 1, _milliseconds())  # a preview of its own: followers are told
                return
            self._over = answer == SUPERSEDED
            self._sent.append(self._unsent.pop(0))
            self._sent_length += len(writing.piece.text)
            self._sent_bytes += len(writing.piece.text.encode())


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000
