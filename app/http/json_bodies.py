"""Limits the size of request bodies and parses JSON objects."""

from __future__ import annotations

import math
import re
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson
from flask import Flask, Request, request

from app.errors import FieldError, InvalidInput, MalformedRequest, PayloadTooLarge

LARGEST_ACCOUNT_BODY = 16 * 1024
"""The limit for /api/auth, which is public and needs only small bodies."""
ACCOUNTS = "/api/auth"
LARGEST_BATCH_BODY = 5 * 1024 * 1024
OF_BATCHES = frozenset({"/api/batches", "/api/batches/table"})

MOST_ERRORS = 20
"""The maximum number of errors in a response."""
LONGEST_SHOWN_NAME = 100
MOST_SEARCHED = 10_000

_HALF = re.compile(
    rb"((?<!\\)(?:\\\\)*)"  # an even number of backslashes: the next one begins an escape
    rb"(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)
_STAND_IN = "\ufdd0"
"""Replaces lone surrogates while their fields are located. A noncharacter, so no text contains it."""


def init_app(app: Flask) -> None:
    """Rejects large bodies before anything reads them. Call it before the rate limits and parsers are set up."""

    @app.before_request
    def limit_body() -> None:
        path, length = request.path, request.content_length
        if path in OF_BATCHES:
            request.max_content_length = request.max_form_memory_size = LARGEST_BATCH_BODY
        if f"{path}/".startswith(f"{ACCOUNTS}/"):
            request.max_content_length = LARGEST_ACCOUNT_BODY
        if length and length > (request.max_content_length or math.inf):
            raise _too_large(request)


def whole_body(req: Request) -> bytes:
    """Returns the body. Raises PayloadTooLarge, also for a chunked body, which werkzeug silently truncates."""
    body = req.get_data(cache=True)
    if req.content_length is None and len(body) >= (req.max_content_length or math.inf):
        raise _too_large(req)
    return body


def read_object(body: bytes) -> dict[str, Any]:
    """Parses the JSON object in a body, with or without a byte order mark.

    Raises MalformedRequest, or InvalidInput if a string contains a lone surrogate.
    """
    body = body.removeprefix(BOM_UTF8)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        if errors := _halves(body):
            raise InvalidInput(errors) from None
        raise MalformedRequest("The request body is not valid JSON") from None
    if not isinstance(document, dict):
        raise MalformedRequest
    return document


def shown_name(name: str) -> str:
    """Returns a field's name as quoted in errors, truncated."""
    return name if len(name) <= LONGEST_SHOWN_NAME else f"{name[:LONGEST_SHOWN_NAME]}…"


def _too_large(req: Request) -> PayloadTooLarge:
    kibibytes = (req.max_content_length or 0) // 1024
    limit = f"{kibibytes:,} KiB" if kibibytes < 1024 else f"{kibibytes // 1024:,} MiB"  # noqa: PLR2004  # of a MiB
    return PayloadTooLarge(f"The request body is larger than {limit}")


def _halves(body: bytes) -> list[FieldError]:
    """Returns an error for each string with a lone surrogate, or [] if the JSON is invalid for other reasons."""
    mended, count = _HALF.subn(rb"\1\\ufdd0", body)
    if not count:
        return []
    try:
        document = orjson.loads(mended)
    except orjson.JSONDecodeError:
        return []
    message = "Holds half of a character, such as half an emoji (a surrogate without its pair)."
    if not isinstance(document, dict):
        return []
    paths = list(islice(_paths_to_stand_ins(document), MOST_ERRORS))
    return [FieldError(shown_name(path), message) for path in paths or ["body"]]


def _paths_to_stand_ins(document: Any) -> Iterator[str]:
    """Yields the paths, such as `brief.words` or `tags.2`, whose name or value contains the replacement.

    Long paths are truncated. Only the first MOST_SEARCHED values are searched, breadth first.
    """
    waiting = deque([("", document)])
    left = MOST_SEARCHED
    while waiting:
        path, value = waiting.popleft()
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for name, member in islice(members, left):
            inner = (f"{path}.{name}" if path else str(name))[: LONGEST_SHOWN_NAME + 1]
            if _STAND_IN in str(name):
                yield inner.replace(_STAND_IN, "\ufffd")
            elif isinstance(member, str) and _STAND_IN in member:
                yield inner
            elif isinstance(member, (dict, list)):
                waiting.append((inner, member))
        left -= min(left, len(value))
