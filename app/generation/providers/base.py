"""What a model provider is: it yields the pieces of a text as they come, and ends with the whole and what it cost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from app.generation.prompts import Prompt
from app.usage.tokens import TokenUsage


@dataclass(frozen=True)
class Piece:
    """The next piece of an answer's text."""

    text: str


@dataclass(frozen=True)
class Completion:
    """The end of an answer. `cut_off`: the token budget ran out before the end of the text."""

    text: str
    usage: TokenUsage
    model: str
    cut_off: bool = False


class Stopped(Exception):
    """The stop signal was set before the end of the answer. `text` is what had come until then."""

    def __init__(self, text: str, usage: TokenUsage) -> None:
        super().__init__("stopped")
        self.text = text
        self.usage = usage


class StopSignal:
    """Tells a call under way to stop, also one that waits for the next byte. Thread-safe; set once and for good."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requested = False
        self._callbacks: list[Callable[[], None]] = []

    @property
    def requested(self) -> bool:
        return self._requested

    def set(self) -> None:
        """Asks for the stop, and calls what `on_stop` registered."""
        with self._lock:
            self._requested = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    @contextmanager
    def on_stop(self, callback: Callable[[], None]) -> Iterator[None]:
        """Has `callback` called, in the thread that sets the signal, when that happens inside the block.

        Called at once when the signal is set already. It must not raise.
        """
        with self._lock:
            late = self._requested
            if not late:
                self._callbacks.append(callback)
        if late:
            callback()
        try:
            yield
        finally:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)


class Provider(Protocol):
    """A model provider. Thread-safe."""

    model: str

    def stream(self, prompt: Prompt, max_output_tokens: int, stop: StopSignal) -> Iterator[Piece | Completion]:
        """The pieces of the answer, and last its Completion.

        Raises Stopped, or TransientFailure or PermanentFailure with a reason for the person.
        """
        ...
