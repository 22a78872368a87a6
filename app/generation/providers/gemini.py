"""Google Gemini: the only file that knows its client library.

google-generativeai speaks REST here, so that a worker holds plain pooled connections and any endpoint that speaks
the same protocol can stand in. Its own retries are off: attempts are counted and spaced by the pipeline.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from app.config import Settings
from app.errors import GenerationError, PermanentFailure, TransientFailure
from app.generation.prompts import Prompt
from app.generation.providers.base import Completion, Piece, StopSignal
from app.logs import get_logger
from app.usage.tokens import TokenUsage

with warnings.catch_warnings():  # of the library's own end (migrations_notes/0005) and of Python 3.11's
    warnings.simplefilter("ignore", FutureWarning)
    from google.api_core import exceptions as google
    from google.auth.exceptions import GoogleAuthError
    from google.generativeai import client as genai_client
    from google.generativeai import models, protos
    from google.generativeai.generative_models import GenerativeModel
    from google.generativeai.types import GenerationConfig, RequestOptions, generation_types
    from google.protobuf.json_format import ParseError

log = get_logger(__name__)

INVALID_KEY = "Invalid or missing Gemini API key"
QUOTA = "Gemini API quota exceeded"
BLOCKED = "Content blocked by safety filters"
TIMEOUT = "AI service timeout - please try again"
EMPTY = "AI service returned empty content"
UNREACHABLE = "AI service is unreachable - please try again"
UNAVAILABLE = "AI service is temporarily unavailable - please try again"
REJECTED = "AI service rejected the request"
WRONG_MODEL = "AI model not found - check AI_MODEL"
NOT_OFFERED = "AI service is not available for this API key or region"
NONSENSE = "AI service returned an unreadable answer - please try again"
RECITATION = "AI service withheld a text that repeats a published one - please change the request"


@dataclass(frozen=True)
class Verdict:
    """What an exception of the library means: whether another attempt may help, and the reason to show."""

    retry: bool
    reason: str


VERDICTS: dict[type[BaseException], Verdict] = {
    google.Unauthorized: Verdict(retry=False, reason=INVALID_KEY),
    google.Forbidden: Verdict(retry=False, reason=INVALID_KEY),
    google.NotFound: Verdict(retry=False, reason=WRONG_MODEL),
    google.FailedPrecondition: Verdict(retry=False, reason=NOT_OFFERED),
    google.BadRequest: Verdict(retry=False, reason=REJECTED),
    google.TooManyRequests: Verdict(retry=True, reason=QUOTA),
    google.Conflict: Verdict(retry=True, reason=UNAVAILABLE),
    google.Cancelled: Verdict(retry=True, reason=UNAVAILABLE),
    google.ClientError: Verdict(retry=False, reason=REJECTED),
    google.GatewayTimeout: Verdict(retry=True, reason=TIMEOUT),
    google.MethodNotImplemented: Verdict(retry=False, reason=REJECTED),
    google.ServerError: Verdict(retry=True, reason=UNAVAILABLE),
    google.Redirection: Verdict(retry=False, reason=REJECTED),
    google.RetryError: Verdict(retry=True, reason=TIMEOUT),
    google.DuplicateCredentialArgs: Verdict(retry=False, reason=INVALID_KEY),
    google.GoogleAPIError: Verdict(retry=True, reason=UNAVAILABLE),
    google.AsyncRestUnsupportedParameterError: Verdict(retry=False, reason=REJECTED),
    generation_types.BlockedPromptException: Verdict(retry=False, reason=BLOCKED),
    generation_types.StopCandidateException: Verdict(retry=False, reason=BLOCKED),
    generation_types.IncompleteIterationError: Verdict(retry=True, reason=NONSENSE),
    generation_types.BrokenResponseError: Verdict(retry=True, reason=NONSENSE),
    GoogleAuthError: Verdict(retry=False, reason=INVALID_KEY),
    ParseError: Verdict(retry=True, reason=NONSENSE),
    requests.exceptions.JSONDecodeError: Verdict(retry=True, reason=NONSENSE),
    requests.exceptions.InvalidURL: Verdict(retry=False, reason=REJECTED),
    requests.exceptions.Timeout: Verdict(retry=True, reason=TIMEOUT),
    requests.exceptions.RequestException: Verdict(retry=True, reason=UNREACHABLE),
}
"""By class; a class that is not listed is judged as its nearest listed ancestor. A test walks the library's classes."""

