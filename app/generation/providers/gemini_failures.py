"""Maps error responses to failures, by HTTP status and, where present, Google's own `status` and `reason`.

Sources: https://ai.google.dev/gemini-api/docs/troubleshooting, https://google.aip.dev/193 and, for the reasons,
google/api/error_reason.proto. The body may be anything, because proxies and firewalls respond with their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.errors import GenerationError, PermanentFailure, TransientFailure
from app.generation.providers.base import LONGEST_ADVISED_WAIT_SECONDS
from app.generation.providers.gemini_advice import (
    minute,
    next_quota_day,
    seconds_in,
    seconds_of_duration,
    seconds_until,
)
from app.generation.providers.gemini_documents import Unreadable, load


@dataclass(frozen=True)
class Verdict:
    """Whether to retry, the code for programs, and the reason to show."""

    retry: bool
    code: str
    reason: str


INVALID_KEY = Verdict(retry=False, code="invalid_key", reason="Invalid or missing Gemini API key")
KEY_RESTRICTED = Verdict(
    retry=False, code="not_offered", reason="The restrictions of the Gemini API key do not allow this server"
)
NOT_ENABLED = Verdict(
    retry=False, code="not_offered", reason="The Gemini API is not enabled for the project of this API key"
)
SUSPENDED = Verdict(
    retry=False, code="not_offered", reason="The Google project of this Gemini API key is suspended or has no billing"
)
NOT_OFFERED = Verdict(retry=False, code="not_offered", reason="AI service is not available for this API key or region")
WRONG_MODEL = Verdict(retry=False, code="wrong_model", reason="AI model not found - check AI_MODEL")
REJECTED = Verdict(retry=False, code="rejected", reason="AI service rejected the request")
INTERCEPTED = Verdict(
    retry=False, code="intercepted", reason="A firewall or proxy refused the request to the AI service"
)
QUOTA = Verdict(retry=True, code="quota_exceeded", reason="Gemini API quota exceeded")
DAILY_QUOTA = Verdict(retry=False, code="quota_daily", reason=QUOTA.reason)
TIMEOUT = Verdict(retry=True, code="timeout", reason="AI service timeout - please try again")
UNAVAILABLE = Verdict(retry=True, code="unavailable", reason="AI service is temporarily unavailable - please try again")

_CODES = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ABORTED": 409,
    "ALREADY_EXISTS": 409,
    "RESOURCE_EXHAUSTED": 429,
    "CANCELLED": 499,
    "DATA_LOSS": 500,
    "INTERNAL": 500,
    "UNKNOWN": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
"""The HTTP status of each Google status (google/rpc/code.proto)."""

_BY_STATUS = {
    401: INVALID_KEY,
    403: INVALID_KEY,
    404: WRONG_MODEL,
    408: TIMEOUT,
    409: UNAVAILABLE,
    425: UNAVAILABLE,
    429: QUOTA,
    499: UNAVAILABLE,
    501: REJECTED,
    504: TIMEOUT,
}
_BY_REASON = {
    "API_KEY_INVALID": INVALID_KEY,
    "API_KEY_EXPIRED": INVALID_KEY,
    "API_KEY_SERVICE_BLOCKED": KEY_RESTRICTED,
    "API_KEY_HTTP_REFERRER_BLOCKED": KEY_RESTRICTED,
    "API_KEY_IP_ADDRESS_BLOCKED": KEY_RESTRICTED,
    "API_KEY_ANDROID_APP_BLOCKED": KEY_RESTRICTED,
    "API_KEY_IOS_APP_BLOCKED": KEY_RESTRICTED,
    "SERVICE_DISABLED": NOT_ENABLED,
    "SERVICE_NOT_ACTIVATED": NOT_ENABLED,
    "BILLING_DISABLED": SUSPENDED,
    "CONSUMER_SUSPENDED": SUSPENDED,
    "CONSUMER_INVALID": SUSPENDED,
    "RESOURCE_PROJECT_INVALID": SUSPENDED,
    "ACCOUNT_STATE_INVALID": SUSPENDED,
    "USER_PROJECT_DENIED": NOT_OFFERED,
    "LOCATION_POLICY_VIOLATED": NOT_OFFERED,
    "LOCATION_TAX_POLICY_VIOLATED": NOT_OFFERED,
    "SECURITY_POLICY_VIOLATED": NOT_OFFERED,
    "ORG_RESTRICTION_VIOLATION": NOT_OFFERED,
    "RATE_LIMIT_EXCEEDED": QUOTA,
    "RESOURCE_QUOTA_EXCEEDED": QUOTA,
}
_ABOUT_THE_KEY = re.compile(r"^\W*(?:your )?api[ _]key\b|pass a valid api key", re.IGNORECASE)
_PLAIN_TOKEN = re.compile(r"[A-Z][A-Z0-9_]{1,62}")
_STATUSES_OF_PROXIES = {401, 403, 407, 451, 511}
"""Statuses that firewalls and proxies respond with. If the body is not Google's, they say nothing about the key."""
_SUCCESS = range(200, 300)
_FIRST_ERROR = 400
_SERVER_ERRORS = range(500, 600)
_OF_DAILY_QUOTAS = "perday"


