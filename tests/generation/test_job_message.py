"""The format of a job's message in Redis; anything else is rejected."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest

from app.queueing.job_message import FUNCTION, JobMessage, RefusedJob, is_job_id, read_message, write_message

CONTENT_ID = "5f43a7d4e13823a0b0a0b0a0"
META = {"request_id": "r-1", "content_id": CONTENT_ID, "job_id": None}


def call(function: Any = FUNCTION, instance: Any = None, args: Any = (CONTENT_ID, 1), kwargs: Any = None) -> bytes:
    return json.dumps([function, instance, args, kwargs or {}]).encode()


def stored(data: bytes | None = None, **fields: bytes) -> dict[bytes, bytes]:
    """The stored fields of a valid job, with changes."""
    ours = {
        "data": zlib.compress(call() if data is None else data),
        "origin": b"generation",
        "timeout": b"120",
        "meta": json.dumps(META).encode(),
        "status": b"queued",
        "success_callback_name": b"",
        "group_id": b"",
    }
    return {name.encode(): value for name, value in (ours | fields).items()}


def test_a_valid_job_is_read() -> None:
    assert read_message(stored(), "generation") == JobMessage(CONTENT_ID, 1, 120, META)
    assert read_message(stored(meta=b""), "generation").meta == {}


@pytest.mark.parametrize("meta", [META, {}, {"request_id": 'Ü \\ "'}])
def test_a_written_message_is_read_back(meta: dict[str, str | None]) -> None:
    message = JobMessage(CONTENT_ID, 7, 120, meta)
    fields = {name.encode(): str(value).encode() for name, value in write_message(message, "generation").items()}
    fields[b"data"] = bytes(write_message(message, "generation")["data"])  # type: ignore[arg-type]  # bytes already
    assert read_message(fields, "generation") == message


CALLS = {
    "another function": call("os.system", args=["touch /tmp/x"]),
    "a builtin": call("builtins.eval", args=["1"]),
    "our module's other names": call("app.queueing.jobs.current_attempts.set"),
    "no function": call(None),
    "a list as function": call([FUNCTION]),
    "an instance": call(instance="os"),
    "an instance that is false": call(instance=0),
    "keyword arguments": call(kwargs={"attempt": 1}),
    "arguments that are no list": call(args={"content_id": CONTENT_ID}),
    "no arguments": call(args=[]),
    "too few arguments": call(args=[CONTENT_ID]),
    "too many arguments": call(args=[CONTENT_ID, 1, 1]),
    "an id that is no string": call(args=[{"$gt": ""}, 1]),
    "an id that is a number": call(args=[1, 1]),
    "an id of another length": call(args=["5f43", 1]),
    "an id with a line break": call(args=[CONTENT_ID + "\n", 1]),
    "an id in other digits": call(args=["٣" * 24, 1]),
    "an attempt that is text": call(args=[CONTENT_ID, "1"]),
    "an attempt that is true": call(args=[CONTENT_ID, True]),
    "an attempt that is a fraction": call(args=[CONTENT_ID, 1.0]),
    "attempt 0": call(args=[CONTENT_ID, 0]),
    "attempt -1": call(args=[CONTENT_ID, -1]),
    "attempt 10^9": call(args=[CONTENT_ID, 10**9]),
    "an attempt of 5,000 digits": b'["' + FUNCTION.encode() + b'",null,["' + CONTENT_ID.encode() + b'",' + b"9" * 5000,
    "not four parts": json.dumps([FUNCTION, None, [CONTENT_ID, 1]]).encode(),
    "an object": b'{"a":1}',
    "nothing": b"",
    "no JSON": b"\x80\x04\x95\x10",
    "nested lists": b"[" * 4000,
    "a bomb": b" " * 10_000_000,
}


@pytest.mark.parametrize("data", CALLS.values(), ids=CALLS)
def test_any_other_function_call_is_rejected(data: bytes) -> None:
    with pytest.raises(RefusedJob):
        read_message(stored(data), "generation")


FIELDS = {
    "success_callback_name": b"os.system",
    "failure_callback_name": b"os.system",
    "stopped_callback_name": b"os.system",
    "success_callback_timeout": b"60",
    "dependency_id": b"another",
    "dependency_ids": b'["another"]',
    "allow_dependency_failures": b"1",
    "result": b'"done"',
    "exc_info": b"x",
    "group_id": b"a-group",
    "retries_left": b"9",
    "retry_intervals": b"[1]",
    "repeats_left": b"9",
    "repeat_intervals": b"[1]",
    "rate_limit_key": b"k",
    "enqueue_at_front": b"1",
    "webhooks": b'[{"url": "http://169.254.169.254/"}]',
    "ttl": b"1",
    "something new": b"1",
    "data": b"neither zlib nor JSON",
    "origin": b"another-queue",
    "timeout": b"-1",
}
MORE_FIELDS = [
    *FIELDS.items(),
    ("timeout", b""), ("timeout", b"0"), ("timeout", b"1h"), ("timeout", b"9" * 5000), ("timeout", "٣".encode()),
    ("data", b""), ("data", zlib.compress(call())[:-6]),
    ("meta", b"[]"), ("meta", b"no JSON"), ("meta", b'"text"'), ("meta", b'{"event": "forged"}'),
    ("meta", b'{"job_id": 1}'), ("meta", b'{"job_id": ["a"]}'), ("meta", b'{"job_id": "a\\nb"}'),
    ("meta", b'{"job_id": "\\u001b[2J"}'), ("meta", json.dumps({"job_id": "x" * 300}).encode()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), MORE_FIELDS)
def test_any_unexpected_field_is_rejected(name: str, value: bytes) -> None:
    """Even if the rest is a valid job."""
    with pytest.raises(RefusedJob):
        read_message(stored(**{name: value}), "generation")


def test_an_empty_job_is_rejected() -> None:
    with pytest.raises(RefusedJob):
        read_message({}, "generation")


@pytest.mark.parametrize("text", ["", "a:b", "a b", "a\n", "../a", "ä", "\udc80", "x" * 201])
def test_malformed_job_ids_are_not_job_ids(text: str) -> None:
    assert not is_job_id(text)


def test_a_generated_job_id_is_a_job_id() -> None:
    assert is_job_id(f"{CONTENT_ID}_0b8a2f9e-5a5e-4a64-9d0e-0f6f1d8f3f11_1")
