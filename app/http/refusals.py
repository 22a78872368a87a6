"""Responses to requests that gunicorn rejects before the application sees them, such as overlong request lines."""

from __future__ import annotations

import json
import uuid

from app.errors import AppError, MalformedRequest
from app.http.headers import HEADERS
from app.logs import get_logger

log = get_logger(__name__)

_CODES = {400: MalformedRequest.code, 500: AppError.code}


def refusal(status: int, reason: str, detail: str) -> bytes:
    """Returns a complete HTTP response with the error envelope and the usual headers, and logs it."""
    request_id = uuid.uuid4().hex
    log.warning("request refused", status=status, reason=detail or reason, request_id=request_id)
    return _response(status, reason, detail, request_id)


def late() -> bytes:
    """Returns the response to incomplete headers. Not logged, because there can be thousands."""
    return _response(408, "Request Timeout", "The request did not arrive in time", uuid.uuid4().hex)


def _response(status: int, reason: str, detail: str, request_id: str) -> bytes:
    code = _CODES.get(status, reason.lower().replace(" ", "_"))
    body = {"success": False, "message": detail or reason, "statusCode": status, "code": code, "requestId": request_id}
    content = json.dumps(body)  # ASCII only, because `detail` may quote arbitrary bytes of the request
    headers = {
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        "X-Request-ID": request_id,
        **HEADERS,
    }
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", content]).encode("ascii")
