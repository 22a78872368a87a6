"""Parses the JSON objects of a streamed response.

With `alt=sse` Gemini sends server-sent events with one JSON object each. Proxies and other endpoints respond with an
array, a single object, or concatenated objects. All of these are accepted, and each object is returned once complete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

LARGEST_ANSWER_BYTES = 16 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OUTSIDE_STRINGS = re.compile(rb'["{}]')
_INSIDE_STRINGS = re.compile(rb'[\\"]')
_END_OF_EVENTS = b"[DONE]"  # sent by other providers, and added by proxies


class Unreadable(Exception):
    """The response cannot be parsed: it is not JSON, not UTF-8, truncated or too large."""


def load(data: bytes) -> Any:
    """Parses a JSON value. Raises Unreadable.

    Falls back to the standard library, which accepts NaN and lone surrogates, as sent by Gemini.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise Unreadable from error


class DocumentReader:
    """An incremental parser: is fed the bytes of a body and yields its objects."""

    def __init__(self) -> None:
        self._form: _Events | _Objects | None = None
        self._head = b""
        self._size = 0
        self._found = False

    def feed(self, chunk: bytes) -> Iterator[Any]:
        """Yields the objects that this chunk completes. Raises Unreadable."""
        self._size += len(chunk)
        if self._size > LARGEST_ANSWER_BYTES:
            raise Unreadable
        if self._form is None:
            chunk = self._head + chunk
            if _BYTE_ORDER_MARK.startswith(chunk):
                self._head = chunk
                return
            chunk, self._head = chunk.removeprefix(_BYTE_ORDER_MARK).lstrip(), b""
            if not chunk:
                return
            self._form = _Objects() if chunk[:1] in {b"[", b"{"} else _Events()
        yield from self._loaded(self._form.feed(chunk))

    def close(self) -> Iterator[Any]:
        """Yields the objects completed by the end of the body. Raises Unreadable if the body had none."""
        if self._form is not None:
            yield from self._loaded(self._form.close())
        if not self._found:
            raise Unreadable

    def _loaded(self, documents: Iterator[bytes]) -> Iterator[Any]:
        for document in documents:
            self._found = True
            yield load(document)


class _Objects:
    """Parses objects in an array, concatenated, or alone. Anything between them is skipped."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._at = 0
        self._start = 0
        self._depth = 0
        self._in_string = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self._buffer += chunk
        while mark := (_INSIDE_STRINGS if self._in_string else _OUTSIDE_STRINGS).search(self._buffer, self._at):
            self._at = mark.end()
            yield from self._step(mark[0], mark.start())
        self._at = max(self._at, len(self._buffer))

    def close(self) -> Iterator[bytes]:
        if self._depth:
            raise Unreadable
        return iter(())

    def _step(self, mark: bytes, at: int) -> Iterator[bytes]:
        if mark == b"\\":
            self._at += 1
        elif mark == b'"':
            self._in_string = not self._in_string
        elif mark == b"{":
            self._start = self._start if self._depth else at
            self._depth += 1
        elif self._depth:
            self._depth -= 1
            if not self._depth:
                yield bytes(self._buffer[self._start : self._at])
                del self._buffer[: self._at]
                self._at = 0


class _Events:
    """Yields the `data` of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        self._buffer += chunk
        if b"\n" not in chunk and b"\r" not in chunk:
            return
        lines = self._buffer.splitlines(keepends=True)
        whole = lines[-1].endswith(b"\n")  # a \r at the end may be half of \r\n
        self._buffer = bytearray() if whole else lines.pop()
        for line in lines:
            yield from self._line(bytes(line.rstrip(b"\r\n")))

    def close(self) -> Iterator[bytes]:
        """Yields the last event, which may lack its blank line."""
        yield from self._line(bytes(self._buffer.rstrip(b"\r\n")))
        yield from self._dispatch()

    def _line(self, line: bytes) -> Iterator[bytes]:
        if not line:
            yield from self._dispatch()
        elif line.startswith(b"data:"):
            self._data.append(line[5:].strip())

    def _dispatch(self) -> Iterator[bytes]:
        """Yields one event, or several if a proxy removed the blank lines between them."""
        data, self._data = [line for line in self._data if line and line != _END_OF_EVENTS], []
        if len(data) > 1 and not _is_json(b"\n".join(data)):
            yield from data
        elif data:
            yield b"\n".join(data)


def _is_json(data: bytes) -> bool:
    try:
        load(data)
    except Unreadable:
        return False
    return True
