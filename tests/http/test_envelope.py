"""The error envelope for every kind of error, and the request id."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import structlog
from flask import Flask
from werkzeug.test import Client

from app.content.schemas import CreateSchema
from app.content.service import ContentService
from app.errors import AppError, GenerationError, InvalidInput, SettingsError
from app.http.error_answers import STATUS_OF
from app.http.json_bodies import read_object
from tests.conftest import over_http
from tests.http.answers import bad_fields, error_of
from tests.patience import REQUEST_SECONDS
from tests.person import Http, Person
from tests.product import Product

MEBIBYTE = 1024 * 1024
NewClient = Callable[[], Client]
JSON = {"Content-Type": "application/json"}
BODY = {"title": "Bees", "contentType": "blog", "prompt": "About bees"}


# --- routes and methods


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/nothing",
        "/api/content/",
        "/api/content/a/b",
        "/api/auth",
        "/api/auth/me/",
        "/api/%00",
        "/API/auth/me",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_an_unknown_route_is_404(http: Http, method: str, path: str) -> None:
    """With and without a token, because nothing there requires authentication."""
    error = error_of(http(method, path), 404)
    assert (error["message"], error["code"]) == ("Not found", "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/auth/register", {"POST"}),
        ("DELETE", "/api/auth/login", {"POST"}),
        ("PUT", "/api/auth/refresh", {"POST"}),
        ("GET", "/api/auth/refresh-token", {"POST"}),
        ("PATCH", "/api/auth/logout", {"POST"}),
        ("POST", "/api/auth/me", {"GET", "HEAD", "PUT", "DELETE"}),
        ("DELETE", "/api/content", {"GET", "HEAD", "POST"}),
        ("PATCH", "/api/content/507f1f77bcf86cd799439011", {"GET", "HEAD", "PUT", "DELETE"}),
        ("POST", "/api/content/job/x/status", {"GET", "HEAD"}),
    ],
)
def test_a_wrong_method_is_405_and_names_the_allowed_ones(
    new_client: NewClient, method: str, path: str, allowed: set[str]
) -> None:
    response = new_client().open(path, method=method)
    assert error_of((response.status_code, response.get_json()), 405)["code"] == "method_not_allowed"
    assert {name.strip() for name in response.headers["Allow"].split(",")} - {"OPTIONS"} == allowed


def test_a_missing_token_is_401_and_names_the_scheme(new_client: NewClient) -> None:
    """Before the body or the id is validated."""
    for method, path in (("GET", "/api/content"), ("POST", "/api/content"), ("PUT", "/api/content/x")):
        response = new_client().open(path, method=method, data=b"{", headers=JSON)
        assert error_of((response.status_code, response.get_json()), 401)["code"] == "unauthenticated"
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


# --- bodies

BODIES = [
    ("POST", "/api/auth/register"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/refresh"),
    ("POST", "/api/auth/logout"),
    ("POST", "/api/content"),
    ("POST", "/api/content/generate"),
    ("PUT", "/api/content/507f1f77bcf86cd799439011"),
]
bodies = pytest.mark.parametrize(("method", "path"), BODIES, ids=[f"{method} {path}" for method, path in BODIES])

MALFORMED = {
    "cut off": b'{"title": "Bees"',
    "single quotes": b"{'title': 'Bees'}",
    "trailing comma": b'{"title": "Bees",}',
    "words": b"title=Bees",
    "NaN": b'{"title": NaN}',
    "Infinity": b'{"title": -Infinity}',
    "two objects": b"{}{}",
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "not UTF-8": b'{"title": "\xff\xfe"}',
    "UTF-16": '{"title": "Bees"}'.encode("utf-16"),
    "NUL": b"\x00",
    "raw NUL in a string": b'{"title": "a\x00b"}',
    "half an escape": rb'{"title": "\ud8"}',
    "half an emoji in what is not JSON": rb'{"title": "\ud800",}',
    "deep list": b"[" * 16_000,
    "deep object": b'{"a":' * 2_500 + b"1" + b"}" * 2_500,
}
NO_OBJECT = {
    "list": b"[]",
    "list of objects": b'[{"title": "Bees"}]',
    "string": b'"Bees"',
    "number": b"1",
    "null": b"null",
    "true": b"true",
}


@bodies
@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_body_that_is_not_json_is_400(person: Person, method: str, path: str, body: bytes) -> None:
    error = error_of(person.call(method, path, body), 400)
    assert error["code"] == "malformed_request"
    assert "JSON" in error["message"]


@bodies
def test_a_byte_order_mark_before_json_is_accepted(person: Person, method: str, path: str) -> None:
    """Editors and PowerShell write it. Only the field is rejected."""
    assert bad_fields(person.call(method, path, b'\xef\xbb\xbf{"nothing": 1}'))[-1] in {"nothing", "title", "password"}


@bodies
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (rb'{"title": "Bees \ud83d"}', ["title"]),
        (rb'{"title": "\udc1d Bees"}', ["title"]),
        (rb'{"title": "\ud83d\ud83d\udc1d"}', ["title"]),
        (rb'{"title": "\\\ud83d", "prompt": "\\ud83d \ud83d\udc1d"}', ["title"]),
        (rb'{"brief": {"points": ["a", "\uD83D"]}, "title": "\uDC1D"}', ["brief.points.1", "title"]),
        (rb'{"\udc00": "x"}', ["\ufffd"]),
    ],
)
def test_a_lone_surrogate_is_reported_at_its_field(
    person: Person, method: str, path: str, body: bytes, fields: list[str]
) -> None:
    """It is syntactically valid JSON, and clients send it if they split a text inside an emoji."""
    answer = person.call(method, path, body)
    assert bad_fields(answer) == fields
    assert all("half an emoji" in error["message"] for error in answer[1]["errors"])


def test_searching_for_lone_surrogates_is_fast() -> None:
    """Even in paths half as long as the body, below a thousand names, and after backslashes."""
    deep = b'{"%s":' % (b"k" * 500) * 900
    bodies = [
        b'{"%s": [%s "\\ud83d"]}' % (b"k" * 400_000, b"0," * 200_000),
        deep + b"[%s" % (b"0," * 200_000) + rb'"\ud83d"]' + b"}" * 900,
        rb'{"a": "%s\ud83d"}' % (rb"\\" * 250_000),
        rb'{"a": "%s"}' % (rb"\ud83d" * 150_000),
        b"{%s}" % b",".join(rb'"%d": "\ud83d"' % i for i in range(50_000)),
    ]
    for body in bodies:
        started = time.process_time()
        with pytest.raises(InvalidInput) as refusal:
            read_object(body)
        assert time.process_time() - started < 2
        assert len(refusal.value.errors) <= 20
        assert all(len(error.field) <= 101 for error in refusal.value.errors)


def test_an_escaped_emoji_is_accepted(person: Person) -> None:
    body = rb'{"title": "\ud83d\udc1d \\ud83d", "contentType": "blog", "prompt": "p"}'
    assert person.call("POST", "/api/content", body)[1]["data"]["title"] == "🐝 \\ud83d"


@bodies
def test_at_most_twenty_errors_are_listed(person: Person, method: str, path: str) -> None:
    """For any number and length of unknown fields, the response is small and no field is validated."""
    for names in ([f"field{i}" for i in range(1000)], ["x" * 600 + str(i) for i in range(20)]):
        status, answer = person.call(method, path, dict.fromkeys(names, 1))
        assert (status, len(answer["errors"])) == (422, 20)
        assert len(json.dumps(answer)) < 6_000


def test_ninety_five_thousand_unknown_fields_are_rejected_without_validation(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Validating them took 1.7 s, during which no other request was served."""
    loads: list[Any] = []
    monkeypatch.setattr(CreateSchema, "load", lambda *_args, **_options: loads.append(1))
    status, answer = person.call("POST", "/api/content", {f"f{i}": 0 for i in range(95_000)})
    assert (status, len(answer["errors"]), loads) == (422, 20, [])