FinishReason = protos.Candidate.FinishReason
_WITHHELD = {
    FinishReason.SAFETY,
    FinishReason.BLOCKLIST,
    FinishReason.PROHIBITED_CONTENT,
    FinishReason.SPII,
    FinishReason.RECITATION,
}


def verdict_on(error: BaseException) -> Verdict | None:
    """What an exception means, or None when it is none of the library's."""
    if isinstance(error, google.BadRequest) and _speaks_of_the_key(error):
        return Verdict(retry=False, reason=INVALID_KEY)
    return next((VERDICTS[kind] for kind in type(error).__mro__ if kind in VERDICTS), None)


def _speaks_of_the_key(error: google.GoogleAPICallError) -> bool:
    """Over REST an invalid key is a 400 whose details say so; `.reason` raises there, as they are plain dicts."""
    reasons = {detail.get("reason") for detail in error.details if isinstance(detail, dict)}
    return bool(reasons & {"API_KEY_INVALID", "API_KEY_EXPIRED"}) or "api key" in str(error.message).lower()


class GeminiProvider:
    """A Provider that asks Gemini. Thread-safe; keeps its connections open between texts."""

    def __init__(self, settings: Settings) -> None:
        genai_client.configure(
            api_key=settings.google_ai_api_key or "missing",
            transport="rest",
            client_options={"api_endpoint": settings.google_ai_endpoint} if settings.google_ai_endpoint else None,
        )
        _keep_connections(settings.worker_concurrency)
        self.model = settings.ai_model
        self._timeout = settings.ai_timeout_seconds
        sampling = {"temperature": settings.ai_temperature, "top_p": settings.ai_top_p, "top_k": settings.ai_top_k}
        self._sampling: dict[str, Any] = {name: value for name, value in sampling.items() if value is not None}

    def stream(self, prompt: Prompt, max_output_tokens: int, stop: StopSignal) -> Iterator[Piece | Completion]:
        """The model's text. Raises TransientFailure or PermanentFailure with a reason for the person."""
        model = GenerativeModel(self.model, system_instruction=prompt.system)
        try:
            response = model.generate_content(
                prompt.user,
                generation_config=GenerationConfig(max_output_tokens=max_output_tokens, **self._sampling),
                request_options=RequestOptions(timeout=self._timeout, retry=None),
            )
        except Exception as error:
            raise _as_failure(error) from error
        yield _read(response, self.model)


def ask_for_model(settings: Settings, timeout: float) -> None:
    """Asks for the description of AI_MODEL, which proves key, endpoint and model and costs no tokens.

    Raises TransientFailure or PermanentFailure with a reason that an operator can act on.
    """
    GeminiProvider(settings)
    name = settings.ai_model if "/" in settings.ai_model else f"models/{settings.ai_model}"
    try:
        models.get_model(name, request_options=RequestOptions(timeout=timeout, retry=None))
    except Exception as error:
        raise _as_failure(error) from error


def _keep_connections(count: int) -> None:
    """Makes room for an open connection per worker thread; the client's session as it comes keeps ten."""
    transport: Any = genai_client.get_default_generative_client().transport
    session = transport._session  # noqa: SLF001  # there is no other way
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=count))


def _as_failure(error: Exception) -> Exception:
    """Our error for one of the library's; any other exception is a bug and stays what it is."""
    verdict = verdict_on(error)
    if verdict is None:
        return error
    log.warning("gemini refused", error=type(error).__name__, detail=str(error)[:300])
    return TransientFailure(verdict.reason) if verdict.retry else PermanentFailure(verdict.reason)


def _read(response: Any, model: str) -> Completion:
    """The text in an answer. `.text` of the library raises on every irregular answer, so the parts are read."""
    if not response.candidates:
        raise PermanentFailure(BLOCKED) if response.prompt_feedback.block_reason else TransientFailure(EMPTY)
    candidate = response.candidates[0]
    if candidate.finish_reason in _WITHHELD:
        raise _withheld(candidate.finish_reason)
    text = "".join(part.text for part in candidate.content.parts).strip()
    cut_off = candidate.finish_reason == FinishReason.MAX_TOKENS
    if not text and not cut_off:
        raise TransientFailure(EMPTY, feedback="It was empty.")
    usage = response.usage_metadata
    tokens = TokenUsage(int(usage.prompt_token_count or 0), int(usage.candidates_token_count or 0))
    return Completion(text, tokens, model, cut_off)


def _withheld(finish_reason: Any) -> GenerationError:
    return PermanentFailure(RECITATION if finish_reason == FinishReason.RECITATION else BLOCKED)
