"""Parses JSON bodies and query strings by schemas."""

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
"""The maximum length in bytes of a cached query string."""
_MOST_REMEMBERED = 1_000


class RequestParser(FlaskParser):
    """Parses JSON bodies and query strings, raising our own errors.

    Results for short query strings are cached, because most requests send one of a few. So query schemas must be
    deterministic.
    """

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": RAISE}  # noqa: RUF012  # webargs' own name and type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read: dict[tuple[Any, bytes], dict[str, Any]] = {}

    def parse(self, argmap: Any, req: Request | None = None, *, location: str | None = None, **kwargs: Any) -> Any:
        """Parses the request by the schema `argmap`. Raises InvalidInput or MalformedRequest."""
        sent = request.query_string
        if location != "query" or len(sent) > _LONGEST_REMEMBERED:
            return super().parse(argmap, req, location=location, **kwargs)
        if (argmap, sent) not in self._read:
            if len(self._read) >= _MOST_REMEMBERED:
                self._read.clear()
            self._read[argmap, sent] = super().parse(argmap, req, location=location, **kwargs)
        return dict(self._read[argmap, sent])

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Returns the body, which must be a JSON object with a JSON content type. Raises MalformedRequest.

        Raises InvalidInput early if there are MOST_ERRORS unknown fields, because validating each is slow.
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
    """Returns the names of a schema's fields in requests."""
    return {field.data_key or name for name, field in schema.load_fields.items()}


def _field_errors(messages: Mapping[str, Any]) -> Iterator[FieldError]:
    """Yields one error for each invalid field, from marshmallow's messages, which webargs groups by location."""
    for fields in messages.values():
        yield from _errors_below("", fields)


def _errors_below(path: str, messages: Any) -> Iterator[FieldError]:
    """Yields one error for each path, such as `brief.words` or `tags.2`, with its first message."""
    if not isinstance(messages, dict):
        yield FieldError(shown_name(path) or "body", str(messages[0] if isinstance(messages, list) else messages))
        return
    for name, inner in messages.items():
        own = name == "_schema"  # marshmallow's name for schema-level errors
        yield from _errors_below(path if own else f"{path}.{name}" if path else str(name), inner)
