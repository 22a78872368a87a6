"""Gemini's REST format: parsing of requests and building of responses.

Source: https://ai.google.dev/api/generate-content. The Python client sends `$alt=json;enum-encoding=int`, for enums as
numbers; without it they are names.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import orjson

CHARACTERS_PER_TOKEN = 4
_SERVICE = "generativelanguage.googleapis.com"
MODELS = ("gemini-3.5-flash-lite", "gemini-3.5-flash", "gemini-3.5-pro")

Json = dict[str, Any]

FINISH_REASONS = {
    "STOP": 1,
    "MAX_TOKENS": 2,
    "SAFETY": 3,
    "RECITATION": 4,
    "OTHER": 5,
    "LANGUAGE": 6,
    "BLOCKLIST": 7,
    "PROHIBITED_CONTENT": 8,
    "SPII": 9,
    "MALFORMED_FUNCTION_CALL": 10,
    "IMAGE_SAFETY": 11,
}
_BLOCK_REASONS = {"SAFETY": 1}
_HARM_CATEGORIES = {"HARM_CATEGORY_DANGEROUS_CONTENT": 10}
_HARM_PROBABILITIES = {"HIGH": 4}
_STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_CONTENT_TYPE = re.compile(r"content type:\s*\W?(blog|product|social)\b", re.IGNORECASE)
_ACTION = re.compile(r"\bAction: (\w+)")
_PIECE = re.compile(r".{1,80}(?:\s+|$)|\S{1,80}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Prompt:
    """The contents of a generate request."""

    model: str
    user_text: str
    system_text: str
    content_type: str
    title: str
    request: str
    max_output_tokens: int | None
    passage: str = ""
    """The passage to rewrite; empty for a whole text."""
    action: str = ""
    instruction: str = ""
    language: str = ""
    words: int = 0
    """Language tag and number of words from the product's brief; empty or 0 if not given."""

    @property
    def max_characters(self) -> int | None:
        """The maximum length of a text for the token budget; None without a budget."""
        return self.max_output_tokens * CHARACTERS_PER_TOKEN if self.max_output_tokens else None


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of enums, as numbers or as names."""

    numbers: bool

    def __call__(self, table: dict[str, int], name: str) -> int | str:
        return table[name] if self.numbers else name


def read_prompt(model: str, body: bytes) -> Prompt:
    """Parses the JSON body of a generate request. Raises ValueError if it is invalid."""
    payload = orjson.loads(body)
    if not isinstance(payload, dict) or not isinstance(payload.get("contents"), list):
        message = "contents is not specified"
        raise ValueError(message)  # noqa: TRY004 - a bad request, not a bad type of ours
    user_text = "\n".join(_text_of(content) for content in payload["contents"])
    system_text = _text_of(payload.get("systemInstruction") or payload.get("system_instruction") or {})
    found_type = _CONTENT_TYPE.search(system_text) or _CONTENT_TYPE.search(user_text)
    tokens = (payload.get("generationConfig") or {}).get("maxOutputTokens")
    return Prompt(
        model=model,
        user_text=user_text,
        system_text=system_text,
        content_type=found_type[1].lower() if found_type else "blog",
        title=_tagged("title", user_text),
        request=_tagged("request", user_text) or user_text,
        max_output_tokens=int(tokens) if tokens else None,
        passage=_tagged("passage", user_text),
        action=found_action[1] if (found_action := _ACTION.search(system_text)) else "",
        instruction=_tagged("instruction", user_text),
        language=_tagged("language", user_text),
        words=int(asked) if (asked := _tagged("words", user_text)).isdecimal() else 0,
    )


def answer(prompt: Prompt, text: str, finish_reason: str, encoding: Encoding) -> Json:
    """Returns a GenerateContentResponse with one candidate, which has no parts if `text` is empty."""
    candidate: Json = {"finishReason": encoding(FINISH_REASONS, finish_reason), "index": 0}
    if text:
        candidate["content"] = {"parts": [{"text": text}], "role": "model"}
    if finish_reason == "SAFETY":
        candidate["safetyRatings"] = [_safety_rating(encoding)]
    return {"candidates": [candidate], **_footer(prompt, text)}


def blocked_prompt(prompt: Prompt, encoding: Encoding) -> Json:
    """Returns the response to a prompt blocked by the safety filter."""
    feedback = {
        "blockReason": encoding(_BLOCK_REASONS, "SAFETY"),
        "safetyRatings": [_safety_rating(encoding)],
    }
    return {"promptFeedback": feedback, **_footer(prompt, "")}


def with_thoughts(complete: Json, thoughts: str) -> Json:
    """Returns `complete` with a thought before its text, and with the thought's tokens in the usage."""
    (candidate, *_) = complete["candidates"]
    parts = [{"text": thoughts, "thought": True}, *candidate.get("content", {}).get("parts", [])]
    usage = complete["usageMetadata"]
    thought = _tokens(thoughts)
    counts = {"thoughtsTokenCount": thought, "totalTokenCount": usage["totalTokenCount"] + thought}
    thinking = {**candidate, "content": {"parts": parts, "role": "model"}}
    return {**complete, "candidates": [thinking], "usageMetadata": usage | counts}


