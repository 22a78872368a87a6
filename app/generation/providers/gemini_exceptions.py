"""What an exception on the way to Gemini and back means."""

from __future__ import annotations

from http.client import HTTPException

import requests
import urllib3

from app.errors import GenerationError, PermanentFailure, TransientFailure
from app.generation.providers.gemini_documents import Unreadable
from app.generation.providers.gemini_failures import REJECTED, TIMEOUT, Verdict
from app.logs import get_logger

log = get_logger(__name__)

UNREACHABLE = Verdict(retry=True, code="unreachable", reason="AI service is unreachable - please try again")
UNREADABLE = Verdict(
    retry=True, code="unreadable", reason="AI service returned an unreadable answer - please try again"
)

_EXCEPTIONS: tuple[tuple[tuple[type[Exception], ...], Verdict], ...] = (
    ((Unreadable, urllib3.exceptions.DecodeError, requests.exceptions.ContentDecodingError), UNREADABLE),
    ((requests.Timeout, urllib3.exceptions.TimeoutError), TIMEOUT),
    (
        (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, urllib3.exceptions.LocationValueError),
        REJECTED,
    ),
    ((requests.RequestException, urllib3.exceptions.HTTPError, OSError, HTTPException), UNREACHABLE),
)
"""What can go wrong on the way; the first match counts. `requests` raises until the answer begins, then urllib3."""

_NOT_CONNECTED = (requests.exceptions.ConnectTimeout, urllib3.exceptions.NewConnectionError)
"""No connection was made, so nothing was asked."""


def failure_of_exception(error: Exception, *, late: bool) -> Exception:
    """What an exception on the way to or from Gemini means. Any other exception is a bug and is returned as it is."""
    if isinstance(error, GenerationError):
        return error
    if late:
        failure: GenerationError = TransientFailure(TIMEOUT.reason, failure_code=TIMEOUT.code)
    else:
        verdict = next((verdict for kinds, verdict in _EXCEPTIONS if isinstance(error, kinds)), None)
        if verdict is None:
            return error
        kind = TransientFailure if verdict.retry else PermanentFailure
        failure = kind(verdict.reason, failure_code=verdict.code)
        failure.called = not any(isinstance(each, _NOT_CONNECTED) for each in _causes(error))
    log.warning("gemini did not answer", code=failure.failure_code, error=kinds_of(error))
    return failure


def kinds_of(error: BaseException) -> str:
    """The classes of an exception and its causes. Their messages are left out because they may quote what was sent."""
    return " < ".join(type(each).__name__ for each in _causes(error))


def _causes(error: BaseException) -> list[BaseException]:
    """An exception and what led to it."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    return causes
