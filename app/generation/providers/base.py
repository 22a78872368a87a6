"""The interface of a provider of models: pieces of text as they arrive, then the whole text and what it cost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from app.generation.prompts import Prompt
from app.usage.tokens import TokenUsage

LONGEST_ADVISED_WAIT_SECONDS = 900.0
"""The longest wait that a provider may ask for. If it asks for more, the attempt fails at once."""


@dataclass(frozen=True)
class Piece:
    """The next piece of the answer's text, never of the model's thoughts."""

    text: str


@dataclass(frozen=True)
class Completion:
    """The last item of a stream: the whole text. `cut_off` means that the token budget ran out before its end."""

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
        """Requests the stop, and runs everything that was registered, once and in this thread."""
        with self._lock:
            self._requested = True
            callbacks = list(self._callbacks.values())
            self._callbacks.clear()
        for callback in callbacks:
            callback()

    def on_stop(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Registers a function for `set` to run. Runs it at once if the stop has already been requested.

        Returns a function that removes it again.
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
    """The stop was requested before the end. Carries the text so far and what it cost.

    `called` is False if the stop came before the call.
    """

    def __init__(self, text: str, usage: TokenUsage, *, called: bool = True) -> None:
        self.called = called
        self.text = text
        self.usage = usage
        super().__init__("stopped")


class Provider(Protocol):
    """A model that writes texts. Thread-safe."""

    @property
    def model(self) -> str: ...

    def stream(self, prompt: Prompt, max_output_tokens: int, stop: StopSignal) -> Iterator[Piece | Completion]:
        """Yields the answer piece by piece, and finally a Completion.

        Raises Stopped once `stop` is requested, or TransientFailure or PermanentFailure with a reason for the person.
        """
        ...
