"""Builds the OpenAPI document: extends flask-smorest's by what applies to many routes.

flask-smorest generates schemas and paths. Errors, security, headers and examples follow from the rules in this module.
A view declares only what is specific to it (`Contract` in app.http.blueprint).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from app.errors import (
    AppError,
    Forbidden,
    InvalidInput,
    MalformedRequest,
    NotFound,
    PayloadTooLarge,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from app.http import reference_examples
from app.http.blueprint import Contract, contract_of, is_public
from app.http.error_answers import STATUS_OF
from app.http.idempotency import is_idempotent
from app.http.reference_headers import EXAMPLE_REQUEST_ID, HEADERS, IDEMPOTENCY_KEY, PARAMETERS
from app.http.scopes import scope_of

Document = dict[str, Any]

PREFIX = "/api/"
BEARER = "bearer"
COOKIE = "refreshCookie"
_DESCRIPTION = """\
Every JSON response has an envelope: `{success, message, data, statusCode}`, or for errors `{success, message,
statusCode, code, errors?, requestId}`. Send the access token as `Authorization: Bearer <token>`.

Browsers can keep the refresh token inaccessible to scripts: with the header `X-Auth-Transport: cookie`, register,
login and refresh set it as an httpOnly cookie instead of returning it, and refresh and logout read it from there.

Every response has an `X-Request-ID`, which is that of the request if it sent one. Live events are sent over Socket.IO
and described in [asyncapi.json](/api/asyncapi.json).

Responses to rate-limited requests have `RateLimit-Policy` and `RateLimit`: the rules, and what is left of each.
"""
_SECURITY_SCHEMES: Document = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token, or an API key (`acg_…`) with the scope of the operation.",
    },
    COOKIE: {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-refresh_token",
        "description": "The refresh token, when `X-Auth-Transport: cookie` is sent; over http: `refresh_token`.",
    },
}


def build(app: Flask, spec: Document) -> Document:
    """Returns the document for the app's routes. `spec` is flask-smorest's and is not modified."""
    document = copy.deepcopy(spec)
    components = document["components"]
    document["info"]["description"] = _DESCRIPTION
    document["security"] = [{BEARER: []}]
    components["securitySchemes"] = _SECURITY_SCHEMES
    components["headers"] = HEADERS
    components["parameters"] = PARAMETERS
    components["responses"] = {kind.__name__: _error_response(kind) for kind in STATUS_OF}
    for rule in app.url_map.iter_rules():
        _complete_rule(app, document, rule)
    _tell_of_bodies(document["components"]["schemas"])
    reference_examples.modernise(document)
    reference_examples.add_to_answers(document)
    _drop_unused(document)
    return document


def path_of(rule: Rule) -> str:
    """Returns the rule's path in OpenAPI's notation."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)


def is_documented(rule: Rule) -> bool:
    """Whether the reference includes a rule: all except the browser app's pages."""
    return rule.rule.startswith(PREFIX) or not rule.endpoint.startswith("pages.")


def _complete_rule(app: Flask, document: Document, rule: Rule) -> None:
    if not is_documented(rule):
        return
    view = app.view_functions[rule.endpoint]
    path = document["paths"].setdefault(path_of(rule), {})
    for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
        operation = path.get(method.lower()) or _plain_operation(view.__doc__, contract_of(view))
        path[method.lower()] = operation
        contract = contract_of(view)
        _describe_answers(operation, contract)
        operation["operationId"] = rule.endpoint.replace(".", "_")
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/RequestId"})
        if is_idempotent(view):
            _tell_of_keys(operation)
        for error in _errors_of(rule, operation, contract, public=is_public(view)):
            kind = next(each for each in error.__mro__ if each in STATUS_OF)
            operation["responses"][str(STATUS_OF[kind])] = {"$ref": f"#/components/responses/{kind.__name__}"}
        if rules := getattr(view, "body_rules", None):
            document["components"]["schemas"][_body_of(operation)] |= rules
        if _takes_refresh_token(operation):
            operation["requestBody"]["required"] = True
        if rule.rule.startswith(PREFIX) and not is_public(view):
            operation["security"] = [{BEARER: [scope_of(view)]}]
        if is_public(view):
            operation["security"] = [{}, {COOKIE: []}] if _takes_refresh_token(operation) else []


