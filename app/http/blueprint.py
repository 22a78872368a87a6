"""The Blueprint of this API: strict JSON requests, enveloped responses, and authentication unless `public`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from types import MappingProxyType
from typing import Any, TypeVar

import flask_smorest
from flask import Flask, Response, request
from marshmallow import Schema

from app.errors import AppError, FieldError, InvalidInput
from app.http.envelope import success_schema
from app.http.json_bodies import MOST_ERRORS, shown_name
from app.http.request_parser import RequestParser, names_in
from app.http.scopes import ACCOUNT

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Marks a view that can be called without an access token."""
    view.is_public = True  # type: ignore[attr-defined]  # functools.wraps copies it
    return view


def is_public(view: Callable[..., Any]) -> bool:
    return bool(getattr(view, "is_public", False))


def costs(view: View) -> View:
    """Marks a view that leads to model calls or is otherwise expensive: RATE_LIMIT_GENERATE applies to it."""
    view.is_costly = True  # type: ignore[attr-defined]  # as `public`
    return view


def is_costly(view: Callable[..., Any] | None) -> bool:
    return bool(getattr(view, "is_costly", False))


_NO_CONTENT = 204
"""The only success status without a body (RFC 9110 section 15.3.5)."""
_NOTHING: Mapping[Any, Any] = MappingProxyType({})

LEFT_OUT = object()
"""Marks a member that a contract's example does not have."""


@dataclass(frozen=True)
class Contract:
    """What the reference says about a view beyond its schemas.

    `raises` are errors specific to the view; common ones are added by app.http.reference. `message` is the envelope's;
    `also` has the messages of other success statuses. For views outside the envelope, `content` maps media types to
    JSON schemas and `path` the path parameters. `example` overrides the fields' examples, by dotted path into the data,
    and `also_example` those of the other success statuses.
    `location` is the template of the first status's Location header, with the path's parameters and the response's
    data: `/api/content/{data[id]}`.
    """

    statuses: tuple[int, ...]
    message: str = ""
    raises: tuple[type[AppError], ...] = ()
    content: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    path: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    example: Mapping[str, Any] = field(default_factory=dict)
    also: Mapping[int, str] = field(default_factory=dict)
    also_example: Mapping[str, Any] = field(default_factory=dict)
    location: str = ""

    def has_location(self, status: int) -> bool:
        """Whether responses of this status carry a Location header."""
        return bool(self.location) and status == self.statuses[0]


@dataclass(frozen=True)
class Instead:
    """A view's return value for a different success status, which must be in `also` of its `answers`."""

    status: int
    data: Any


def plain(
    content: Mapping[str, Mapping[str, Any]],
    *statuses: int,
    raises: tuple[type[AppError], ...] = (),
    path: Mapping[str, Mapping[str, Any]] | None = None,
) -> Callable[[View], View]:
    """Describes a view outside the envelope. Its status is 200 unless others are given."""

    def decorate(view: View) -> View:
        view.contract = Contract(statuses or (200,), raises=raises, content=content, path=path or {})  # type: ignore[attr-defined]  # as `public`
        return view

    return decorate


def contract_of(view: Callable[..., Any]) -> Contract:
    return getattr(view, "contract", None) or Contract((200,))


def refuse_unknown_queries(app: Flask) -> None:
    """Rejects unknown query parameters of views below /api, instead of ignoring them silently."""

    @app.before_request
    def refuse() -> None:
        view = app.view_functions.get(request.endpoint or "")
        if (
            view is None
            or not request.query_string
            or request.method == "OPTIONS"
            or not request.path.startswith("/api/")
        ):
            return
        unknown = [name for name in request.args if name not in getattr(view, "query_names", ())]
        if unknown:
            raise InvalidInput(
                [FieldError(shown_name(name), "Unknown query parameter.") for name in unknown[:MOST_ERRORS]]
            )


class ApiBlueprint(flask_smorest.Blueprint):
    """A flask-smorest Blueprint whose views return plain data, which is put into the envelope."""

    ARGUMENTS_PARSER = RequestParser()

    def __init__(self, *args: Any, scopes: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """`scopes` are the scopes required by method. By default routes require a login session."""
        super().__init__(*args, **kwargs)
        self._scopes = scopes or {}

    def describe(self, app: Flask, api: flask_smorest.Api) -> None:
        """Adds the views to flask-smorest's reference; `Api.register_blueprint` does so at each start. Call it once."""
        self.register_views_in_doc(api, app, api.spec, name=self.name, parameters=None)
        api.spec.tag({"name": self.name, "description": self.description})

    def route(self, rule: str, *, scope: str | None = None, **options: Any) -> Callable[[View], View]:
        """Like flask-smorest's. `scope` overrides the scope required by the method."""
        register: Callable[[View], View] = super().route(rule, **options)
        needed = scope or self._scopes.get(next(iter(options.get("methods", ["GET"]))), ACCOUNT)

        def decorate(view: View) -> View:
            view.scope = needed  # type: ignore[attr-defined]  # as `public`
            return register(view)

        return decorate

    def arguments(self, schema: type[Schema], **kwargs: Any) -> Callable[[View], View]:
        """Like flask-smorest's, but reuses one schema object for all requests, because creating one is slow.

        The schema's `json_schema` adds constraints to the reference that fields cannot express.
        """
        made = schema()
        parse: Callable[[View], View] = super().arguments(made, **kwargs)

        def decorate(view: View) -> View:
            decorated = parse(view)
            if rules := getattr(made, "json_schema", None):
                decorated.body_rules = rules  # type: ignore[attr-defined]  # as `public`
            if kwargs.get("location") == "query":
                decorated.query_names = frozenset(names_in(made))  # type: ignore[attr-defined]  # as `public`
            return decorated

        return decorate

    def answers(
        self,
        status: int,
        data: type[Schema] | None = None,
        message: str = "",
        *,
        also: Mapping[int, str] = _NOTHING,
        **specific: Any,
    ) -> Callable[[View], View]:
        """Decorates a view that returns the envelope's `data`, serialised by the given schema. A 204 has no data.

        `also` has the messages of other successes; see Instead. `specific` are further members of Contract.
        """
        schema = None if status == _NO_CONTENT else success_schema(data)
        contract = Contract((status, *also), message, also=also, **specific)

        def decorate(view: View) -> View:
            @wraps(view)
            def wrapped(*args: Any, **kwargs: Any) -> Any:
                return _enveloped(view(*args, **kwargs), status, contract)

            decorated: View = self.response(status, schema)(wrapped)
            for other in contract.also:
                decorated = self.alt_response(other, schema=schema, success=True)(decorated)
            decorated.contract = contract  # type: ignore[attr-defined]  # as `public`
            return decorated

        return decorate


def _enveloped(result: Any, status: int, contract: Contract) -> Any:
    """Returns the body of a success, its status and its headers."""
    if status == _NO_CONTENT:
        return Response(status=status)
    if isinstance(result, Instead):
        return _enveloped(result.data, result.status, contract)
    message = contract.also.get(status, contract.message)
    has_location = contract.has_location(status)
    location = contract.location.format(data=result, **(request.view_args or {})) if has_location else ""
    envelope = {"success": True, "message": message, "data": result, "statusCode": status}
    return envelope, status, {"Location": location} if location else {}
