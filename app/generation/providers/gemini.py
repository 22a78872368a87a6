"""The Gemini provider. The only module that uses Google's client library.

google-generativeai creates the client, the request and the connection. The response is parsed here because the library
drops texts that contain anything newer than itself, returns the model's thoughts as text, and crashes on error
responses that are not from Google. Its retries are disabled, because the caller counts and spaces the attempts.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import orjson
import requests
import urllib3

from app.clock import utcnow
from app.config import Settings
from app.errors import GenerationError, PermanentFailure
from app.generation.prompts import Prompt
from app.generation.providers.base import Completion, Piece, Stopped, StopSignal
from app.generation.providers.connections import Call, CallAdapter
from app.generation.providers.gemini_answer import Answer
from app.generation.providers.gemini_documents import DocumentReader
from app.generation.providers.gemini_exceptions import failure_of_exception, kinds_of
from app.generation.providers.gemini_failures import (
    INVALID_KEY,
    TIMEOUT,
    Refusal,
    failure_of,
    read_refusal,
    refusal_in,
)
from app.logs import get_logger
from app.usage.tokens import TokenUsage

with warnings.catch_warnings():  # deprecation of the library (migrations_notes/0005) and of Python 3.11
    warnings.simplefilter("ignore", FutureWarning)
    from google.ai.generativelanguage import GenerativeServiceClient
    from google.generativeai import protos
    from google.protobuf.json_format import MessageToDict

log = get_logger(__name__)

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 30.0
"""How long Gemini may pause once its response has begun. Before that, only the call's own timeout applies."""
DRAIN_SECONDS = 2.0
"""How long to keep reading after the text is complete, for the token counts."""
_READ_BYTES = 64 * 1024
_LONGEST_REFUSAL = 256 * 1024
_VERSION = "v1beta"
_SUCCESS = range(200, 300)


