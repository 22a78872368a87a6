"""Validates jobs read from Redis, before RQ sees them and before anything is imported.

A client with write access to Redis could store any job: one that names `os.system`, one with callbacks or dependencies,
one of 500 MB. Our jobs only say which attempt of which content is due. RQ is given only what this module has parsed.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rq.exceptions import NoSuchJobError

FUNCTION = "app.generation.jobs.run_attempt"
"""The function name in stored jobs. It is only compared, never imported.

The function has moved since, but the name is kept so that workers of different releases accept each other's jobs.
"""
META_NAMES = ("request_id", "content_id", "job_id")
LARGEST_BYTES = 4096
"""The maximum total size of a job's fields, and of its decompressed data. Our own jobs are smaller."""
MOST_FIELDS = 64
LONGEST_ID = 200
LONGEST_META = 200
LONGEST_TIMEOUT_SECONDS = 86_400
LAST_ATTEMPT = 1_000

_JOB_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_ID}}}")
_CONTENT_ID = re.compile(r"[0-9a-f]{24}")
_READ_FIELDS = {b"data", b"meta", b"timeout", b"origin"}
_IGNORED_FIELDS = {
    b"created_at", b"enqueued_at", b"started_at", b"ended_at", b"last_heartbeat", b"worker_name",
    b"description", b"status", b"result_ttl", b"failure_ttl",
}  # fmt: skip
"""Fields that RQ writes for every job. They are not read."""


class RefusedJob(NoSuchJobError):
    """The job is not one of ours. RQ treats it as nonexistent."""


@dataclass(frozen=True)
class JobMessage:
    """A job: attempt number `attempt` of the content is due. `timeout` is in seconds; `meta` goes into log lines."""

    content_id: str
    attempt: int
    timeout: int
    meta: dict[str, str | None]


def is_job_id(text: str) -> bool:
    """Whether this is a valid job id."""
    return _JOB_ID.fullmatch(text) is not None


def write_message(message: JobMessage, queue_name: str) -> dict[str, bytes | str | int]:
    """Returns the fields of a stored job, which `read_message` parses and RQ can perform."""
    call: list[Any] = [FUNCTION, None, [message.content_id, message.attempt], {}]
    return {
        "data": zlib.compress(json.dumps(call).encode()),
        "meta": json.dumps(message.meta),
        "timeout": message.timeout,
        "origin": queue_name,
    }


def read_message(fields: Mapping[bytes, bytes], queue_name: str) -> JobMessage:
    """Parses the fields of a stored job. Raises RefusedJob, with the reason, if they are not valid."""
    if not fields:
        raise RefusedJob("is too large or not a job")
    if odd := {name for name, value in fields.items() if value} - _READ_FIELDS - _IGNORED_FIELDS:
        raise RefusedJob(f"has fields that are not used here: {sorted(odd)[:3]}")
    if fields.get(b"origin", b"") != queue_name.encode():
        raise RefusedJob("belongs to another queue")
    content_id, attempt = _arguments(_parsed(_unpacked(fields.get(b"data", b""))))
    return JobMessage(content_id, attempt, _timeout(fields.get(b"timeout", b"")), _meta(fields.get(b"meta", b"")))


def _arguments(call: Any) -> tuple[str, int]:
    if not isinstance(call, list) or len(call) != len(("function", "instance", "args", "kwargs")):
        raise RefusedJob("is not a call")
    function, instance, args, kwargs = call
    if function != FUNCTION or instance is not None or kwargs != {} or not isinstance(args, list):
        raise RefusedJob("calls another function")
    content_id, attempt = args if len(args) == len(("content_id", "attempt")) else (None, None)
    if not isinstance(content_id, str) or not _CONTENT_ID.fullmatch(content_id):
        raise RefusedJob("names no content")
    if type(attempt) is not int or not 1 <= attempt <= LAST_ATTEMPT:
        raise RefusedJob("names no attempt")
    return content_id, attempt


def _timeout(raw: bytes) -> int:
    if not re.fullmatch(rb"\d{1,6}", raw) or not 1 <= int(raw) <= LONGEST_TIMEOUT_SECONDS:
        raise RefusedJob("has no valid timeout")
    return int(raw)


def _meta(raw: bytes) -> dict[str, str | None]:
    meta = _parsed(raw) if raw else {}
    if not isinstance(meta, dict) or not set(meta) <= set(META_NAMES) or not all(map(_is_meta, meta.values())):
        raise RefusedJob("has invalid meta")
    return meta


def _is_meta(value: Any) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= LONGEST_META and value.isprintable())


def _unpacked(raw: bytes) -> bytes:
    """Decompresses at most LARGEST_BYTES. Raises RefusedJob if the data is larger."""
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(raw, LARGEST_BYTES)
    except zlib.error:
        raise RefusedJob("has unreadable data") from None
    if not unpacking.eof:
        raise RefusedJob("is too large")
    return data


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise RefusedJob("has unreadable data") from None