def _tell_of_keys(operation: Document) -> None:
    operation["description"] = "\n\n".join(filter(None, (operation.get("description"), IDEMPOTENCY_KEY)))
    operation["responses"]["409"] = {"$ref": "#/components/responses/Conflict"}
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answer["headers"]["Idempotency-Replayed"] = {"$ref": "#/components/headers/Idempotency-Replayed"}


def _body_of(operation: Document) -> str:
    """Returns the schema name of an operation's JSON body."""
    reference: str = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return reference.rpartition("/")[2]


def _takes_refresh_token(operation: Document) -> bool:
    content = operation.get("requestBody", {}).get("content", {})
    return any(each["schema"].get("$ref", "").endswith("/RefreshToken") for each in content.values())


def _tell_of_bodies(schemas: Document) -> None:
    """Marks bodies that may not be empty, which marshmallow's schemas do not express.

    The refresh token may only be omitted if it is in the cookie, which OpenAPI cannot express.
    """
    schemas["Update"]["minProperties"] = 1
    schemas["RefreshToken"]["required"] = ["refresh_token"]
    schemas["RefreshToken"]["properties"]["refresh_token"] |= {"type": "string"}
    schemas["RefreshToken"]["properties"]["refresh_token"].pop("default", None)


def _plain_operation(docstring: str | None, contract: Contract) -> Document:
    return {
        "summary": (docstring or "").strip().partition("\n")[0],
        "tags": ["operation"],
        "parameters": [
            {"in": "path", "name": name, "required": True, "schema": dict(schema)}
            for name, schema in contract.path.items()
        ],
        "responses": {},
    }


def _describe_answers(operation: Document, contract: Contract) -> None:
    """Describes the successful responses and their headers."""
    answers = operation["responses"]
    answers.pop("default", None)
    for status in contract.statuses:
        answer = answers.setdefault(str(status), {"description": HTTPStatus(status).phrase})
        if contract.content and status != HTTPStatus.NO_CONTENT:
            answer["content"] = {media: {"schema": dict(schema)} for media, schema in contract.content.items()}
        if contract.message:
            answer["description"] = answer["x-message"] = contract.also.get(status, contract.message)
            answer["x-example"] = contract.also_example if status in contract.also else contract.example
        names = ["X-Request-ID", *(["Location"] if contract.has_location(status) else [])]
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _errors_of(rule: Rule, operation: Document, contract: Contract, *, public: bool) -> Iterator[type[AppError]]:
    """Yields the errors of a route: common ones that follow from its inputs, and its own."""
    yield from (next(kind for kind in each.__mro__ if kind in STATUS_OF) for each in contract.raises)
    if rule.rule.startswith(PREFIX):
        yield from (RateLimited, InvalidInput)
    if rule.rule.startswith(PREFIX + "auth"):
        yield Unavailable
    if not public:
        yield from (Unauthenticated, Forbidden, Unavailable)
    if rule.arguments:
        yield NotFound
    if "requestBody" in operation:
        yield from (MalformedRequest, PayloadTooLarge)


def _error_response(kind: type[AppError]) -> Document:
    status = STATUS_OF[kind]
    codes = sorted({each.code for each in (kind, *kind.__subclasses__())})
    names = ["X-Request-ID"]
    names += ["Retry-After"] if kind in {RateLimited, Unavailable} else []
    names += ["WWW-Authenticate"] if kind is Unauthenticated else []
    example = {"success": False, "message": kind.default_message, "statusCode": status, "code": kind.code}
    if kind is InvalidInput:
        example["errors"] = [{"field": "title", "message": "Must be 1 to 200 characters."}]
    narrowed = {"properties": {"statusCode": {"const": status}, "code": {"enum": codes}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Error"}, narrowed]}
    return {
        "description": f"{kind.default_message} (`{'` or `'.join(codes)}`)",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {"application/json": {"schema": schema, "example": example | {"requestId": EXAMPLE_REQUEST_ID}}},
    }


def _drop_unused(document: Document) -> None:
    """Removes unreferenced schemas, of which flask-smorest adds some."""
    schemas = document["components"]["schemas"]
    while True:
        text = str({**document, "components": {**document["components"], "schemas": schemas}})
        used = set(re.findall(r"#/components/schemas/(\w+)", text))
        if used >= set(schemas):
            break
        schemas = {name: schema for name, schema in schemas.items() if name in used}
    document["components"]["schemas"] = schemas