def test_the_last_value_of_a_duplicate_name_is_used(person: Person) -> None:
    body = b'{"title": "A", "title": "B", "contentType": "blog", "prompt": "p"}'
    assert person.call("POST", "/api/content", body)[1]["data"]["title"] == "B"


@bodies
@pytest.mark.parametrize("body", NO_OBJECT.values(), ids=NO_OBJECT)
def test_a_body_that_is_not_an_object_is_400(person: Person, method: str, path: str, body: bytes) -> None:
    error = error_of(person.call(method, path, body), 400)
    assert (error["code"], error["message"]) == ("malformed_request", "The request body must be a JSON object")


@bodies
@pytest.mark.parametrize("content_type", [None, "", "text/plain", "application/x-www-form-urlencoded", "x" * 300])
def test_a_body_without_the_json_content_type_is_400(
    new_client: NewClient, person: Person, method: str, path: str, content_type: str | None
) -> None:
    """The message says which header to send."""
    response = new_client().open(
        path, method=method, data=b'{"title": "Bees"}', headers=person.headers, content_type=content_type
    )
    error = error_of((response.status_code, response.get_json()), 400)
    assert error["code"] == "malformed_request"
    assert "Content-Type: application/json" in error["message"]


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON", "application/x+json"])
def test_other_spellings_of_the_json_content_type_are_accepted(
    new_client: NewClient, person: Person, content_type: str
) -> None:
    response = new_client().post("/api/content/generate", data=b"{}", headers=person.headers, content_type=content_type)
    assert response.status_code == 422


