"""Maps exceptions raised while calling Gemini to generation failures."""

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
"""The first match applies. `requests` raises until the response begins, urllib3 afterwards."""

_NOT_CONNECTED = (requests.exceptions.ConnectTimeout, urllib3.exceptions.NewConnectionError)
"""The connection failed, so the model was not called."""


def failure_of_exception(error: Exception, *, late: bool) -> Exception:
    """Returns the GenerationError for an exception. Unknown exceptions are bugs and are returned unchanged."""
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
    log.warning("gemini did not respond", code=failure.failure_code, error=kinds_of(error))
    return failure


def kinds_of(error: BaseException) -> str:
    """Returns the class names of an exception and its causes. Messages are left out, as they may quote the request."""
    return " < ".join(type(each).__name__ for each in _causes(error))


def _causes(error: BaseException) -> list[BaseException]:
    """Returns an exception followed by its causes."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    return causes