@dataclass(frozen=True)
class Refusal:
    """A parsed error response. Contains no free text, so all of it can be logged."""

    http_status: int
    google_status: str | None = None
    reasons: tuple[str, ...] = ()
    about_the_key: bool = False
    foreign: bool = False
    daily: bool = False
    advice: float | None = None

    @property
    def status(self) -> int:
        """The HTTP status, replaced by Google's own status if both are of the same class, such as 4xx.

        An error inside a response that began with 200 has only Google's.
        """
        named = _CODES.get(self.google_status or "")
        if self.http_status in _SUCCESS:
            return named or _CODES["UNKNOWN"]
        return named if named and named // 100 == self.http_status // 100 else self.http_status

    @property
    def verdict(self) -> Verdict:
        status = self.status
        if status in _SERVER_ERRORS:
            return _BY_STATUS.get(status, UNAVAILABLE)
        if self.foreign and status in _STATUSES_OF_PROXIES:
            return INTERCEPTED
        if self.daily:
            return DAILY_QUOTA
        if reason := next((reason for reason in self.reasons if reason in _BY_REASON), None):
            return _BY_REASON[reason]
        if status == _CODES["INVALID_ARGUMENT"]:
            return INVALID_KEY if self.about_the_key else _of_bad_request(self.google_status)
        return _BY_STATUS.get(status, REJECTED)


def _of_bad_request(google_status: str | None) -> Verdict:
    return NOT_OFFERED if google_status == "FAILED_PRECONDITION" else REJECTED


def read_refusal(http_status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Refusal:
    """Parses an error response. `now` is used to convert a date in Retry-After to seconds."""
    try:
        document = load(body.removeprefix(b"\xef\xbb\xbf").decode(errors="replace").encode())
    except Unreadable:
        return Refusal(http_status, foreign=bool(body.strip()), advice=seconds_until(headers.get("Retry-After"), now))
    return refusal_in(document, http_status, seconds_until(headers.get("Retry-After"), now))


def refusal_in(document: Any, http_status: int, advice: float | None = None) -> Refusal:
    """Parses a JSON error. `advice` is the number of seconds from Retry-After."""
    error = _error_in(document)
    details = list(_dicts(error.get("details"))) + list(_dicts(error.get("errors")))
    message = str(error.get("message", ""))
    advised = (advice, seconds_in(message), *(seconds_of_duration(each.get("retryDelay")) for each in details))
    status = error.get("status")
    code: Any = error.get("code")
    return Refusal(
        int(code) if http_status in _SUCCESS and _is_error_code(code) else http_status,
        status if isinstance(status, str) and status in _CODES else None,
        tuple(str(each["reason"]) for each in details if _is_plain(each.get("reason"))),
        about_the_key=bool(_ABOUT_THE_KEY.search(message)),
        daily=any(_OF_DAILY_QUOTAS in name.lower() for name in _quotas(details)),
        advice=max((wait for wait in advised if wait is not None), default=None),
    )


def failure_of(refusal: Refusal, now: datetime) -> GenerationError:
    """Returns the error to raise. It is permanent if the wait is too long; its reason then says when to try again."""
    verdict, advice = refusal.verdict, refusal.advice
    too_long = advice is not None and advice > LONGEST_ADVISED_WAIT_SECONDS
    if verdict is DAILY_QUOTA or (verdict.retry and too_long):
        again = now + timedelta(seconds=advice) if advice is not None and too_long else next_quota_day(now)
        return PermanentFailure(
            f"{verdict.reason.partition(' - ')[0]} - again at {minute(again)}", failure_code=verdict.code
        )
    if verdict.retry:
        return TransientFailure(verdict.reason, failure_code=verdict.code, retry_after=advice)
    return PermanentFailure(verdict.reason, failure_code=verdict.code)


def _error_in(document: Any) -> dict[str, Any]:
    """Returns the object with code, status and details, or {} if there is none."""
    if isinstance(document, list):
        document = next(_dicts(document), {})
    if not isinstance(document, dict):
        return {}
    error = document.get("error", document)
    if isinstance(error, str):
        return {"message": error}
    return error if isinstance(error, dict) else {}


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    yield from (each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict))


def _is_error_code(value: Any) -> bool:
    return isinstance(value, int | float) and _FIRST_ERROR <= value < _SERVER_ERRORS.stop


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and bool(_PLAIN_TOKEN.fullmatch(value))


def _quotas(details: list[dict[str, Any]]) -> Iterator[str]:
    for detail in details:
        for violation in _dicts(detail.get("violations")):
            yield str(violation.get("quotaId", ""))
        for metadata in _dicts(detail.get("metadata")):
            yield str(metadata.get("quota_limit", ""))
