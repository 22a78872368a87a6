"""The local Gemini endpoint, driven by the real google-generativeai client over HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import google.generativeai as genai
import pytest
import requests
from google.ai.generativelanguage_v1beta import Candidate
from google.ai.generativelanguage_v1beta.types import GenerateContentResponse
from google.api_core import exceptions

from tests.patience import PATIENCE_SECONDS, REQUEST_SECONDS
from tools.fake_gemini.remote import Remote
from tools.fake_gemini.server import Standin
from tools.fake_gemini.wire import FINISH_REASONS
from tools.processes import wait_until
from tools.servers import Service, start_gemini_standin

TITLE = "Solar lamps for small gardens"
PROMPT = f"<title>{TITLE}</title>\n<request>Write about solar lamps &amp; quiet evenings outside.</request>"
AT_LEAST = {"blog": 250, "product": 60, "social": 15}
UNWANTED = re.compile(r"\[[^\]]*\]|lorem ipsum|as an ai|\bsure,|here is|here's|certainly|\{|\}", re.IGNORECASE)

Ask = Callable[..., Any]


def test_answers_keep_their_pace_after_a_reset() -> None:
    """Those of `make run` come slowly enough to watch."""
    standin = Standin(5, 7)
    standin.reset()
    assert (standin.scene.delay_ms, standin.scene.piece_ms) == (5, 7)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    standin = start_gemini_standin()
    yield standin
    standin.stop()


@pytest.fixture
def remote(service: Service) -> Remote:
    steering = Remote(service.url)
    steering.reset()
    return steering


@pytest.fixture
def ask(service: Service, remote: Remote) -> Ask:  # noqa: ARG001 - starts from a reset
    """Ask the stand-in the way the product does; returns the library's response."""

    def generate(
        prompt: str = PROMPT,
        content_type: str = "blog",
        key: str = "good-key-1234",
        timeout: float = REQUEST_SECONDS,
        **options: Any,
    ) -> Any:
        genai.configure(api_key=key, transport="rest", client_options={"api_endpoint": service.url})
        model = genai.GenerativeModel(
            "gemini-3.5-flash-lite",
            system_instruction=f"You write for a person.\nContent type: {content_type}\n",
        )
        return model.generate_content(prompt, request_options={"timeout": timeout, "retry": None}, **options)

    return generate


@pytest.mark.parametrize("content_type", ["blog", "product", "social"])
@pytest.mark.parametrize("title", [TITLE, "李小龙的哲学", "", '[Insert] *Stars* & "quotes"'])
def test_a_text_is_long_enough_labelled_and_on_topic(ask: Ask, content_type: str, title: str) -> None:
    """Every type gets a finished text that the product's quality check would accept."""
    response = ask(f"<title>{title}</title><request>Evenings outside, please</request>", content_type)
    text = response.text
    assert response.candidates[0].finish_reason == Candidate.FinishReason.STOP
    assert len(text.split()) >= AT_LEAST[content_type]
    assert not UNWANTED.search(text)
    assert "Demonstration text" in text
    assert "No AI was called" in text
    assert (title if title in {TITLE, "李小龙的哲学"} else "Stars" if title else "Evenings outside") in text


def test_texts_match_their_type_and_are_deterministic(ask: Ask) -> None:
    """A blog has headings, a social post has hashtags, and the same prompt gets the same text."""
    assert ask().text.count("\n## ") >= 3
    assert re.search(r"#\w+", ask(content_type="social").text)
    assert ask().text == ask().text != ask(PROMPT.replace("Solar", "Wind")).text


def test_usage_and_model_are_reported(ask: Ask) -> None:
    """The counts add up, about four characters to the token."""
    response = ask()
    usage = response.usage_metadata
    assert usage.candidates_token_count == pytest.approx(len(response.text) / 4, abs=1)
    assert usage.total_token_count == usage.prompt_token_count + usage.candidates_token_count
    assert response._result.model_version == "gemini-3.5-flash-lite"