@pytest.mark.parametrize(("method", "path"), [each for each in BODIES if "content" in each[1]])
@pytest.mark.parametrize("body", [None, b""], ids=["none", "empty"])
def test_a_missing_body_is_400(person: Person, method: str, path: str, body: bytes | None) -> None:
    assert error_of(person.call(method, path, body), 400)["code"] == "malformed_request"


@pytest.mark.parametrize("depth", [2, 200])
def test_nested_values_instead_of_a_string_are_422(person: Person, depth: int) -> None:
    nested: Any = ""
    for _ in range(depth):
        nested = {"$gt": nested}
    assert bad_fields(person.call("POST", "/api/content", BODY | {"title": nested})) == ["title"]


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"9" * 400, b"1" + b"0" * 30, b"0.1e-999"])
def test_enormous_numbers_are_rejected(person: Person, number: bytes) -> None:
    """As invalid JSON or as an invalid value, without a crash."""
    status, body = person.call("POST", "/api/content", b'{"title": ' + number + b"}")
    error_of((status, body), 400 if status == 400 else 422)


def padded(size: int) -> bytes:
    """A valid request of exactly `size` bytes."""
    return b'{"title": "Bees", "contentType": "blog", "prompt": "p"}'.ljust(size)


def test_a_body_of_one_mebibyte_is_accepted_and_one_byte_more_is_413(person: Person) -> None:
    assert len(padded(MEBIBYTE)) == MEBIBYTE
    assert person.call("POST", "/api/content", padded(MEBIBYTE))[0] == 201
    error = error_of(person.call("POST", "/api/content", padded(MEBIBYTE + 1)), 413)
    assert (error["code"], error["message"]) == ("payload_too_large", "The request body is larger than 1 MiB")


@pytest.mark.parametrize(
    "path", ["register", "login", "refresh", "refresh-token", "logout", "password", "sessions", "me", "nothing"]
)
def test_a_body_of_an_auth_route_may_have_16_kibibytes(new_client: NewClient, path: str) -> None:
    """Anyone can send these. They are rejected by their Content-Length, before they are read."""
    client = new_client()
    assert client.post(f"/api/auth/{path}", data=b"{}".ljust(16 * 1024), headers=JSON).status_code in {
        401,
        404,
        405,
        422,
    }
    response = client.post(f"/api/auth/{path}", data=b"{}".ljust(16 * 1024 + 1), headers=JSON)
    error = error_of((response.status_code, response.get_json()), 413)
    assert (error["code"], error["message"]) == ("payload_too_large", "The request body is larger than 16 KiB")


