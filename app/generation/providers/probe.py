"""Checks the Gemini settings without Google's library, which web processes do not load."""

from __future__ import annotations

from urllib.parse import quote

import requests

from app.clock import utcnow
from app.config import Settings
from app.generation.providers.gemini_exceptions import failure_of_exception
from app.generation.providers.gemini_failures import failure_of, read_refusal

_ENDPOINT = "https://generativelanguage.googleapis.com"
_FIRST_ERROR = 300
_LONGEST_ANSWER = 65_536


def ask_for_model(settings: Settings, timeout: float) -> None:
    """Checks the API key, the endpoint and the model by getting the model's description, which costs no tokens.

    `timeout` is in seconds. Raises TransientFailure or PermanentFailure with a reason for the operator.
    """
    model = settings.ai_model if "/" in settings.ai_model else f"models/{settings.ai_model}"
    host = (settings.google_ai_endpoint or _ENDPOINT).rstrip("/")
    headers = {"x-goog-api-key": settings.google_ai_api_key or "missing", "Accept-Encoding": "identity"}
    try:
        address = f"{host}/v1beta/{quote(model)}"
        with requests.get(address, headers=headers, timeout=timeout, allow_redirects=False, stream=True) as answer:
            if answer.status_code < _FIRST_ERROR:
                return
            body = answer.raw.read(_LONGEST_ANSWER, decode_content=True)
    except (requests.RequestException, OSError, UnicodeEncodeError) as error:
        raise failure_of_exception(error, late=False) from None
    now = utcnow()
    raise failure_of(read_refusal(answer.status_code, answer.headers, body, now), now)
