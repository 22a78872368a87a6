"""The model provider interface: a stream of text pieces, followed by the whole text and its token usage."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from app.generation.prompts import Prompt
from app.usage.tokens import TokenUsage

LONGEST_ADVISED_WAIT_SECONDS = 900.0
"""The longest wait before a retry that a provider may ask for. Beyond it the generation fails at once."""


@dataclass(frozen=True)
class Piece:
    """The next piece of the text. Thinking output is left out."""

    text: str


@dataclass(frozen=True)
class Completion:
    """The last item of a stream: the whole text. `cut_off` means that the token budget ran out first."""

    text: str
    usage: TokenUsage
    model: str
    cut_off: bool = False


class StopSignal:
    """Asks a running stream to stop. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requested = False
        self._callbacks: dict[object, Callable[[], None]] = {}

    @property
    def requested(self) -> bool:
        return self._requested

    def set(self) -> None:
        """Requests the stop and runs the registered callbacks, once, in the calling thread."""
        with self._lock:
            self._requested = True
            callbacks = list(self._callbacks.values())
            self._callbacks.clear()
        for callback in callbacks:
            callback()

    def on_stop(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Registers a callback for `set`, or runs it at once if the stop has already been requested.

        Returns a function that unregisters it.
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
    """The stream was stopped before its end. Carries the text so far and its token usage.

    `called` is False if it was stopped before the call.
    """

    def __init__(self, text: str, usage: TokenUsage, *, called: bool = True) -> None:
        self.called = called
        self.text = text
        self.usage = usage
        super().__init__("stopped")


class Provider(Protocol):
    """A language model. Implementations are thread-safe."""

    @property
    def model(self) -> str: ...

    def stream(self, prompt: Prompt, max_output_tokens: int, stop: StopSignal) -> Iterator[Piece | Completion]:
        """Yields pieces of text and finally a Completion.

        Raises Stopped once `stop` is requested, or TransientFailure or PermanentFailure with a reason to show users.
        """
        ...