@bodies
def test_every_route_rejects_an_oversized_body(person: Person, method: str, path: str) -> None:
    error_of(person.call(method, path, padded(MEBIBYTE + 1)), 413)


@pytest.mark.parametrize(
    ("path", "authenticated"), [("/api/auth/login", False), ("/api/content", True), ("/api/content/generate", True)]
)
def test_a_real_web_process_answers_413_to_20_megabytes(
    product: Product, resident: Person, path: str, authenticated: bool
) -> None:
    """The client can read the complete response, and the process continues to serve requests."""
    send = over_http(product.urls[0])
    headers = JSON | (resident.headers if authenticated else {})
    assert error_of(send("POST", path, padded(20_000_000), headers), 413)["code"] == "payload_too_large"
    assert send("GET", "/api/auth/me", None, resident.headers)[0] == 200


def test_a_real_web_process_stops_reading_a_body_of_unknown_length(product: Product, resident: Person) -> None:
    """Chunked: the size is only known while the body is being read."""
    url, headers = f"{product.urls[0]}/api/content", JSON | resident.headers
    small = requests.post(url, data=iter([padded(1000)]), headers=headers, timeout=REQUEST_SECONDS)
    assert small.status_code == 201
    large = requests.post(url, data=iter([padded(MEBIBYTE), b" " * MEBIBYTE]), headers=headers, timeout=REQUEST_SECONDS)
    error_of((large.status_code, large.json()), 413)
    login = f"{product.urls[0]}/api/auth/login"
    large = requests.post(login, data=iter([b"{", b" " * MEBIBYTE]), headers=JSON, timeout=REQUEST_SECONDS)
    error_of((large.status_code, large.json()), 413)