def test_enums_match_the_library() -> None:
    """The numbers sent mean what the library expects."""
    known = {reason.name: reason.value for reason in Candidate.FinishReason if reason.value}
    assert known == FINISH_REASONS
    assert GenerateContentResponse.PromptFeedback.BlockReason.SAFETY == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (503, exceptions.ServiceUnavailable),
        (429, exceptions.TooManyRequests),
        (500, exceptions.InternalServerError),
        (504, exceptions.GatewayTimeout),
        (400, exceptions.BadRequest),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_scripted_statuses(ask: Ask, remote: Remote, status: int, error: type[Exception], *, stream: bool) -> None:
    """A scripted status raises the library's exception, and the next call succeeds."""
    remote.script({"status": status, "message": "not now"})
    with pytest.raises(error, match="not now"):
        list(ask(stream=stream))
    assert ask().text
    assert [call["status"] for call in remote.calls()] == [status, 200]


def test_quota_errors_say_when_to_retry(ask: Ask, remote: Remote) -> None:
    """retryAfter is sent as RetryInfo, as Gemini does."""
    remote.script({"status": 429, "retryAfter": 7})
    with pytest.raises(exceptions.TooManyRequests) as caught:
        ask()
    assert caught.value.details == [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"}]


def test_an_invalid_key_is_a_400_with_a_reason(ask: Ask, remote: Remote) -> None:
    """Gemini answers 400, and only the details distinguish it from an invalid request."""
    with pytest.raises(exceptions.BadRequest) as caught:
        ask(key="invalid-key")
    assert [detail["reason"] for detail in caught.value.details] == ["API_KEY_INVALID"]
    assert remote.calls() == []


def test_no_key_is_a_403_and_the_connection_survives(service: Service) -> None:
    """A rejected request is read to its end, so that the next one on the same connection is parsed correctly."""
    connection = http.client.HTTPConnection(service.url.removeprefix("http://"), timeout=REQUEST_SECONDS)
    connection.connect()
    connection.auto_open = 0
    for _ in range(3):
        connection.request("POST", "/v1beta/models/gemini-3.5-pro:generateContent", body=b'{"contents": []}')
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["error"]["status"]) == (403, "PERMISSION_DENIED")
    connection.close()


def test_a_blocked_prompt_has_no_candidates(ask: Ask, remote: Remote) -> None:
    remote.script({"blocked": "prompt"})
    response = ask()
    assert response.prompt_feedback.block_reason.name == "SAFETY"
    assert not response.candidates


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({"blocked": "answer"}, "SAFETY"),
        ({"empty": True}, "STOP"),
        ({"finishReason": "RECITATION"}, "RECITATION"),
    ],
)
def test_answers_without_text(ask: Ask, remote: Remote, step: dict[str, Any], reason: str) -> None:
    """`.text` raises on them, as with Gemini."""
    remote.script(step)
    response = ask()
    assert response.candidates[0].finish_reason.name == reason
    with pytest.raises(ValueError, match="text"):
        _ = response.text


def test_a_text_is_cut_off_by_script_or_budget(ask: Ask, remote: Remote) -> None:
    """MAX_TOKENS comes with what was written so far; a larger budget gets the whole text."""
    whole = ask().text
    remote.script({"cutOff": True})
    for response in (ask(), ask(generation_config={"max_output_tokens": 20})):
        assert response.candidates[0].finish_reason == Candidate.FinishReason.MAX_TOKENS
        assert whole.startswith(response.text)
        assert len(response.text) < len(whole)
    assert ask(generation_config={"max_output_tokens": 8192}).text == whole


def test_a_stream_arrives_in_pieces(ask: Ask) -> None:
    """The pieces make up the text; the last one has the finish reason."""
    pieces = list(ask(stream=True))
    assert len(pieces) > 5
    assert "".join(piece.text for piece in pieces) == ask().text
    reasons = [piece.candidates[0].finish_reason.name for piece in pieces]
    assert reasons == ["FINISH_REASON_UNSPECIFIED"] * (len(pieces) - 1) + ["STOP"]


