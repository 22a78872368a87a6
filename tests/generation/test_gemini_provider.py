"""The Gemini provider's interface: pieces, end, stop, and the HTTP requests it sends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.client import HTTPException
from typing import Any

import pytest
import requests
import urllib3
from google.ai.generativelanguage import GenerativeServiceClient

from app.config import Settings, load_settings
from app.errors import GenerationError, PermanentFailure, TransientFailure
from app.generation.prompts import Prompt, prompt_for
from app.generation.providers.base import Completion, Piece, Stopped, StopSignal
from app.generation.providers.gemini import GeminiProvider
from app.generation.providers.gemini_exceptions import failure_of_exception
from app.generation.providers.probe import ask_for_model
from app.generation.retry_delay import retry_delay
from app.usage.tokens import TokenUsage
from tests.generation.raw_gemini import Drip, RawGemini, Stall, event, events, http, raw_gemini, stream

PROMPT = Prompt("Write.", "Bees, please, twenty.")
BEES = {"candidates": [{"content": {"parts": [{"text": "Bees "}]}}]}
HUM = {"candidates": [{"content": {"parts": [{"text": "hum."}]}, "finishReason": "STOP"}]}
GENEROUS = 15.0
"""The time limit in seconds for a thread to end. Passing tests take a fraction of it."""


@pytest.fixture
def gemini() -> Iterator[RawGemini]:
    with raw_gemini() as endpoint:
        yield endpoint


def settings_for(gemini: RawGemini, **environ: str) -> Settings:
    given = {"GOOGLE_AI_ENDPOINT": gemini.url, "GOOGLE_AI_API_KEY": "AIzaCanary", "AI_TIMEOUT_SECONDS": "60"}
    return load_settings(given | environ)


def provider_for(gemini: RawGemini, **environ: str) -> GeminiProvider:
    return GeminiProvider(settings_for(gemini, **environ))


def ask(provider: GeminiProvider, stop: StopSignal | None = None) -> list[Any]:
    return list(provider.stream(PROMPT, 100, stop or StopSignal()))


# --- pieces and the end


def test_pieces_are_followed_by_the_complete_text(gemini: RawGemini) -> None:
    gemini.answer_with(events(BEES, HUM))
    first, second, completion = ask(provider_for(gemini))
    assert (first, second) == (Piece("Bees "), Piece("hum."))
    assert completion == Completion("Bees hum.", TokenUsage(7, 3, 0, estimated=True), "gemini-3.5-flash-lite")


def test_a_piece_is_available_before_the_rest_is_sent(gemini: RawGemini) -> None:
    gemini.answer_with(stream(event(BEES), Stall()))
    running = provider_for(gemini).stream(PROMPT, 100, StopSignal())
    assert next(running) == Piece("Bees ")
    running.close()  # type: ignore[attr-defined]
    assert gemini.left.wait(GENEROUS)


def test_successive_calls_share_a_connection(gemini: RawGemini) -> None:
    """Each answer is read to its end, after its last word."""
    gemini.answer_with(events(BEES, HUM))
    provider = provider_for(gemini)
    for _ in range(3):
        ask(provider)
    assert (len(gemini.requests), gemini.connections) == (3, 1)


def test_a_failure_reports_the_tokens_used_so_far(gemini: RawGemini) -> None:
    counted = BEES | {"usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 2, "thoughtsTokenCount": 4}}
    gemini.answer_with(events(counted))
    with pytest.raises(TransientFailure) as failure:
        ask(provider_for(gemini))
    assert failure.value.usage == TokenUsage(9, 2, 4)
    gemini.answer_with(http(503, b""))
    with pytest.raises(TransientFailure) as failure:
        ask(provider_for(gemini))
    assert failure.value.usage is None


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ({}, TokenUsage(7, 3, 0, estimated=True)),
        ({"promptTokenCount": 9, "candidatesTokenCount": 4}, TokenUsage(9, 4, 0)),
        ({"promptTokenCount": 9, "candidatesTokenCount": 4, "totalTokenCount": 20}, TokenUsage(16, 4, 0)),
        ({"promptTokenCount": 9, "thoughtsTokenCount": 5, "totalTokenCount": 20}, TokenUsage(9, 6, 5)),
        ({"totalTokenCount": 30.5}, TokenUsage(27, 3, 0, estimated=True)),
        ({"promptTokenCount": -1, "candidatesTokenCount": True, "totalTokenCount": None}, TokenUsage(7, 3, 0, True)),
    ],
)
def test_usage_is_read_from_the_answer(gemini: RawGemini, counts: dict[str, Any], usage: TokenUsage) -> None:
    """The reported total is used if there is one."""
    gemini.answer_with(events(BEES, HUM | {"usageMetadata": counts}))
    assert ask(provider_for(gemini))[-1].usage == usage


# --- the stop


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ([Stall()], ""),
        ([b"HTTP/1.1 200 OK\r\n", Stall()], ""),
        (stream(event(BEES), Stall()), "Bees "),
        (stream(event(BEES), Drip(b"\n", 0.05, 10_000)), "Bees "),
    ],
    ids=["before the answer", "in its head", "in its body", "while it drips"],
)
def test_a_stop_ends_a_read_that_stalls(gemini: RawGemini, reply: Any, text: str, until: Callable[..., Any]) -> None:
    """From another thread; the connection to the endpoint is closed, and the tokens used so far are reported."""
    gemini.answer_with(reply)
    stop, ended, pieces = StopSignal(), [], []

    def run() -> None:
        try:
            pieces.extend(provider_for(gemini).stream(PROMPT, 100, stop))
        except Stopped as stopped:
            ended.append(stopped)

    thread = threading.Thread(target=run)
    thread.start()
    until(lambda: gemini.requests and (pieces or not text))
    stop.set()
    thread.join(GENEROUS)
    assert [(each.text, each.usage.input_tokens, each.usage.estimated) for each in ended] == [(text, 7, True)]
    assert gemini.left.wait(GENEROUS)


def test_a_stop_before_the_call_prevents_it(gemini: RawGemini) -> None:
    gemini.answer_with(events(BEES, HUM))
    stop = StopSignal()
    stop.set()
    with pytest.raises(Stopped) as stopped:
        ask(provider_for(gemini), stop)
    assert (gemini.requests, stopped.value.usage) == ([], TokenUsage())


def test_a_stop_between_two_pieces(gemini: RawGemini) -> None:
    """Even when the whole answer has already arrived."""
    gemini.answer_with(events(BEES, HUM))
    stop = StopSignal()
    running = provider_for(gemini).stream(PROMPT, 100, stop)
    assert next(running) == Piece("Bees ")
    stop.set()
    with pytest.raises(Stopped) as stopped:
        next(running)
    assert stopped.value.text == "Bees "


def test_a_late_stop_has_no_effect(gemini: RawGemini) -> None:
    """By then another call is using the connection."""
    gemini.answer_with(events(BEES, HUM))
    provider, stop = provider_for(gemini), StopSignal()
    ask(provider, stop)
    running = provider.stream(PROMPT, 100, StopSignal())
    next(running)
    stop.set()
    assert isinstance(list(running)[-1], Completion)
    assert gemini.connections == 1


def test_a_stop_signal_runs_its_callbacks_once() -> None:
    """In order. A callback added later runs at once; one that was removed does not run."""
    signal, ran = StopSignal(), []
    signal.on_stop(lambda: ran.append("first"))
    signal.on_stop(lambda: ran.append("taken off"))()
    assert not signal.requested
    signal.set()
    signal.set()
    signal.on_stop(lambda: ran.append("late"))()
    assert signal.requested
    assert ran == ["first", "late"]


# --- requests sent to the endpoint


def test_the_model_receives_the_words_as_typed(gemini: RawGemini) -> None:
    typed = "Map<String> a < b && c, R&D, \"quotes\" and 'more', emoji 🐝, \u2028, {braces}"
    gemini.answer_with(events(BEES, HUM))
    list(provider_for(gemini).stream(prompt_for("blog", "R&D <b>", typed), 100, StopSignal()))
    (request,) = gemini.requests
    (content,) = request.body["contents"]
    assert typed in content["parts"][0]["text"]
    assert "&amp;" not in str(request.body)
    assert typed not in str(request.body["systemInstruction"])


def test_the_key_is_only_sent_in_a_header(gemini: RawGemini) -> None:
    gemini.answer_with(events(BEES, HUM))
    ask(provider_for(gemini, AI_TEMPERATURE="0.5", AI_TOP_K="40"))
    (request,) = gemini.requests
    assert request.head.startswith("POST /v1beta/models/gemini-3.5-flash-lite:streamGenerateContent?alt=sse HTTP/1.1")
    assert "x-goog-api-key: AIzaCanary" in request.head
    assert request.head.count("AIzaCanary") == 1
    assert request.body["generationConfig"] == {"maxOutputTokens": 100, "temperature": 0.5, "topK": 40}


def test_providers_share_no_configuration(gemini: RawGemini) -> None:
    """Nothing is configured for the whole process."""
    gemini.answer_with(events(BEES, HUM))
    first = provider_for(gemini, AI_MODEL="tunedModels/one")
    second = provider_for(gemini, GOOGLE_AI_API_KEY="AIzaOther", GOOGLE_AI_ENDPOINT=f"{gemini.url}/proxied/")
    ask(first)
    ask(second)
    paths = [request.head.split(" ", 2)[1].split(":")[0] for request in gemini.requests]
    assert paths == ["/v1beta/tunedModels/one", "/proxied/v1beta/models/gemini-3.5-flash-lite"]
    assert ["AIzaOther" in request.head for request in gemini.requests] == [False, True]


@pytest.mark.parametrize("key", ["ключ", "two\nlines", "“pasted”"])
def test_a_key_that_cannot_be_sent_is_invalid(gemini: RawGemini, key: str) -> None:
    gemini.answer_with(events(BEES, HUM))
    with pytest.raises(PermanentFailure) as failure:
        ask(provider_for(gemini, GOOGLE_AI_API_KEY=key))
    assert failure.value.failure_code == "invalid_key"
    assert gemini.requests == []


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
def test_an_unreachable_endpoint_is_reported(gemini: RawGemini, endpoint: str) -> None:
    with pytest.raises(TransientFailure) as failure:
        ask(provider_for(gemini, GOOGLE_AI_ENDPOINT=endpoint))
    assert (failure.value.failure_code, failure.value.usage) == ("unreachable", None)


def classes_below(*roots: type[BaseException]) -> set[type[BaseException]]:
    found = set(roots)
    for root in roots:
        found |= classes_below(*root.__subclasses__()) if root.__subclasses__() else set()
    return found


def test_every_exception_of_the_transport_has_a_meaning() -> None:
    """Everything that requests, urllib3 and http.client raise ends an attempt with a reason, not an internal error."""
    roots = (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, ConnectionError, TimeoutError)
    kinds = {kind for kind in classes_below(*roots) if not issubclass(kind, Warning)}
    assert len(kinds) > 50
    for kind in kinds:
        failure = failure_of_exception(kind.__new__(kind), late=False)
        assert isinstance(failure, GenerationError), kind
    assert isinstance(failure_of_exception(ZeroDivisionError(), late=False), ZeroDivisionError)


def test_the_library_still_has_the_names_used() -> None:
    """The session is the only private name. Its credentials put the key into a header."""
    transport = GenerativeServiceClient(transport="rest", client_options={"api_key": "k"}).transport
    headers: dict[str, str] = {}
    transport._session.credentials.before_request(None, "POST", transport.host, headers)
    assert isinstance(transport._session, requests.Session)
    assert headers == {"x-goog-api-key": "k"}
    assert transport.host == "https://generativelanguage.googleapis.com"


# --- checking the model, and delays


def test_checking_the_model(gemini: RawGemini) -> None:
    gemini.answer_with(http(200, b'{"name": "models/gemini-3.5-flash-lite"}'))
    ask_for_model(settings_for(gemini), 5)
    assert gemini.requests[0].head.startswith("GET /v1beta/models/gemini-3.5-flash-lite HTTP/1.1")


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (http(404, b"{}"), "wrong_model"),
        (http(403, b"<html>", "text/html"), "intercepted"),
        (http(503, b"null"), "unavailable"),
        ([Stall()], "timeout"),
        ([b""], "unreachable"),
    ],
)
def test_checking_the_model_reports_failures(gemini: RawGemini, reply: Any, code: str) -> None:
    gemini.answer_with(reply)
    with pytest.raises(GenerationError) as failure:
        ask_for_model(settings_for(gemini), 0.5 if code == "timeout" else 60)
    assert failure.value.failure_code == code


@pytest.mark.parametrize(
    ("attempt", "advice", "seconds"), [(1, None, 2), (2, None, 4), (1, 1.0, 2), (1, 8.0, 8), (2, 1e9, 900)]
)
def test_the_advised_delay_is_bounded(attempt: int, advice: float | None, seconds: float) -> None:
    """As advised, but never less than the usual backoff and never more than a quarter of an hour."""
    assert retry_delay(2.0, attempt, advice).total_seconds() == seconds