@pytest.mark.parametrize(
    ("request_head", "status", "code"),
    [
        (b"GET /api/content?page=%s HTTP/1.1\r\nHost: a" % (b"9" * 9000), 400, "malformed_request"),
        (b"GET /api/content HTTP/1.1\r\nHost: a\r\nBad Name: x", 400, "malformed_request"),
        (b"GET\x00/ HTTP/1.1\r\nHost: a", 400, "malformed_request"),
        (b"\xff\xfe \xed\xa0\x80 \xc3\x28", 400, "malformed_request"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nCookie: %s" % (b"x" * 9000), 431, "request_header_fields_too_large"),
    ],
    ids=["long line", "header's name", "NUL", "bytes", "long header"],
)
def test_invalid_http_is_rejected_with_the_envelope(
    product: Product, request_head: bytes, status: int, code: str
) -> None:
    """By the HTTP server itself, with the security headers of all other answers."""
    address = urlsplit(product.urls[0])
    with socket.create_connection((address.hostname, address.port), timeout=REQUEST_SECONDS) as connection:
        connection.sendall(request_head + b"\r\n\r\n")
        answer = HTTPResponse(connection)
        answer.begin()
        error = error_of((answer.status, json.loads(answer.read())), status)
    assert error["code"] == code
    assert answer.headers["X-Request-ID"] == error["requestId"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_request_line_may_have_eight_thousand_bytes(person: Person) -> None:
    assert bad_fields(person.call("GET", f"/api/content?nothing={'x' * 8000}")) == ["nothing"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/content"),
        ("POST", "/api/content"),
        ("GET", "/api/content/507f1f77bcf86cd799439011"),
        ("DELETE", "/api/content/507f1f77bcf86cd799439011"),
        ("GET", "/api/content/job/x/status"),
        ("POST", "/api/auth/login"),
        ("GET", "/api/auth/me"),
        ("DELETE", "/api/auth/sessions"),
        ("GET", "/api/docs"),
        ("GET", "/api/openapi.json"),
    ],
)
def test_an_unknown_query_parameter_is_rejected_by_name(person: Person, method: str, path: str) -> None:
    """On every route, a misspelled filter or one of a later release is an error, and nothing is executed."""
    assert bad_fields(person.call(method, f"{path}?contenttype=blog&colour=x")) == ["colour", "contenttype"]
    assert person.call("GET", "/api/auth/me")[0] == 200


def test_at_most_twenty_query_parameters_are_listed(person: Person) -> None:
    query = "&".join(f"q{i}={'x' * 10}" for i in range(500))
    assert len(bad_fields(person.call("GET", f"/api/auth/me?{query}"))) == 20


# --- crashes


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Causes an unexpected exception in a service."""

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(ContentService, "get", crash)


@pytest.mark.usefixtures("broken")
def test_a_crash_is_500_with_a_constant_text(app: Flask, person: Person, caplog: pytest.LogCaptureFixture) -> None:
    """Details are only in the log, under the request id of the response."""
    with caplog.at_level(logging.ERROR):
        response = app.test_client().get("/api/content/507f1f77bcf86cd799439011", headers=person.headers)
    error = error_of((response.status_code, response.get_json()), 500)
    assert (error["message"], error["code"]) == ("Internal server error", "internal_error")
    assert "secret" not in response.get_data(as_text=True) + str(response.headers)
    assert "Traceback" not in response.get_data(as_text=True)
    assert response.headers["X-Request-ID"] == error["requestId"]
    (line,) = [record.msg for record in caplog.records if record.levelno == logging.ERROR]
    assert isinstance(line, dict)
    assert str(line["exc_info"]) == "secret detail" or "secret detail" in str(line)
    assert line["request_id"] == error["requestId"]


def test_every_kind_of_error_has_a_status() -> None:
    """None of them falls through to 500."""

    def kinds(root: type[AppError]) -> Iterator[type[AppError]]:
        for kind in root.__subclasses__():
            yield kind
            yield from kinds(kind)

    never_in_a_request = (SettingsError, GenerationError)
    missing = [
        kind.__name__
        for kind in kinds(AppError)
        if not issubclass(kind, never_in_a_request) and not any(parent in STATUS_OF for parent in kind.__mro__)
    ]
    assert missing == []


# --- request ids


def request_ids(client: Client, path: str, headers: dict[str, str]) -> tuple[str, str | None]:
    """The ids in the header and in the body (None in a success)."""
    response = client.get(path, headers=headers)
    return response.headers["X-Request-ID"], response.get_json().get("requestId")


@pytest.mark.parametrize("given", ["abc-123", "a.b:c_D", "0", "x" * 64, "6f9619ff-8b86-d011-b42d-00c04fc964ff"])
def test_a_valid_request_id_is_used(new_client: NewClient, person: Person, given: str) -> None:
    """In error responses and in successful ones."""
    assert request_ids(new_client(), "/api/nothing", {"X-Request-ID": given}) == (given, given)
    assert request_ids(new_client(), "/api/auth/me", person.headers | {"X-Request-ID": given}) == (given, None)


@pytest.mark.parametrize(
    "given", ["", " ", "x" * 65, "a b", "<script>", 'a"b', "a;b", "a,b", "{}", "\xe9", "\x1b[31m", "a/../b", "%0d%0a"]
)
def test_a_hostile_request_id_is_replaced(new_client: NewClient, given: str) -> None:
    """By a generated one, which is the same in header and body."""
    in_header, in_body = request_ids(new_client(), "/api/nothing", {"X-Request-ID": given})
    assert in_header == in_body != given
    assert len(in_header) == 32


def test_a_request_id_is_not_used_after_its_request(app: Flask) -> None:
    """Later work of the same thread, for a socket or in the background, is not logged under it."""
    app.test_client().get("/healthz", headers={"X-Request-ID": "given-by-the-caller"})
    assert structlog.contextvars.get_contextvars() == {}


def test_every_request_has_its_own_id(new_client: NewClient) -> None:
    ids = {request_ids(new_client(), "/api/nothing", {})[0] for _ in range(5)}
    assert len(ids) == 5
