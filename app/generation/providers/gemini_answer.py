"""Assembles one Gemini response from its JSON objects. Unknown members are ignored.

New kinds of parts, grounding and usage appear in responses before any client library knows them
(https://ai.google.dev/api/generate-content). A text is complete only if the finish reason is STOP.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from app.errors import GenerationError, PermanentFailure, TransientFailure
from app.generation.prompts import Prompt
from app.generation.providers.base import Completion
from app.usage.tokens import TokenUsage

BLOCKED = "Content blocked by safety filters"
EMPTY = "AI service returned empty content"
UNFINISHED = "AI service stopped before the end of the text - please try again"
RECITATION = "AI service withheld a text that repeats a published one - please change the request"
RECITATION_ADVICE = "It repeated a published text; write in words of your own, and quote nothing at length."
LONGEST_TEXT = 100_000
"""In characters. A longer text counts as cut off."""
CHARACTERS_PER_TOKEN = 4

_FINISH_REASONS = dict(
    enumerate(
        [
            "",
            "STOP",
            "MAX_TOKENS",
            "SAFETY",
            "RECITATION",
            "OTHER",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "MALFORMED_FUNCTION_CALL",
            "IMAGE_SAFETY",
        ]
    )
)
"""Names by number, because an endpoint may send either."""
_BLOCKING = {
    "SAFETY",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "MODEL_ARMOR",
    "JAILBREAK",
}
_UNSPECIFIED = {"", "BLOCK_REASON_UNSPECIFIED", "FINISH_REASON_UNSPECIFIED"}
_COUNTS = ("promptTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "totalTokenCount")


class Answer:
    """A response so far."""

    def __init__(self, prompt: Prompt, model: str) -> None:
        self._prompt = prompt
        self._model = model
        self._pieces: list[str] = []
        self._length = 0
        self._half = ""
        self.finish_reason = ""
        self._blocked = False
        self._counts: dict[str, int] = {}

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def finished(self) -> bool:
        """Whether the text is complete, so that later errors can be ignored."""
        return self.finish_reason == "STOP"

    @property
    def overlong(self) -> bool:
        return self._length > LONGEST_TEXT

    def take(self, document: dict[str, Any]) -> str:
        """Reads the next object and returns the text it adds."""
        self._take_usage(document.get("usageMetadata"))
        feedback = document.get("promptFeedback")
        if isinstance(feedback, dict) and _name(feedback.get("blockReason")) not in _UNSPECIFIED:
            self._blocked = True
        candidates = document.get("candidates")
        candidate = candidates[0] if isinstance(candidates, list) and candidates else candidates
        if not isinstance(candidate, dict):
            return ""
        if (reason := _name(candidate.get("finishReason"))) not in _UNSPECIFIED:
            self.finish_reason = reason
        return self._add("".join(_texts(candidate.get("content"))))

    def completion(self) -> Completion:
        """Returns the completion. Raises TransientFailure or PermanentFailure if there is no usable text."""
        text = self.text.strip()
        if self.overlong or self.finish_reason == "MAX_TOKENS":
            return Completion(text[:LONGEST_TEXT], self.usage(), self._model, cut_off=True)
        if self.finished and text:
            return Completion(text, self.usage(), self._model)
        raise self._failure(text)

    def usage(self) -> TokenUsage:
        """Returns the token usage as reported, with missing counts estimated from the text lengths."""
        prompt, written, thought, total = (self._counts.get(name) for name in _COUNTS)
        thought = thought or 0
        rest = None if total is None else max(0, total - thought)
        estimated = written is None and (prompt is None or rest is None)
        if written is None:
            guess = tokens_of(self.text)
            written = guess if rest is None else max(0, rest - prompt) if prompt is not None else min(guess, rest)
        if rest is not None:  # anything else in the total, such as the input of tools, is input
            prompt = max(prompt or 0, rest - written)
        if prompt is None:
            prompt, estimated = tokens_of(self._prompt.system + self._prompt.user), True
        return TokenUsage(prompt, written, thought, estimated)

    def _failure(self, text: str) -> GenerationError:
        usage = self.usage()
        if self._blocked or self.finish_reason in _BLOCKING:
            return PermanentFailure(BLOCKED, failure_code="blocked", usage=usage)
        if self.finish_reason == "RECITATION":
            return self._recitation(usage)
        if not text:
            return TransientFailure(EMPTY, failure_code="empty", feedback="It was empty.", usage=usage)
        return TransientFailure(UNFINISHED, failure_code="unfinished", usage=usage)

    def _recitation(self, usage: TokenUsage) -> GenerationError:
        """Allows one more attempt with advice. If that was already given, the failure is permanent."""
        if self._prompt.feedback == RECITATION_ADVICE:
            return PermanentFailure(RECITATION, failure_code="recitation", usage=usage)
        return TransientFailure(RECITATION, failure_code="recitation", feedback=RECITATION_ADVICE, usage=usage)

    def _add(self, text: str) -> str:
        """Appends text. Holds back a high surrogate at the end until the next object brings the low one."""
        text, self._half = self._half + text, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        text = _well_formed(text)
        if text:
            self._pieces.append(text)
            self._length += len(text)
        return text

    def _take_usage(self, usage: Any) -> None:
        """Updates the counts. Each object of a stream has cumulative ones."""
        if isinstance(usage, dict):
            self._counts |= {name: int(usage[name]) for name in _COUNTS if _is_count(usage.get(name))}


def tokens_of(text: str) -> int:
    """Returns the estimated number of tokens of a text."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


def _texts(content: Any) -> Iterator[str]:
    """Yields the text parts of a content, leaving out thoughts and other kinds of parts."""
    parts = content.get("parts") if isinstance(content, dict) else None
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and isinstance(part.get("text"), str) and not part.get("thought"):
            yield part["text"]


def _name(value: Any) -> str:
    """Returns the name of an enum value given as a name or a number. Unknown values are returned unchanged."""
    if isinstance(value, int):
        return _FINISH_REASONS.get(value, str(value))
    return value if isinstance(value, str) else ""


def _is_count(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value < 2**53
    )


def _well_formed(text: str) -> str:
    """Joins surrogate pairs and replaces lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