def pieces(complete: Json) -> list[Json]:
    """Returns `complete` as stream chunks; the last one has the finish reason."""
    candidates = complete.get("candidates") or [{}]
    parts = candidates[0].get("content", {}).get("parts")
    if not parts:
        return [complete]
    small = [{**part, "text": text} for part in parts for text in _PIECE.findall(part["text"])]
    stream = [{**complete, "candidates": [_piece(part)]} for part in small]
    stream[-1]["candidates"] = [{**candidates[0], **_piece(small[-1])}]
    return stream


def error(
    code: int, message: str, reason: str | None = None, retry_after: float | None = None, quota: str | None = None
) -> Json:
    """Returns an error body, with `reason` as ErrorInfo, `quota` as QuotaFailure, `retry_after` (s) as RetryInfo."""
    status = _STATUS_NAMES.get(code, "UNKNOWN")
    body: Json = {
        "code": code,
        "message": message or f"The stand-in was told to answer {status}.",
        "status": status,
    }
    details: list[Json] = []
    if reason:
        info = {"reason": reason, "domain": "googleapis.com", "metadata": {"service": _SERVICE}}
        details.append({"@type": "type.googleapis.com/google.rpc.ErrorInfo", **info})
    if quota:
        violations = [{"quotaId": quota, "quotaMetric": f"{_SERVICE}/generate_content_requests"}]
        details.append({"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": violations})
    if retry_after is not None:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{retry_after:g}s"})
    if details:
        body["details"] = details
    return {"error": body}


def model_card(name: str) -> Json:
    """Returns a model as in `GET /v1beta/models/<name>`."""
    return {
        "name": f"models/{name}",
        "version": "stand-in",
        "displayName": f"{name} (local stand-in)",
        "description": "Answers with demonstration texts; no AI is called.",
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "streamGenerateContent"],
    }


def _footer(prompt: Prompt, text: str) -> Json:
    asked = _tokens(prompt.system_text) + _tokens(prompt.user_text)
    written = _tokens(text)
    usage = {"promptTokenCount": asked, "candidatesTokenCount": written, "totalTokenCount": asked + written}
    digest = hashlib.blake2s(f"{prompt.user_text}\0{text}".encode(), digest_size=8).hexdigest()
    return {"usageMetadata": usage, "modelVersion": prompt.model, "responseId": digest}


def _tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def _piece(part: Json) -> Json:
    return {"content": {"parts": [part], "role": "model"}, "index": 0}


def _safety_rating(encoding: Encoding) -> Json:
    return {
        "category": encoding(_HARM_CATEGORIES, "HARM_CATEGORY_DANGEROUS_CONTENT"),
        "probability": encoding(_HARM_PROBABILITIES, "HIGH"),
        "blocked": True,
    }


def _text_of(content: Json) -> str:
    parts = content.get("parts") or []
    return "\n".join(part.get("text", "") for part in (parts if isinstance(parts, list) else [parts]))


def _tagged(tag: str, text: str) -> str:
    """Returns the text between the product's marks, verbatim, or between plain tags, unescaped from HTML."""
    if found := re.search(rf"<{tag}-([0-9a-f]{{16}})>(.*)</{tag}-\1>", text, re.DOTALL):
        return found[2].strip()
    found = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL | re.IGNORECASE)
    return unescape(found[1]).strip() if found else ""
