"""The log never has secrets, user texts or control characters, at any level and in both formats."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import structlog

from app import logs
from app.config import load_settings
from app.redaction import Redaction

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS = ("json", "console")
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ"
CANARIES = {
    "a key of Google": "AIzaSyCanaryCanaryCanaryCanaryCanary123",
    "a key of this product": "acg_canarycanarycanary",
    "a secret of a webhook": "whsec_Y2FuYXJ5Y2FuYXJ5",
    "an access token": JWT,
    "half a token": JWT.rpartition(".")[0],
    "a password hash": "$2b$12$CanaryCanaryCanaryCanaryCanaryCanaryCanaryCanaryCana",
    "this process' own secret": "canary-secret-of-access-tokens-0123456789",
    "its database's password": "canary/pass",
    "an address": "canary.person+tag@mail.example",
}
IN_TEXT = {
    "mongodb": ("connecting to mongodb://root:canarypw@db-1,db-2/x?a=b", "canarypw"),
    "redis": ("rediss://:canarypw@cache:6380/0 is away", "canarypw"),
    "an address with a user alone": ("redis://canaryuser:@cache", "canaryuser:@"),
    "bearer": ("Authorization: Bearer canary-canary-canary", "canary-canary"),
    "basic": ("sent basic Y2FuYXJ5OmNhbmFyeQ==", "Y2FuYXJ5"),
    "a query": ("GET /v1/models?key=canarykey&alt=json", "canarykey"),
    "an assignment": ("password=canarypw, user=x", "canarypw"),
    "JSON": ('{"new_password": "canary pw \\" more", "a": 1}', "more"),
    "JSON in JSON": ('"{\\"refresh_token\\": \\"canarytoken\\"}"', "canarytoken"),
    "a dict": ("{'prompt': 'canary words', 'n': 1}", "canary"),
    "a header": ("Cookie: session=canaryvalue", "canaryvalue"),
}
CLEARED = {"REDIS_URL": "redis://u:canary%2Fpass@cache:6379/0", "JWT_SECRET": CANARIES["this process' own secret"]}

Lines = Callable[[str, str], io.StringIO]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Configures logging for a level and a format. Returns a stream of the lines, and restores all afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, structlog.get_config()

    def configured(level: str, form: str) -> io.StringIO:
        stream = io.StringIO()
        settings = load_settings({"APP_ENV": "development", **CLEARED})
        logs.configure(replace(settings, log_level=level, log_format=form), stream)
        return stream

    yield configured
    root.handlers[:], root.level = before[0], before[1]
    structlog.configure(**before[2])


def log_everywhere(value: str) -> None:
    """Puts a value into every part of a log entry."""
    log = structlog.stdlib.get_logger("app.of.this.test")
    library = logging.getLogger("a.library")
    for each in (log.debug, log.info, log.warning, log.error):
        each(f"text with {value}", value=value, nested={"in": [value, {"deeper": (value,)}]}, raw=value.encode())
    for number in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        library.log(number, "sent %s", value)
    try:
        raise_with(value)
    except ValueError as error:
        log.exception("crashed")
        log.error("crashed", exc_info=error)
        library.exception("crashed with %r", value)


def raise_with(value: str) -> None:
    local = {"of the frame": value}
    try:
        _ = {}[value]
    except KeyError:
        raise ValueError(f"{value} cannot be used with {len(local)}") from None


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("level", LEVELS)
def test_no_secret_is_logged(lines: Lines, level: str, form: str) -> None:
    """Neither in the message, nor in fields, nested values, exceptions or lines of libraries."""
    stream = lines(level, form)
    for value in CANARIES.values():
        log_everywhere(value)
    assert "crashed" in stream.getvalue()
    assert [name for name, value in CANARIES.items() if value in stream.getvalue()] == []


@pytest.mark.parametrize(("text", "secret"), IN_TEXT.values(), ids=IN_TEXT)
def test_no_secret_inside_a_message_is_logged(lines: Lines, text: str, secret: str) -> None:
    stream = lines("DEBUG", "json")
    log_everywhere(text)
    assert secret not in stream.getvalue()
    assert secret not in Redaction().of_text(text)


def test_fields_with_secret_names_are_hidden(lines: Lines) -> None:
    """At any depth and with any value. Token counts are not secret."""
    stream = lines("INFO", "json")
    structlog.stdlib.get_logger("app.x").info(
        "asked", password="canary", headers={"Set-Cookie": ["canary"], "n": {"api-key": {"canary": b"canary"}}},
        prompt="canary", generatedText="canary", input_tokens=12,
    )  # fmt: skip
    line = json.loads(stream.getvalue())
    assert "canary" not in stream.getvalue()
    assert (line["password"], line["input_tokens"], line["event"]) == ("[hidden]", 12, "asked")


@pytest.mark.parametrize("form", FORMATS)
def test_ordinary_lines_are_unchanged(lines: Lines, form: str) -> None:
    """What operators search for: ids, server URLs without passwords, texts with colons."""
    stream = lines("INFO", form)
    said = "redis://cache:6379/0: no answer; retry at 20:45, tokens=12, content 5f43a7d4e13823a0b0a0b0a0"
    structlog.stdlib.get_logger("app.x").info(said, request_id="r-1", due="2026-01-01T00:00:00+00:00")
    assert said in stream.getvalue()
    assert "r-1" in stream.getvalue()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("level", LEVELS)
def test_libraries_only_log_warnings(lines: Lines, level: str, form: str) -> None:
    """At DEBUG they would log documents, hashes and texts, even if their logger has a separate level."""
    stream = lines(level, form)
    for name in ("pymongo.command", "urllib3.connectionpool", "httpx", "grpc", "google.auth", "engineio.server",
                 "socketio.server", "rq.worker", "requests", "a.new.one"):  # fmt: skip
        logger = logging.getLogger(name)
        before = logger.level
        try:
            assert not logger.isEnabledFor(logging.INFO)
            logger.setLevel(logging.DEBUG)
            logger.debug("canary")
            logger.info("canary")
        finally:
            logger.setLevel(before)
    assert "canary" not in stream.getvalue()


@pytest.mark.parametrize("form", FORMATS)
def test_a_traceback_has_no_values_and_a_limited_length(lines: Lines, form: str) -> None:
    """It names the exception and its frames. Long quotes are truncated."""

    def deep(left: int) -> None:
        words = "the canary's words, " * 3
        if left:
            deep(left - 1)
        raise ValueError(f"no number: {words!r}" + " x" * 100_000)

    stream = lines("INFO", form)
    try:
        deep(300)
    except ValueError:
        structlog.stdlib.get_logger("app.x").exception("crashed")
    shown = stream.getvalue()
    assert "ValueError: no number: " in shown
    assert "…" in shown or r"\u2026" in shown
    assert "in deep" in shown
    assert "canary's words, the canary" not in shown
    assert len(shown) < 10_000
    assert "╭" not in shown


@pytest.mark.parametrize("where", ["event", "field", "exception", "library"])
@pytest.mark.parametrize("character", ["\x1b", "\r", "\x00", "\x08", "\x7f", "\x9b", "\u202e", "\u2028", "\u2066"])
def test_a_console_gets_no_control_characters(lines: Lines, where: str, character: str) -> None:
    """They could erase or forge lines, or set the title of the operator's terminal."""
    stream = lines("INFO", "console")
    log, value = structlog.stdlib.get_logger("app.x"), f"a{character}[2Jb"
    if where == "event":
        log.info(value)
    elif where == "field":
        log.info("x", field=value, **{value: 1}, nested=[value])
    elif where == "library":
        logging.getLogger("rq.worker").warning(value)
    else:
        log.error("crashed", exc_info=ValueError(value))
    assert stream.getvalue()
    assert character not in stream.getvalue()


def test_a_message_with_line_breaks_is_one_line(lines: Lines) -> None:
    stream = lines("INFO", "console")
    structlog.stdlib.get_logger("app.x").info("first\n2026-01-01 [info] forged", field="a\nb", other="c\nd e")
    assert stream.getvalue().count("\n") == 1


def test_the_length_of_a_line_is_limited(lines: Lines) -> None:
    """Long, wide and deep values are truncated. Objects are logged as their repr, without secrets."""
    stream = lines("INFO", "json")
    deep: Any = "end"
    for _ in range(500):
        deep = [deep]
    structlog.stdlib.get_logger("app.x").info("x" * 10**6, wide=list(range(10**5)), deep=deep, at=ValueError(JWT))
    assert len(stream.getvalue()) < 10_000
    assert JWT not in stream.getvalue()
    json.loads(stream.getvalue())
