"""Assertions about HTTP responses, following the contract."""

from __future__ import annotations

from typing import Any

from tests.person import Answer

ERROR_KEYS = {"success", "message", "statusCode", "code", "requestId"}


def error_of(answer: Answer, status: int) -> dict[str, Any]:
    """Checks that the response has the complete error envelope, and returns its body."""
    assert answer[0] == status, str(answer)[:500]
    body: dict[str, Any] = answer[1]
    assert set(body) - {"errors"} == ERROR_KEYS, body
    assert (body["success"], body["statusCode"]) == (False, status)
    assert body["message"]
    assert body["code"].replace("_", "").isalpha()
    assert body["requestId"]
    return body


def bad_fields(answer: Answer) -> list[str]:
    """The fields named in a 422 response, sorted."""
    body = error_of(answer, 422)
    assert (body["message"], body["code"]) == ("Validation failed", "validation_failed")
    assert all(set(error) == {"field", "message"} and error["message"] for error in body["errors"])
    return sorted(error["field"] for error in body["errors"])


def data_of(answer: Answer, status: int, message: str | None) -> Any:
    """Checks the envelope of a successful response, and returns its data. A `message` of None matches any."""
    assert answer[0] == status, str(answer)[:500]
    body = answer[1]
    assert set(body) == {"success", "message", "data", "statusCode"}
    assert (body["success"], body["statusCode"]) == (True, status)
    assert message is None or body["message"] == message
    return body["data"]
