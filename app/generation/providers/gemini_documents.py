"""Reads the JSON objects from the bytes of an answer, in whatever form they were sent.

With `alt=sse` Gemini sends server-sent events with one JSON object each. Proxies and other endpoints answer with an
array, a single object, or objects in a row. All of these are read, each object as soon as it is complete.
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
_END_OF_EVENTS = b"[DONE]"  # a custom of other providers, which proxies add


class Unreadable(Exception):
    """The bytes are not an answer: not JSON, not UTF-8, or without an end."""


def load(data: bytes) -> Any:
    """The JSON value in `data`. Raises Unreadable.

    The standard library reads things that orjson refuses but Gemini has sent: NaN, and halves of an emoji.
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
    """Takes the bytes of a body as they arrive, and returns its objects as soon as they are complete."""

    def __init__(self) -> None:
        self._form: _Events | _Objects | None = None
        self._head = b""
        self._size = 0
        self._found = False

    def feed(self, chunk: bytes) -> Iterator[Any]:
        """The objects that this chunk completes. Raises Unreadable."""
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
        """The objects that the end of the body completes. Raises Unreadable if there was none at all."""
        if self._form is not None:
            yield from self._loaded(self._form.close())
        if not self._found:
            raise Unreadable

    def _loaded(self, documents: Iterator[bytes]) -> Iterator[Any]:
        for document in documents:
            self._found = True
            yield load(document)


class _Objects:
    """Objects in an array, in a row, or alone. Anything between them is skipped."""

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
    """Server-sent events: the `data` of each (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

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
        """The last event may lack its blank line."""
        yield from self._line(bytes(self._buffer.rstrip(b"\r\n")))
        yield from self._dispatch()

    def _line(self, line: bytes) -> Iterator[bytes]:
        if not line:
            yield from self._dispatch()
        elif line.startswith(b"data:"):
            self._data.append(line[5:].strip())

    def _dispatch(self) -> Iterator[bytes]:
        """One event, or several if a proxy has dropped the blank lines."""
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
