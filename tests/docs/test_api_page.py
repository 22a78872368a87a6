"""docs/api.md is complete: it has every route, every error code and every field of a content."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask

from app import errors
from app.content.schemas import ContentSchema
from tests.docs import readme

UNLISTED = {
    ("POST", "/auth/refresh-token"),  # an alias, named beside the route
    ("GET", "/openapi.json"),
    ("GET", "/asyncapi.json"),
    ("GET", "/docs"),
    ("GET", "/docs/"),
    ("GET", "/docs/:"),
}
"""Routes named in the text instead: those of the reference itself, and an alias."""
NOT_OVER_HTTP = {"bad_settings", "generation_failed", "precondition_failed"}
"""Codes of failed starts and of attempts, and one that only has more specific codes."""


def routes(app: Flask) -> set[tuple[str, str]]:
    """Method and path below /api, with `:` before each parameter."""
    return {
        (method, re.sub(r"<[^>]+>", ":", rule.rule).removeprefix("/api"))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }


def codes(error: type[errors.AppError] = errors.AppError) -> Iterator[str]:
    for kind in error.__subclasses__():
        yield kind.code
        yield from codes(kind)


def test_every_route_is_in_a_table(app: Flask) -> None:
    shown = {
        (method, re.sub(r":\w+", ":", path))
        for method, path in (row[0].split() for row in readme.table("Method, path"))
    }
    assert routes(app) - shown == UNLISTED


def test_every_error_code_is_in_the_table() -> None:
    listed = {code for row in readme.table("Status") for code in row[1].split(", ")}
    assert set(codes()) - listed == NOT_OVER_HTTP


def test_every_field_of_a_content_is_named() -> None:
    (named,) = re.findall(r"A \*\*content\*\* is \{([^}]*)\}", readme.text())
    assert {name.strip() for name in re.split(r",\s", named)} == {
        field.data_key or name for name, field in ContentSchema().fields.items()
    }