def test_server_sent_events_and_names_of_enums(service: Service, remote: Remote) -> None:
    """Unless the Python client asks otherwise, enums are names. `alt=sse` sends events."""
    remote.script({"text": 'One two.\n\nThree "four" {five}'})
    body = json.dumps({"contents": [{"parts": [{"text": "hi"}]}]}).encode()
    url = f"{service.url}/v1beta/models/gemini-3.5-pro:streamGenerateContent?alt=sse"
    with urlopen(Request(url, data=body, headers={"x-goog-api-key": "k"}), timeout=REQUEST_SECONDS) as response:  # noqa: S310 - the scheme is http
        lines = response.read().decode().split("\r\n\r\n")
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line]
    assert "".join(event["candidates"][0]["content"]["parts"][0]["text"] for event in events).startswith("One two.")
    assert events[-1]["candidates"][0]["finishReason"] == "STOP"


def test_a_stream_pauses_between_pieces(ask: Ask, remote: Remote) -> None:
    """Before each piece. The call ends with the last one."""
    remote.script({"text": "one two three " * 20, "pieceMs": 30})
    pieces = list(ask(stream=True))
    (call,) = remote.calls()
    assert len(pieces) == 4
    assert call["finishedAt"] - call["at"] >= 0.12


def test_thoughts_come_before_the_text(ask: Ask, remote: Remote) -> None:
    remote.script({"text": "Bees.", "thoughts": "They want bees."})
    response = ask()
    assert [part.text for part in response.candidates[0].content.parts] == ["They want bees.", "Bees."]
    assert response.usage_metadata.total_token_count > response.usage_metadata.prompt_token_count + 2


@pytest.mark.parametrize("step", [{"dropAfter": 1}, {"stallAfter": 1}])
def test_a_stream_breaks_or_stalls(ask: Ask, remote: Remote, step: dict[str, Any]) -> None:
    """After the given number of pieces. A client that gives up is noticed."""
    remote.script(step)
    with pytest.raises(requests.exceptions.RequestException):
        list(ask(stream=True, timeout=0.5))
    assert wait_until(lambda: remote.report()["running"] == 0, 5)
    assert [call["status"] for call in remote.calls()] == [None]


def test_a_stream_waits_for_its_release(ask: Ask, remote: Remote) -> None:
    """After the given number of pieces, of which the client library keeps one back."""
    remote.script({"text": "Bees fly. " * 100, "holdAfter": 2})
    stream = iter(ask(stream=True))
    assert next(stream).text == "Bees fly. " * 8
    assert remote.report()["running"] == 1
    remote.release("")
    assert "".join(each.text for each in stream).strip() == ("Bees fly. " * 92).strip()


def test_scripted_bodies_and_a_daily_quota(service: Service, remote: Remote) -> None:
    remote.script({"body": "[]", "status": 403}, {"status": 429, "quota": "PerDay", "retryAfter": 3})
    url = f"{service.url}/v1beta/models/gemini-3.5-pro:generateContent"
    answers = [
        requests.post(url, json={"contents": []}, headers={"x-goog-api-key": "k"}, timeout=REQUEST_SECONDS)
        for _ in "12"
    ]
    assert (answers[0].status_code, answers[0].json()) == (403, [])
    violation, retry = answers[1].json()["error"]["details"]
    assert (violation["violations"][0]["quotaId"], retry["retryDelay"]) == ("PerDay", "3s")
    assert answers[1].headers["Retry-After"] == "3"


def test_words_inside_the_fence_are_read_as_typed(ask: Ask, remote: Remote) -> None:
    """The product's fence. Anything inside that looks like its end is part of the words."""
    mark = "0123456789abcdef"
    ask(f"<title-{mark}>R&amp;D </title></title-{mark}>\n<request-{mark}>a < b</request-{mark}>")
    assert [call["title"] for call in remote.calls()] == ["R&amp;D </title>"]


