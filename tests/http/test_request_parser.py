"""Parsed query strings are cached: the cached result is immutable, and errors are not cached."""

from __future__ import annotations

import pytest
from flask import Flask
from marshmallow import Schema, fields

from app.errors import InvalidInput
from app.http import request_parser
from app.http.request_parser import RequestParser

APP = Flask(__name__)


class Query(Schema):
    """Counts how often it is used."""

    asked = 0
    limit = fields.Integer(load_default=10)

    def load(self, *args: object, **kwargs: object) -> object:
        type(self).asked += 1
        return super().load(*args, **kwargs)  # type: ignore[arg-type]  # handed on as it came


def read(parser: RequestParser, schema: Schema, query: str) -> dict[str, int]:
    with APP.test_request_context(f"/?{query}"):
        return dict(parser.parse(schema, location="query"))


def test_the_same_query_is_parsed_once() -> None:
    parser, schema = RequestParser(), Query()
    before = Query.asked
    assert [read(parser, schema, each)["limit"] for each in ("limit=7", "limit=8", "limit=7", "")] == [7, 8, 7, 10]
    assert Query.asked - before == 3


def test_a_view_cannot_change_the_cached_result() -> None:
    parser, schema = RequestParser(), Query()
    with APP.test_request_context("/?limit=7"):
        parser.parse(schema, location="query").clear()
        assert parser.parse(schema, location="query") == {"limit": 7}


def test_results_are_cached_separately_per_schema() -> None:
    class Other(Schema):
        limit = fields.String()

    parser = RequestParser()
    assert [read(parser, each, "limit=7")["limit"] for each in (Query(), Other(), Query())] == [7, "7", 7]


def test_errors_are_raised_every_time() -> None:
    parser, schema = RequestParser(), Query()
    for _ in range(2):
        with pytest.raises(InvalidInput):
            read(parser, schema, "limit=many")


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_parser, "_MOST_REMEMBERED", 3)
    parser, schema = RequestParser(), Query()
    for number in range(10):
        read(parser, schema, f"limit={number}")
    read(parser, schema, f"limit={'0' * 200}1")
    assert len(parser._read) <= 3
