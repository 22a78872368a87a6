"""Reads what a request sends by a schema: a JSON body or a query string, with our own errors if something is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NoReturn

from flask import Request, request
from marshmallow import RAISE, Schema, ValidationError
from webargs import missing
from webargs.flaskparser import FlaskParser

from app.errors import FieldError, InvalidInput, MalformedRequest
from app.http.json_bodies import MOST_ERRORS, read_object, shown_name, whole_body

_LONGEST_REMEMBERED = 100
"""In bytes of a query string."""
_MOST_REMEMBERED = 1_000


class RequestParser(FlaskParser):
    """Reads JSON bodies and query strings, and raises our own errors if something is wrong with them.

    What a short query string was read as is remembered, because most requests send one of a few. So the schema of a
    query must read the same text in the same way every time.
    """

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": RAISE}  # noqa: RUF012  # webargs' own name and type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read: dict[tuple[Any, bytes], dict[str, Any]] = {}

    def parse(self, argmap: Any, req: Request | None = None, *, location: str | None = None, **kwargs: Any) -> Any:
        """What the schema `argmap` reads in the request. Raises InvalidInput or MalformedRequest."""
        sent = request.query_string
        if location != "query" or len(sent) > _LONGEST_REMEMBERED:
            return super().parse(argmap, req, location=location, **kwargs)
        if (argmap, sent) not in self._read:
            if len(self._read) >= _MOST_REMEMBERED:
                self._read.clear()
            self._read[argmap, sent] = super().parse(argmap, req, location=location, **kwargs)
        return dict(self._read[argmap, sent])

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body, which must be a JSON object with a JSON content type. Raises MalformedRequest.

        Raises InvalidInput at once if there are more unknown fields than an answer lists, as judging each takes long.
        """
        body = whole_body(req)
        if not body and getattr(schema, "body_may_be_absent", False):
            return missing
        if not req.is_json:
            raise MalformedRequest("Send a JSON object, with the header Content-Type: application/json")
        document = read_object(body)
        known = names_in(schema)
        unknown = list(islice((name for name in document if name not in known), MOST_ERRORS))
        if len(unknown) == MOST_ERRORS:
            message = schema.error_messages["unknown"]
            raise InvalidInput([FieldError(shown_name(name), message) for name in unknown])
        return document

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        raise InvalidInput(list(islice(_field_errors(error.normalized_messages()), MOST_ERRORS)))


def names_in(schema: Schema) -> set[str]:
    """The names of a schema's fields in requests."""
    return {field.data_key or name for name, field in schema.load_fields.items()}


def _field_errors(messages: Mapping[str, Any]) -> Iterator[FieldError]:
    """One error for each bad field, from marshmallow's messages, which webargs groups by location first."""
    for fields in messages.values():
        yield from _errors_below("", fields)


def _errors_below(path: str, messages: Any) -> Iterator[FieldError]:
    """One error for each path, such as `brief.words` or `tags.2`, with the first of its messages."""
    if not isinstance(messages, dict):
        yield FieldError(shown_name(path) or "body", str(messages[0] if isinstance(messages, list) else messages))
        return
    for name, inner in messages.items():
        own = name == "_schema"  # what marshmallow says of the whole
        yield from _errors_below(path if own else f"{path}.{name}" if path else str(name), inner)
