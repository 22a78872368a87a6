"""What a provider of a model promises: pieces of text as they come, then the whole with what it cost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from app.generation.prompts import Prompt
from app.usage.tokens import TokenUsage

LONGEST_ADVISED_WAIT_SECONDS = 900.0
"""How long an attempt waits because the provider asks for it; whatever takes longer fails at once and says when."""


@dataclass(frozen=True)
class Piece:
    """The next piece of the answer's text, never of the model's thoughts."""

    text: str


@dataclass(frozen=True)
class Completion:
    """The last thing a stream yields: the whole text. `cut_off`: the token budget ran out before its end."""

    text: str
    usage: TokenUsage
    model: str
    cut_off: bool = False


class StopSignal:
    """Tells a running stream, from any thread, that nobody wants its text any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requested = False
        self._callbacks: dict[object, Callable[[], None]] = {}

    @property
    def requested(self) -> bool:
        return self._requested

    def set(self) -> None:
        """Requests the stop and runs, in this thread and once, what was registered."""
        with self._lock:
            self._requested = True
            callbacks = list(self._callbacks.values())
            self._callbacks.clear()
        for callback in callbacks:
            callback()

    def on_stop(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Registers what `set` runs; runs it at once when the stop was already requested.

        Returns a function that takes it off again.
        """
        key = object()
        with self._lock:
            if not self._requested:
                self._callbacks[key] = callback
                return lambda: self._forget(key)
        callback()
        return lambda: None

    def _forget(self, key: object) -> None:
        with self._lock:
            self._callbacks.pop(key, None)


class Stopped(Exception):
    """The stop was requested before the end. Carries the text so far and what it cost."""

    def __init__(self, text: str, usage: TokenUsage) -> None:
        self.text = text
        self.usage = usage
        super().__init__("stopped")


class Provider(Protocol):
    """A model that writes texts. Thread-safe."""

    @property
    def model(self) -> str: ...

    def stream(self, prompt: Prompt, max_output_tokens: int, stop: StopSignal) -> Iterator[Piece | Completion]:
        """The answer piece by piece, and a Completion at last.

        Raises Stopped once `stop` is requested, and TransientFailure or PermanentFailure with a reason for the person.
        """
        ...
