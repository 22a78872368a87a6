"""Request bodies: how large they may be, and how their bytes become a JSON object."""

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
"""No request to /api/auth needs more, and anybody may send those."""
ACCOUNTS = "/api/auth"
LARGEST_BATCH_BODY = 5 * 1024 * 1024
BATCHES = "/api/batches"

MOST_ERRORS = 20
"""How many errors an answer lists at most."""
LONGEST_SHOWN_NAME = 100
MOST_SEARCHED = 10_000

_HALF = re.compile(
    rb"((?<!\\)(?:\\\\)*)"  # an even number of backslashes: the next one begins an escape
    rb"(?:\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})"
)
_STAND_IN = "\ufdd0"
"""Replaces half a character while its field is searched for. No text contains this code point."""


def init_app(app: Flask) -> None:
    """Refuses large bodies before anything reads them. Call it before anything that counts or parses requests."""

    @app.before_request
    def limit_body() -> None:
        if request.path == BATCHES:
            request.max_content_length = LARGEST_BATCH_BODY
        if f"{request.path}/".startswith(f"{ACCOUNTS}/"):
            request.max_content_length = LARGEST_ACCOUNT_BODY
        if (request.content_length or 0) > (request.max_content_length or math.inf):
            raise _too_large(request)


def whole_body(req: Request) -> bytes:
    """The body. Also raises PayloadTooLarge for a chunked one, which werkzeug silently cuts off at the limit."""
    body = req.get_data(cache=True)
    if req.content_length is None and len(body) >= (req.max_content_length or math.inf):
        raise _too_large(req)
    return body


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body, with or without a byte-order mark.

    Raises MalformedRequest. Raises InvalidInput if a text contains half a character, such as half an emoji.
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
    """The name of a field as answers quote it."""
    return name if len(name) <= LONGEST_SHOWN_NAME else f"{name[:LONGEST_SHOWN_NAME]}…"


def _too_large(req: Request) -> PayloadTooLarge:
    limit = req.max_content_length or 0
    return (
        PayloadTooLarge(f"The request body is larger than {limit // 1024:,} KiB")
        if limit < 1024**2
        else PayloadTooLarge()
    )


def _halves(body: bytes) -> list[FieldError]:
    """The texts with half of a surrogate pair. Empty if the document is not valid JSON in other respects either."""
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
    """The paths, such as `brief.words` or `tags.2`, at which the replacement is found in a field's name or text.

    Long paths are cut off. Only the first MOST_SEARCHED values are searched, less deeply nested ones first.
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
