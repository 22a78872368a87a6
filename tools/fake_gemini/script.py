"""The stand-in's scripts and steps, and its log of calls."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.fake_gemini.wire import FINISH_REASONS, Prompt

_KEPT_CALLS = 50_000
_KEY_TAIL = 4
_OUTCOMES = {"status", "text", "empty", "blocked", "finishReason", "cutOff", "hang", "drop", "malformed"}
_NUMBER = (int, float)
_TYPES: dict[str, type | tuple[type, ...]] = {
    "status": int,
    "message": str,
    "reason": str,
    "retryAfter": _NUMBER,
    "text": str,
    "finishReason": str,
    "blocked": str,
    "delayMs": _NUMBER,
    "empty": bool,
    "cutOff": bool,
    "hang": bool,
    "drop": bool,
    "malformed": bool,
    "hold": bool,
    "body": str,
    "quota": str,
    "thoughts": str,
    "pieceMs": _NUMBER,
    "holdAfter": int,
    "stallAfter": int,
    "dropAfter": int,
}


class ScriptError(ValueError):
    """An invalid script or step; the message says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """How one call is answered. An empty step is the normal answer."""

    status: int | None = None
    message: str = ""
    reason: str | None = None
    retry_after: float | None = None
    text: str | None = None
    finish_reason: str | None = None
    blocked: str | None = None
    delay_ms: float | None = None
    empty: bool = False
    cut_off: bool = False
    hang: bool = False
    drop: bool = False
    malformed: bool = False
    hold: bool = False
    body: str | None = None
    quota: str | None = None
    thoughts: str | None = None
    piece_ms: float | None = None
    hold_after: int | None = None
    stall_after: int | None = None
    drop_after: int | None = None


_NORMAL = Step()


def read_step(data: Any) -> Step:
    """Parses a step from JSON. Raises ScriptError."""
    if not isinstance(data, dict):
        raise ScriptError(f"a step is an object, not {data!r}")
    for name, value in data.items():
        if name not in _TYPES:
            raise ScriptError(f"a step has no {name!r}; it has {', '.join(_TYPES)}")
        if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and _TYPES[name] is not bool):
            raise ScriptError(f"{name} cannot be {value!r}")
    outcomes = _OUTCOMES & data.keys()
    if len(outcomes) > 1 and outcomes != {"text", "finishReason"}:
        raise ScriptError(f"a step has one outcome, not {' and '.join(sorted(outcomes))}")
    if data.get("finishReason", "STOP") not in FINISH_REASONS:
        raise ScriptError(f"finishReason is one of {', '.join(FINISH_REASONS)}")
    if data.get("blocked", "prompt") not in {"prompt", "answer"}:
        raise ScriptError("blocked is prompt or answer")
    return Step(**{_attribute(name): value for name, value in data.items()})


@dataclass(eq=False)
class Script:
    """Steps for the calls whose user text contains `match`, one per call; after the last, `then` applies."""

    match: str
    steps: deque[Step]
    then: Step


def read_script(data: Any) -> Script:
    """Parses a script from JSON. Raises ScriptError."""
    if not isinstance(data, dict) or not data.keys() <= {"match", "steps", "then"}:
        raise ScriptError("a script is an object with match, steps and then")
    match, steps, then = data.get("match") or "", data.get("steps") or [], data.get("then")
    if not isinstance(match, str) or not isinstance(steps, list):
        raise ScriptError("match is a text and steps is a list")
    return Script(match, deque(map(read_step, steps)), _NORMAL if then is None else read_step(then))


@dataclass(eq=False, slots=True)
class Call:
    """A generate request and its outcome. Times are epoch seconds."""

    prompt: Prompt
    key_tail: str
    at: float = field(default_factory=time.time)
    finished_at: float | None = None
    status: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "finishedAt": self.finished_at,
            "model": self.prompt.model,
            "contentType": self.prompt.content_type,
            "title": self.prompt.title,
            "userText": self.prompt.user_text,
            "systemText": self.prompt.system_text,
            "maxOutputTokens": self.prompt.max_output_tokens,
            "status": self.status,
            "keyTail": self.key_tail,
        }


class Scene:
    """The state between two resets: scripts, default delay and calls. Thread-safe."""

    def __init__(self, delay_ms: float = 0, piece_ms: float = 0) -> None:
        self.delay_ms = delay_ms
        self.piece_ms = piece_ms
        self.over = threading.Event()
        self._lock = threading.Lock()
        self._scripts: dict[str, Script] = {}
        self._released: set[str] = set()
        self._calls: deque[Call] = deque(maxlen=_KEPT_CALLS)
        self._total = 0
        self._running = 0
        self._most_running = 0

    def add(self, script: Script) -> None:
        """Adds `script` before the others, replacing one with the same match."""
        with self._lock:
            others = {match: other for match, other in self._scripts.items() if match != script.match}
            self._scripts = {script.match: script, **others}

    def release(self, match: str) -> None:
        """Releases held calls whose user text contains `match`, including later ones."""
        with self._lock:
            self._released.add(match)

    def is_released(self, user_text: str) -> bool:
        with self._lock:
            return any(match in user_text for match in self._released)

    def begin(self, prompt: Prompt, key: str) -> tuple[Call, Step]:
        """Records a call and returns it with the step that answers it."""
        call = Call(prompt, key[-_KEY_TAIL:])
        with self._lock:
            self._calls.append(call)
            self._total += 1
            self._running += 1
            self._most_running = max(self._most_running, self._running)
            return call, self._next_step(prompt.user_text)

    def finish(self, call: Call, status: int | None) -> None:
        """Records the call's HTTP status; None if it got no answer."""
        with self._lock:
            call.finished_at = time.time()
            call.status = status
            self._running -= 1

    def report(self, match: str, limit: int | None) -> Mapping[str, Any]:
        """Returns the last `limit` calls whose user text contains `match`, oldest first, and the counts."""
        with self._lock:
            calls = [call for call in self._calls if match in call.prompt.user_text]
            total = len(calls) if match else self._total
            shown = calls if limit is None else calls[max(0, len(calls) - limit) :]
            return {
                "calls": [call.as_json() for call in shown],
                "total": total,
                "running": self._running,
                "maxRunning": self._most_running,
            }

    def _next_step(self, user_text: str) -> Step:
        for script in self._scripts.values():
            if script.match in user_text:
                return script.steps.popleft() if script.steps else script.then
        return _NORMAL


def _attribute(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
