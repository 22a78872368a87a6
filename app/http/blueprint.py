"""The Blueprint of this API: strict JSON in, the envelope out, authentication unless a view says `public`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, NoReturn, TypeVar

import flask_smorest
import orjson
from flask import Request, Response, current_app
from marshmallow import Schema, ValidationError
from webargs import missing
from webargs.flaskparser import FlaskParser

from app.errors import AppError, FieldError, InvalidInput, MalformedRequest, PayloadTooLarge
from app.http.envelope import success_schema

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Marks a view that needs no access token."""
    view.is_public = True  # type: ignore[attr-defined]  # a mark that functools.wraps carries along
    return view


def is_public(view: Callable[..., Any]) -> bool:
    return bool(getattr(view, "is_public", False))


@dataclass(frozen=True)
class Contract:
    """What the reference says of a view beyond its schemas.

    `raises` are the errors of its own: those of every route, of a body and of a path stand in app.http.reference.
    `message` is the envelope's; `content` maps media types to JSON schemas, for a view outside the envelope.
    """

    statuses: tuple[int, ...]
    message: str = ""
    raises: tuple[type[AppError], ...] = ()
    content: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def plain(
    content: Mapping[str, Mapping[str, Any]], *statuses: int, raises: tuple[type[AppError], ...] = ()
) -> Callable[[View], View]:
    """Tells the reference what a view outside the envelope answers, with 200 unless other statuses are given."""

    def decorate(view: View) -> View:
        view.contract = Contract(statuses or (200,), raises=raises, content=content)  # type: ignore[attr-defined]  # as `public`
        return view

    return decorate


def contract_of(view: Callable[..., Any]) -> Contract:
    return getattr(view, "contract", None) or Contract((200,))


class RequestParser(FlaskParser):
    """Reads JSON bodies and query strings, and raises our own errors for what is wrong with them."""

    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body, which must be a JSON object with a JSON content type. Raises MalformedRequest."""
        body = _whole_body(req)
        if not body and getattr(schema, "body_may_be_absent", False):
            return missing
        if not req.is_json:
            raise MalformedRequest("Send a JSON object, with the header Content-Type: application/json")
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise MalformedRequest("The request body is not valid JSON") from None
        if not isinstance(document, dict):
            raise MalformedRequest
        return document

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        raise InvalidInput(list(_field_errors(error.normalized_messages())))


def _whole_body(req: Request) -> bytes:
    """The body. Raises PayloadTooLarge also for a chunked one, which werkzeug cuts at the limit without a word."""
    body = req.get_data(cache=True)
    if req.content_length is None and len(body) >= (req.max_content_length or math.inf):
        raise PayloadTooLarge
    return body


def _field_errors(messages: Mapping[str, Any]) -> list[FieldError]:
    """One entry per bad field from marshmallow's messages, which webargs keys by location first."""
    errors = []
    for fields in messages.values():
        for name, texts in fields.items() if isinstance(fields, dict) else [("body", fields)]:
            errors.append(FieldError("body" if name == "_schema" else name, _first_text(texts)))
    return errors


def _first_text(messages: Any) -> str:
    while isinstance(messages, (list, dict)):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return str(messages)


class ApiBlueprint(flask_smorest.Blueprint):
    """A flask-smorest Blueprint whose views return plain data and answer in the envelope."""

    ARGUMENTS_PARSER = RequestParser()

    def arguments(self, schema: type[Schema], **kwargs: Any) -> Callable[[View], View]:
        """As flask-smorest's, with one schema object for all requests: to make one takes as long as to use it."""
        decorate: Callable[[View], View] = super().arguments(schema(), **kwargs)
        return decorate

    def answers(
        self,
        status: int,
        data: type[Schema] | None = None,
        message: str = "",
        *,
        raises: tuple[type[AppError], ...] = (),
    ) -> Callable[[View], View]:
        """Decorates a view that returns the envelope's `data`, to be serialised with the given schema.

        A 204 has no body. `raises` tells the reference about errors that this view has and most others have not.
        """
        empty = status == 204  # noqa: PLR2004  # RFC 9110 section 15.3.5

        def decorate(view: View) -> View:
            @wraps(view)
            def wrapped(*args: Any, **kwargs: Any) -> Any:
                result = current_app.ensure_sync(view)(*args, **kwargs)
                if empty:
                    return Response(status=status)
                return {"success": True, "message": message, "data": result, "statusCode": status}

            decorated: View = self.response(status, None if empty else success_schema(data))(wrapped)
            decorated.contract = Contract((status,), message, raises)  # type: ignore[attr-defined]  # as `public`
            return decorated

        return decorate