class GeminiProvider:
    """A Provider that calls Gemini. Thread-safe. Keeps its connections open between calls."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime] = utcnow,
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self.model = settings.ai_model
        self._now = now
        self._timeout = settings.ai_timeout_seconds
        self._silence = min(silence_seconds, settings.ai_timeout_seconds)
        sampling = {"temperature": settings.ai_temperature, "top_p": settings.ai_top_p, "top_k": settings.ai_top_k}
        self._sampling: dict[str, Any] = {name: value for name, value in sampling.items() if value is not None}
        options = {"api_key": settings.google_ai_api_key or "missing"}
        if settings.google_ai_endpoint:
            options["api_endpoint"] = settings.google_ai_endpoint.rstrip("/")
        transport: Any = GenerativeServiceClient(transport="rest", client_options=options).transport
        self._host: str = transport.host
        self._session: Any = transport._session  # noqa: SLF001  # the client has no public accessor
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, CallAdapter(settings.worker_concurrency))

    def stream(self, prompt: Prompt, max_output_tokens: int, stop: StopSignal) -> Iterator[Piece | Completion]:
        """See Provider.stream."""
        if stop.requested:
            raise Stopped("", TokenUsage(), called=False)
        answer = Answer(prompt, self.model)
        with Call().within(self._timeout) as call:
            forget = stop.on_stop(call.shut)
            try:
                for piece in self._pieces(call, self._request(prompt, max_output_tokens), answer):
                    yield piece
                    if stop.requested:
                        break
            except Exception as error:  # noqa: BLE001  # _judge tells them apart
                self._judge(error, call, answer, stop)
            finally:
                forget()
        if stop.requested:
            raise Stopped(answer.text, answer.usage())
        yield _completed(answer)

    def _request(self, prompt: Prompt, max_output_tokens: int) -> requests.Request:
        body = protos.GenerateContentRequest(
            system_instruction={"parts": [{"text": prompt.system}]},
            contents=[{"role": "user", "parts": [{"text": prompt.user}]}],
            generation_config={"max_output_tokens": max_output_tokens, **self._sampling},
        )
        return requests.Request(
            "POST",
            f"{self._host}/{_VERSION}/{self._model_path}:streamGenerateContent",
            params={"alt": "sse"},
            data=orjson.dumps(MessageToDict(protos.GenerateContentRequest.pb(body))),
            headers={"Content-Type": "application/json"},
        )

    def _pieces(self, call: Call, request: requests.Request, answer: Answer) -> Iterator[Piece]:
        with self._answered(call, request, self._timeout) as response:
            for document in _documents(response, call, self._silence, answer):
                if document.get("error") and not answer.finished:
                    raise self._refused(refusal_in(document, response.status_code))
                if text := answer.take(document):
                    yield Piece(text)
                if answer.overlong:
                    return

    def _answered(self, call: Call, request: requests.Request, timeout: float) -> requests.Response:
        """Sends the request. Returns a successful response with its body unread, or raises GenerationError."""
        prepared = self._prepared(request)
        options = self._session.merge_environment_settings(prepared.url, {}, stream=True, verify=None, cert=None)
        timeouts = (min(CONNECT_SECONDS, timeout), timeout)
        with call.sending():
            response: requests.Response = self._session.send(
                prepared, timeout=timeouts, allow_redirects=False, **options
            )
        if response.status_code in _SUCCESS:
            return response
        with response:
            body = _body_of_refusal(response)
        raise self._refused(read_refusal(response.status_code, response.headers, body, self._now()))

    def _prepared(self, request: requests.Request) -> requests.PreparedRequest:
        """Adds the API key header. The session's own `request` would retry twice after a 401."""
        headers: dict[str, str] = {"Accept-Encoding": "identity"}
        self._session.credentials.before_request(None, request.method, request.url, headers)
        request.headers = {**request.headers, **headers}
        try:
            prepared: requests.PreparedRequest = self._session.prepare_request(request)
            "".join(headers.values()).encode("latin-1")
        except (
            requests.exceptions.InvalidHeader,
            UnicodeEncodeError,
        ):  # a key with a line break or non-Latin-1 characters
            failure = PermanentFailure(INVALID_KEY.reason, failure_code=INVALID_KEY.code)
            failure.called = False
            raise failure from None
        return prepared

    @property
    def _model_path(self) -> str:
        return self.model if "/" in self.model else f"models/{self.model}"

    def _refused(self, refusal: Refusal) -> GenerationError:
        """Logs an error response, without its free text, which may quote the request or the key."""
        failure = failure_of(refusal, self._now())
        log.warning(
            "gemini refused",
            code=failure.failure_code,
            http_status=refusal.http_status,
            google_status=refusal.google_status,
            reasons=refusal.reasons,
            retry_after=refusal.advice,
        )
        return failure

    def _judge(self, error: Exception, call: Call, answer: Answer, stop: StopSignal) -> None:
        """Raises the GenerationError that an exception stands for. Returns if the text was complete anyway."""
        if stop.requested:
            raise Stopped(answer.text, answer.usage()) from None
        if answer.finished:
            log.info("gemini connection broke after the text was complete", error=kinds_of(error))
            return
        failure = failure_of_exception(error, late=call.late)
        if isinstance(failure, GenerationError) and (answer.text or failure.failure_code == TIMEOUT.code):
            failure.usage = failure.usage or answer.usage()
        raise failure from None


def _documents(response: requests.Response, call: Call, silence: float, answer: Answer) -> Iterator[dict[str, Any]]:
    """Yields the JSON objects of a response as they arrive. Raises urllib3 errors and Unreadable."""
    reader = DocumentReader()
    ended_at = None
    while chunk := response.raw.read1(_READ_BYTES, decode_content=True):
        call.limit_silence(DRAIN_SECONDS if answer.finished else silence)
        yield from _objects(reader.feed(chunk))
        if answer.finished:
            ended_at = ended_at or time.monotonic()
            if time.monotonic() - ended_at > DRAIN_SECONDS:
                return
    if call.late:  # after a shutdown, the response seems to end normally
        raise urllib3.exceptions.TimeoutError
    yield from _objects(reader.close())


def _objects(documents: Iterator[Any]) -> Iterator[dict[str, Any]]:
    for document in documents:
        yield from (each for each in (document if isinstance(document, list) else [document]) if isinstance(each, dict))


def _body_of_refusal(response: requests.Response) -> bytes:
    """Returns the body of an error response, or b"" if it breaks off: the status is enough then."""
    try:
        body: bytes = response.raw.read(_LONGEST_REFUSAL, decode_content=True)
    except (urllib3.exceptions.HTTPError, OSError):
        return b""
    return body


def _completed(answer: Answer) -> Completion:
    try:
        return answer.completion()
    except GenerationError as failure:
        log.warning("gemini response unusable", code=failure.failure_code, finish_reason=answer.finish_reason)
        raise