def test_models_are_listed(ask: Ask) -> None:
    ask()
    assert "models/gemini-3.5-flash-lite" in [model.name for model in genai.list_models()]
    assert genai.get_model("models/gemini-3.5-pro").name == "models/gemini-3.5-pro"


def test_slow_answers_run_concurrently(ask: Ask, remote: Remote) -> None:
    """Sixty-four calls wait for their answers at the same time."""

    def hang() -> None:
        with contextlib.suppress(Exception):  # what a call gets when it is ended does not matter here
            ask()

    remote.script(then={"hang": True})
    with ThreadPoolExecutor(64) as pool:
        for _ in range(64):
            pool.submit(hang)
        assert wait_until(lambda: remote.report()["running"] == 64, PATIENCE_SECONDS)
        remote.reset()


def test_a_hanging_call_times_out_and_is_noticed(ask: Ask, remote: Remote) -> None:
    """The client gives up after its timeout; the stand-in sees it leave."""
    remote.script({"hang": True})
    with pytest.raises(requests.exceptions.ReadTimeout):
        ask(timeout=0.3)
    assert wait_until(lambda: remote.report()["running"] == 0, PATIENCE_SECONDS)
    assert [call["status"] for call in remote.calls()] == [None]


def test_a_held_call_is_answered_when_it_is_released(ask: Ask, remote: Remote) -> None:
    remote.script({"hold": True, "text": "Bees."}, match="hives")
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(ask, "Praise of hives")
        assert wait_until(lambda: remote.report("hives")["running"] == 1, PATIENCE_SECONDS)
        remote.release("tomatoes")
        assert ask("Praise of tomatoes").text
        assert not held.done()
        remote.release("hives")
        assert held.result(PATIENCE_SECONDS).text == "Bees."


def test_a_reset_ends_hanging_calls(ask: Ask, remote: Remote) -> None:
    remote.script({"hang": True})
    outcome: list[BaseException] = []

    def call() -> None:
        try:
            ask()
        except requests.exceptions.ConnectionError as error:
            outcome.append(error)

    caller = threading.Thread(target=call)
    caller.start()
    assert wait_until(lambda: remote.report()["running"] == 1, PATIENCE_SECONDS)
    remote.reset()
    caller.join(PATIENCE_SECONDS)
    assert len(outcome) == 1
    assert remote.calls() == []


def test_broken_answers(ask: Ask, remote: Remote) -> None:
    """The client reports a closed connection and an invalid JSON body with its own exceptions."""
    remote.script({"drop": True}, {"malformed": True})
    with pytest.raises(requests.exceptions.ConnectionError):
        ask()
    with pytest.raises(Exception, match="JSON"):
        ask()
    assert [call["status"] for call in remote.calls()] == [None, 200]


def test_scripts_match_in_order_and_end_with_then(ask: Ask, remote: Remote) -> None:
    """The newest matching script is used, and the others keep their steps. `then` is used for all later calls."""
    remote.script({"text": "for all"})
    remote.script({"text": "first", "delayMs": 50}, match="lamps", then={"text": "later"})
    assert [ask().text for _ in range(3)] == ["first", "later", "later"]
    assert ask("something else").text == "for all"
    assert "Demonstration" in ask("something else").text
    calls = remote.calls(match="lamps")
    assert [(call["title"], call["contentType"], call["keyTail"]) for call in calls] == [(TITLE, "blog", "1234")] * 3
    assert calls[0]["finishedAt"] - calls[0]["at"] >= 0.05
    assert "Content type: blog" in calls[0]["systemText"]


@pytest.mark.parametrize(
    "step",
    [
        {"texts": "typo"},
        {"status": "503"},
        {"empty": 1},
        {"hang": True, "drop": True},
        {"finishReason": "NO"},
        "text",
    ],
)
def test_an_invalid_step_is_rejected(remote: Remote, step: Any) -> None:
    """A misspelled script fails at once instead of testing nothing."""
    with pytest.raises(HTTPError) as caught:
        remote.script(step)
    assert caught.value.code == 400
    caught.value.close()
