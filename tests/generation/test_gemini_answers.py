"""Possible answers of Gemini or a proxy: the stored result, the number of calls, the user's message, the log.

Tested over real HTTP, through the provider and the rules of an attempt, with MongoDB and Redis. Only the delays are
skipped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from bson import ObjectId
from flask import Flask
from structlog.testing import capture_logs

from app.clock import utcnow
from app.config import Settings
from app.content.document import COMPLETED, FAILED, UNFINISHED, Content
from app.content.new_content import NewContent
from app.generation.attempt import Attempts
from app.generation.counters import Counters
from app.generation.leases import Leases
from app.generation.providers.gemini import GeminiProvider
from app.generation.streaming import LiveStreams
from app.outbox_handlers import relay_of
from app.queueing.schedule import GenerationQueue
from app.realtime.live_text import LiveTexts
from app.redis_client import connect
from app.services import services_of
from tests.generation.raw_gemini import (
    Drip,
    RawGemini,
    Reply,
    Stall,
    chunked,
    event,
    events,
    http,
    raw_gemini,
    stream,
)

KEY = "AIzaSyCanaryCanaryCanaryCanary"
WORDS = "Write about the secret-canary of Captain Zebrafinch"
QUOTED = f"Invalid value near '{WORDS}' for api_key:{KEY}"
"""Google's error messages quote the request."""
NOW = datetime(2026, 11, 25, 20, 30, 10, tzinfo=UTC)
TEXT = "Bees hum in the lavender while the kettle sings, and the whole garden listens."
HALF = "Bees hum in the lavender while the"


# --- forms of answers


def candidate(*parts: Any, finish: Any = "STOP", **fields: Any) -> dict[str, Any]:
    ended = {} if finish is None else {"finishReason": finish}
    return {"candidates": [{"content": {"parts": list(parts), "role": "model"}, "index": 0, **ended, **fields}]}


def said(text: str = TEXT, finish: Any = "STOP", **more: Any) -> Reply:
    return events(candidate({"text": text}, finish=finish) | more)


def whole(*parts: Any, finish: Any = "STOP", **more: Any) -> Reply:
    return events(candidate(*parts, finish=finish) | more)


def refused(code: int, status: str | None = None, *details: Any, message: str = QUOTED, **headers: str) -> Reply:
    error: dict[str, Any] = {"code": code, "message": message}
    error |= {"status": status} if status else {}
    error |= {"details": list(details)} if details else {}
    return http(code, orjson.dumps({"error": error}), **headers)


def reason(name: str, **metadata: str) -> dict[str, Any]:
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"@type": kind, "reason": name, "domain": "googleapis.com", "metadata": metadata}


def retry_info(delay: Any) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


def quota(*ids: str) -> dict[str, Any]:
    kind = "type.googleapis.com/google.rpc.QuotaFailure"
    return {"@type": kind, "violations": [{"quotaId": each, "quotaMetric": "requests"} for each in ids]}


GOOD = said()

# --- expected results


@dataclass(frozen=True)
class Row:
    """The answers (the last one is repeated) and the expected result."""

    name: str
    replies: tuple[Reply, ...]
    status: str = COMPLETED
    calls: int = 1
    reads: str | None = None
    """What the person reads: the reason of the failure, or of the first attempt's."""
    waits: float | None = None
    """The advised delay of the second attempt in seconds, if any."""
    log: str = ""
    text: str = TEXT
    tokens: int | None = None
    timeout: float = 60.0
    silence: float = 60.0
    """Seconds of the first attempt; later ones have all the time of a busy machine."""


def good(name: str, reply: Reply, **more: Any) -> Row:
    return Row(name, (reply,), **more)


def again(name: str, reply: Reply, reads: str, **more: Any) -> Row:
    """Expects another attempt to succeed."""
    return Row(name, (reply, GOOD), calls=2, reads=reads, **more)


def hopeless(name: str, reply: Reply, reads: str, **more: Any) -> Row:
    """Expects a failure after one call."""
    return Row(name, (reply,), status=FAILED, reads=reads, text="", **more)


INVALID_KEY = "Invalid or missing Gemini API key"
RESTRICTED = "The restrictions of the Gemini API key do not allow this server"
NOT_ENABLED = "The Gemini API is not enabled for the project of this API key"
SUSPENDED = "The Google project of this Gemini API key is suspended or has no billing"
NOT_OFFERED = "AI service is not available for this API key or region"
QUOTA = "Gemini API quota exceeded"
UNAVAILABLE = "AI service is temporarily unavailable - please try again"
TIMEOUT = "AI service timeout - please try again"
UNREACHABLE = "AI service is unreachable - please try again"
UNREADABLE = "AI service returned an unreadable answer - please try again"
EMPTY = "AI service returned empty content"
UNFINISHED_TEXT = "AI service stopped before the end of the text - please try again"
BLOCKED = "Content blocked by safety filters"
REJECTED = "AI service rejected the request"
WRONG_MODEL = "AI model not found - check AI_MODEL"
INTERCEPTED = "A firewall or proxy refused the request to the AI service"
RECITATION = "AI service withheld a text that repeats a published one - please change the request"
CUT_OFF = "AI service returned a text that was cut off"

THOUGHT = {"text": "The person wants bees. I should", "thought": True}
ANSWER = {"text": TEXT}
USAGE = {"promptTokenCount": 10, "candidatesTokenCount": 20, "thoughtsTokenCount": 5, "totalTokenCount": 35}
TYPED = 'Bees & <i>flowers</i> make "honey" in R&D, a < b && c.'
HTML = b"<!DOCTYPE html><html><body>Access denied</body></html>"
SSE_TEXT = event(candidate(ANSWER))

WHOLE_TEXTS = [
    good("one event", GOOD),
    good("usage with thoughts", said(usageMetadata=USAGE), tokens=35),
    good("usage repeated by each piece", events(
        candidate({"text": TEXT[:9]}, finish=None) | {"usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10}},
        candidate({"text": TEXT[9:]}) | {"usageMetadata": USAGE}), tokens=35),
    good("a thought before the answer", whole(THOUGHT, ANSWER)),
    good("a thought in an event of its own", events(candidate(THOUGHT, finish=None), candidate(ANSWER))),
    good("a part of an unknown kind", whole({"holodeck": {"scene": 1}}, ANSWER, {"executableCode": {"code": "1"}})),
    good("text beside an unknown call in one part", whole({"text": TEXT, "futureCall": {"name": "x"}})),
    good("a part with a signature", whole({"text": TEXT, "thoughtSignature": "c2lnbmF0dXJl"})),
    good("parts that are null, numbers and texts", whole(None, 7, "stray", {"text": None}, ANSWER)),
    good("totalTokenCount with a fraction", said(usageMetadata={**USAGE, "totalTokenCount": 35.5}), tokens=35),
    good("counts as texts", said(usageMetadata={"promptTokenCount": "many", "totalTokenCount": 40}), tokens=40),
    good("usage that is a list", said(usageMetadata=[1, 2])),
    good("an error that is null", said(error=None)),
    good("a thought marked by a number", whole({"text": "I should", "thought": 1}, ANSWER)),
    good("unknown grounding", whole(ANSWER, groundingMetadata=[{"webSearchQueries": {"a": 1}}])),
    good("unknown fields everywhere", whole(ANSWER, novelty={"x": [1]}, createTime=5, promptFeedback={"new": []})),
    good("NaN in a number", chunked(SSE_TEXT.replace(b'"index":0', b'"index":0,"avgLogprobs":NaN'))),
    good("an emoji in two halves", chunked(
        b'data: {"candidates":[{"content":{"parts":[{"text":"\\ud83d"}]}}]}\n\n',
        b'data: {"candidates":[{"content":{"parts":[{"text":"\\udc1d ' + TEXT.encode()
        + b'"}]},"finishReason":"STOP"}]}\n\n'), text="🐝 " + TEXT),
    good("half an emoji alone", chunked(SSE_TEXT.replace(b"Bees", b"\\ud83dBees")), text="\ufffd" + TEXT),
    good("finish reason as a number", said(finish=1)),
    good("finish reason in an event of its own", events(
        candidate(ANSWER, finish=None), {"candidates": [{"finishReason": "STOP"}]})),
    good("a JSON array instead of events", http(200, orjson.dumps([candidate(ANSWER)]))),
    good("one JSON object instead of events", http(200, orjson.dumps(candidate(ANSWER)))),
    good("objects line by line", http(200, b"\n".join(
        orjson.dumps(each) for each in (candidate({"text": TEXT[:20]}, finish=None), candidate({"text": TEXT[20:]}))))),
    good("a byte-order mark before an object", http(200, b"\xef\xbb\xbf" + orjson.dumps(candidate(ANSWER)))),
    good("a byte-order mark before events", chunked(b"\xef\xbb", b"\xbf" + SSE_TEXT)),
    good("comments, names and retries between events", chunked(
        b": keep-alive\n\nevent: message\nid: 7\nretry: 10\n" + SSE_TEXT + b"data: [DONE]\n\n")),
    good("events torn at every byte", chunked(*(SSE_TEXT[i : i + 1] for i in range(len(SSE_TEXT))))),
    good("no blank lines between events", chunked(
        *(event(each).strip() + b"\n" for each in (candidate({"text": TEXT[:20]}, finish=None),
                                                  candidate({"text": TEXT[20:]}))))),
    good("the last event without an end of line", chunked(SSE_TEXT.rstrip())),
    good("an array of one event", chunked(b"data: " + orjson.dumps([candidate(ANSWER)]) + b"\n\n")),
    good("a connection that ends the answer", stream(SSE_TEXT)),
    good("a connection that breaks behind the text", chunked(SSE_TEXT, last=b"")),
    good("rubbish behind the text", chunked(SSE_TEXT, b"data: {not json\n\n")),
    good("an error behind the text", chunked(SSE_TEXT, event({"error": {"code": 500, "status": "INTERNAL"}}))),
    good("candidates for one who wanted one", events(
        {"candidates": [*candidate(ANSWER)["candidates"], *candidate({"text": "Another."})["candidates"]]})),
    good("characters that HTML would escape", said(TYPED), text=TYPED),
    good("blanks while the model thinks", stream(Drip(b" \n", 0.02, 10), SSE_TEXT)),
]  # fmt: skip

NOT_WHOLE = [
    again("finish reason OTHER", said(HALF, "OTHER"), UNFINISHED_TEXT, log="OTHER"),
    again("finish reason LANGUAGE", said(HALF, "LANGUAGE"), UNFINISHED_TEXT),
    again("finish reason as a number, 5", said(HALF, 5), UNFINISHED_TEXT),
    again("an unknown finish reason", said(HALF, "SOLAR_FLARE"), UNFINISHED_TEXT),
    again("an unknown finish reason as a number", said(HALF, 99), UNFINISHED_TEXT),
    again("no finish reason", said(HALF, None), UNFINISHED_TEXT),
    again("an unspecified finish reason", said(HALF, "FINISH_REASON_UNSPECIFIED"), UNFINISHED_TEXT),
    again("a malformed call", said(HALF, "MALFORMED_FUNCTION_CALL"), UNFINISHED_TEXT),
    again("nothing, OTHER", whole(finish="OTHER"), EMPTY),
    again("nothing, STOP", whole(), EMPTY),
    again("thoughts alone", whole(THOUGHT), EMPTY),
    again("white space alone", said(" \n "), EMPTY),
    again("an object without anything", events({}), EMPTY),
    again("no content", events({"candidates": [{"finishReason": "STOP"}]}), EMPTY),
    again("MAX_TOKENS", said(HALF, "MAX_TOKENS"), CUT_OFF),
    again("MAX_TOKENS before the first word", whole(finish="MAX_TOKENS"), CUT_OFF),
    again("a text without end", said("bees and more bees " * 6000), CUT_OFF),
    hopeless("SAFETY", said(HALF, "SAFETY"), BLOCKED),
    hopeless("SAFETY as a number", said(HALF, 3), BLOCKED),
    hopeless("PROHIBITED_CONTENT", whole(finish="PROHIBITED_CONTENT"), BLOCKED),
    hopeless("BLOCKLIST", whole(finish="BLOCKLIST"), BLOCKED),
    hopeless("SPII", whole(finish="SPII"), BLOCKED),
    hopeless("a blocked prompt", events({"promptFeedback": {"blockReason": "SAFETY"}}), BLOCKED),
    hopeless("a prompt blocked for a new reason", events({"promptFeedback": {"blockReason": "VIBES"}}), BLOCKED),
    hopeless("a blocked prompt, usage counted", events(
        {"promptFeedback": {"blockReason": 1}, "usageMetadata": {"promptTokenCount": 12, "totalTokenCount": 12}}),
        BLOCKED, tokens=12),
    again("RECITATION once", whole(finish="RECITATION"), RECITATION),
    Row("RECITATION twice", (whole(finish="RECITATION"),), FAILED, 2, RECITATION, text=""),
]  # fmt: skip

UNREADABLE_ANSWERS = [
    again("HTML with 200", http(200, HTML, "text/html"), UNREADABLE),
    again("an empty body", http(200, b""), UNREADABLE),
    again("204", http(204, b""), UNREADABLE),
    again("null", http(200, b"null"), UNREADABLE),
    again("a JSON text", http(200, b'"hello"'), UNREADABLE),
    again("an empty array", http(200, b"[]"), UNREADABLE),
    again("half an object", http(200, orjson.dumps(candidate(ANSWER))[:-9]), UNREADABLE),
    again("Latin-1", http(200, orjson.dumps(candidate({"text": "xx"})).replace(b"xx", b"caf\xe9")), UNREADABLE),
    again("UTF-16", http(200, orjson.dumps(candidate(ANSWER)).decode().encode("utf-16")), UNREADABLE),
    again("an event that is not JSON", chunked(b"data: {oops\n\n"), UNREADABLE),
    again("nesting without end", http(200, b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), UNREADABLE),
    again("a body that says it is gzip", http(200, b"not gzip", Content_Encoding="gzip"), UNREADABLE),
    again("half of it, then closed", chunked(event(candidate({"text": HALF}, finish=None)), last=b""), UNREACHABLE),
    again("fewer bytes than announced", [b"", http(200, orjson.dumps(candidate(ANSWER)))[0][:-9]], UNREACHABLE),
    again("closed without an answer", [b""], UNREACHABLE),
    again("something else than HTTP", [b"SSH-2.0-OpenSSH_9.6\r\n"], UNREACHABLE),
]  # fmt: skip

SLOW_ANSWERS = [
    again("silence before the answer", [Stall()], TIMEOUT, timeout=0.3),
    again("silence inside the answer", stream(event(candidate({"text": HALF}, finish=None)), Stall()), TIMEOUT,
          silence=0.3),
    again("a blank now and then", stream(Drip(b" ")), TIMEOUT, timeout=0.4),
    again("a header now and then", [b"HTTP/1.1 200 OK\r\n", Drip(b"X-More: 1\r\n")], TIMEOUT, timeout=0.4),
    again("a word now and then", stream(Drip(event(candidate({"text": "bees "}, finish=None)))), TIMEOUT, timeout=0.4),
    good("silence behind the text", stream(SSE_TEXT, Stall()), silence=0.3),
    again("an error whose body never ends", stream(b"[", Drip(b" "), status=503), UNAVAILABLE, timeout=1.5),
]  # fmt: skip

ERRORS = [
    hopeless("400 API_KEY_INVALID", refused(400, "INVALID_ARGUMENT", reason("API_KEY_INVALID")), INVALID_KEY,
             log="API_KEY_INVALID"),
    hopeless("400 that speaks of the key alone", refused(400, message="API key not valid. Please pass a valid one."),
             INVALID_KEY),
    hopeless("400 API key expired", refused(400, "INVALID_ARGUMENT", message="API key expired."), INVALID_KEY),
    hopeless("400 INVALID_ARGUMENT", refused(400, "INVALID_ARGUMENT"), REJECTED, log="INVALID_ARGUMENT"),
    hopeless("400 FAILED_PRECONDITION", refused(400, "FAILED_PRECONDITION"), NOT_OFFERED, log="FAILED_PRECONDITION"),
    *(hopeless(f"400, body {body!r}", http(400, body), REJECTED)
      for body in (b"[]", b'"no"', b"null", b"", b"7", HTML)),
    hopeless("400, details of odd kinds", refused(400, None, None, 7, "x", {"reason": 5}, {"reason": ["a"]}), REJECTED),
    hopeless("400, the error in a list", http(400, orjson.dumps([{"error": {"details": [reason("API_KEY_INVALID")]}}])),
             INVALID_KEY),
    hopeless("400, details that are an object", http(400, orjson.dumps(
        {"error": {"code": 400, "details": reason("API_KEY_INVALID")}})), INVALID_KEY),
    hopeless("401", refused(401, "UNAUTHENTICATED"), INVALID_KEY),
    hopeless("403", refused(403, "PERMISSION_DENIED"), INVALID_KEY),
    *(hopeless(f"403, body {body!r}", http(403, body), INVALID_KEY) for body in (b"[]", b'"no"', b"null", b"", b"{}")),
    hopeless("403, the error is a text", http(403, b'{"error": "denied"}'), INVALID_KEY),
    hopeless("403 in Latin-1", http(403, b'{"error": {"code": 403, "message": "refus\xe9"}}'), INVALID_KEY),
    hopeless("403 with a byte-order mark", http(403, b"\xef\xbb\xbf" + orjson.dumps(
        {"error": {"code": 403, "details": [reason("SERVICE_DISABLED")]}})), NOT_ENABLED),
    hopeless("403 SERVICE_DISABLED", refused(403, "PERMISSION_DENIED", reason("SERVICE_DISABLED")), NOT_ENABLED),
    hopeless("403 referrer", refused(403, "PERMISSION_DENIED", reason("API_KEY_HTTP_REFERRER_BLOCKED")), RESTRICTED),
    hopeless("403 address", refused(403, "PERMISSION_DENIED", reason("API_KEY_IP_ADDRESS_BLOCKED")), RESTRICTED),
    hopeless("403 service", refused(403, "PERMISSION_DENIED", reason("API_KEY_SERVICE_BLOCKED")), RESTRICTED),
    hopeless("403 suspended", refused(403, "PERMISSION_DENIED", reason("CONSUMER_SUSPENDED", consumer=KEY)), SUSPENDED),
    hopeless("403 billing", refused(403, "PERMISSION_DENIED", reason("BILLING_DISABLED")), SUSPENDED),
    hopeless("403 of a firewall", http(403, HTML, "text/html"), INTERCEPTED),
    hopeless("403 of a mesh", http(403, b"RBAC: access denied", "text/plain"), INTERCEPTED),
    hopeless("407", http(407, HTML, "text/html"), INTERCEPTED),
    hopeless("404", refused(404, "NOT_FOUND"), WRONG_MODEL),
    hopeless("404, body null", http(404, b"null"), WRONG_MODEL),
    hopeless("413", http(413, HTML, "text/html"), REJECTED),
    hopeless("501", refused(501, "UNIMPLEMENTED"), REJECTED),
    hopeless("302 to somewhere else", http(302, b"", Location="/elsewhere"), REJECTED),
    again("408", http(408, b""), TIMEOUT),
    again("409", refused(409, "ABORTED"), UNAVAILABLE),
    again("499", refused(499, "CANCELLED"), UNAVAILABLE),
    again("500", refused(500, "INTERNAL"), UNAVAILABLE),
    again("502 of a proxy", http(502, HTML, "text/html"), UNAVAILABLE),
    *(again(f"503, body {body!r}", http(503, body), UNAVAILABLE)
      for body in (b"[]", b'"no"', b"null", b"", b"\xff\xfe")),
    again("503, odd details", refused(503, "UNAVAILABLE", None, ["x"], {"retryDelay": {"a": 1}}), UNAVAILABLE),
    again("503 that blames the key", refused(503, "PERMISSION_DENIED", reason("API_KEY_INVALID")), UNAVAILABLE),
    again("504", refused(504, "DEADLINE_EXCEEDED"), TIMEOUT),
    again("529", http(529, b""), UNAVAILABLE),
    Row("503 for ever", (refused(503, "UNAVAILABLE"),), FAILED, 3, UNAVAILABLE, text=""),
    again("an error inside the stream", events(candidate({"text": HALF}, finish=None), {
        "error": {"code": 503, "status": "UNAVAILABLE", "message": QUOTED}}), UNAVAILABLE),
    again("an error without a code inside the stream", events({"error": {"message": QUOTED}}), UNAVAILABLE),
    again("an error inside the stream that is a text", events({"error": "overloaded"}), UNAVAILABLE),
    hopeless("a bad key inside the stream", events({"error": {"code": 400, "details": [reason("API_KEY_INVALID")]}}),
             INVALID_KEY),
    again("a quota inside the stream", events(
        {"error": {"status": "RESOURCE_EXHAUSTED", "details": [retry_info("9s")]}}), QUOTA, waits=9),
]  # fmt: skip

ADVICE = [
    again("429", refused(429, "RESOURCE_EXHAUSTED"), QUOTA),
    *(again(f"429, body {body!r}", http(429, body), QUOTA) for body in (b"[]", b'"no"', b"null", HTML)),
    again("429 RetryInfo 8s", refused(429, "RESOURCE_EXHAUSTED", retry_info("8s")), QUOTA, waits=8, log="8.0"),
    again("429 RetryInfo 8.25s", refused(429, "RESOURCE_EXHAUSTED", retry_info("8.25s")), QUOTA, waits=8.25),
    again("429 RetryInfo as an object", refused(429, None, retry_info({"seconds": "8", "nanos": 0})), QUOTA, waits=8),
    *(again(f"429 RetryInfo {odd!r}", refused(429, None, retry_info(odd)), QUOTA, waits=0)
      for odd in ("soon", "-5s", None, [], "NaNs")),
    again("429 Retry-After 8", refused(429, Retry_After="8"), QUOTA, waits=8),
    again("429 Retry-After as a date", refused(429, Retry_After="Wed, 25 Nov 2026 20:30:50 GMT"), QUOTA, waits=40),
    again("429 Retry-After in the past", refused(429, Retry_After="Wed, 25 Nov 2020 20:30:50 GMT"), QUOTA, waits=0),
    again("429 Retry-After without sense", refused(429, Retry_After="when the cows come home"), QUOTA, waits=0),
    again("429, both, the later one", refused(429, None, retry_info("8s"), Retry_After="20"), QUOTA, waits=20),
    again("429 in words", refused(429, message="Quota exceeded. Please retry in 1m2.5s."), QUOTA, waits=62.5),
    hopeless("429 for hours, in words", refused(429, message="Please retry in 13h21m14.6s."),
             f"{QUOTA} - again at 2026-11-26T09:52Z"),
    hopeless("429 for ever, in words", refused(429, message="Please retry in 900000000h."),
             f"{QUOTA} - again at 2027-11-25T20:31Z"),
    hopeless("429 for ever", refused(429, None, retry_info("1e300s")), f"{QUOTA} - again at 2027-11-25T20:31Z"),
    again("503 Retry-After 60", http(503, HTML, "text/html", Retry_After="60"), UNAVAILABLE, waits=60),
    again("429 a quarter of an hour", refused(429, None, retry_info("900s")), QUOTA, waits=900),
    hopeless("429 an hour", refused(429, None, retry_info("3600s")), f"{QUOTA} - again at 2026-11-25T21:31Z"),
    hopeless("503 an hour", http(503, b"", Retry_After="3600"),
             "AI service is temporarily unavailable - again at 2026-11-25T21:31Z"),
    hopeless("429 a day's quota", refused(429, "RESOURCE_EXHAUSTED", quota(
        "GenerateRequestsPerDayPerProjectPerModel-FreeTier"), retry_info("42s")),
        f"{QUOTA} - again at 2026-11-26T08:00Z", log="quota_daily"),
    hopeless("429 a day's and a minute's quota", refused(429, None, quota("RequestsPerMinute", "InputTokensPerDay")),
             f"{QUOTA} - again at 2026-11-26T08:00Z"),
    hopeless("429 a day's quota in the metadata", refused(429, None, reason(
        "RATE_LIMIT_EXCEEDED", quota_limit="GenerateContentRequestsPerDay")), f"{QUOTA} - again at 2026-11-26T08:00Z"),
    again("429 a minute's quota", refused(429, None, quota("RequestsPerMinutePerProject"), retry_info("31s")), QUOTA,
          waits=31),
]  # fmt: skip

ROWS = [*WHOLE_TEXTS, *NOT_WHOLE, *UNREADABLE_ANSWERS, *SLOW_ANSWERS, *ERRORS, *ADVICE]


# --- the stage


@dataclass
class Stage:
    """Runs generations against the endpoint, without waiting between attempts."""

    gemini: RawGemini
    settings: Settings

    def attempts(self, row: Row) -> Attempts:
        settings = replace(self.settings, ai_timeout_seconds=row.timeout)
        provider = GeminiProvider(settings, now=lambda: NOW, silence_seconds=row.silence)
        redis = connect(settings, 2.0)
        queue = GenerationQueue(redis, settings)
        relay, live = relay_of(redis, queue), LiveStreams(LiveTexts(redis))
        return Attempts(provider, queue, relay, Leases(60), settings, counters=Counters(), live=live)

    def generate(self, row: Row) -> tuple[Content, list[float]]:
        """Returns the content at the end, and the seconds from each attempt to the next."""
        self.gemini.answer_with(*row.replies)
        patient = self.attempts(replace(row, timeout=60.0, silence=60.0))
        waits: list[float] = []
        content = Content.objects.get(id=requested().id)
        for number, attempts in enumerate((self.attempts(row), patient, patient), start=1):
            attempts.run(str(content.id), number)
            content.reload()
            if content.generation_status not in UNFINISHED:
                break
            waits.append((content.due_at - content.updated_at).total_seconds())
            Content.objects(id=content.id).update(set__due_at=utcnow())
        return content, waits


def requested() -> NewContent:
    content = NewContent.request(
        user_id=ObjectId(),
        title="Captain Zebrafinch",
        content_type="social",
        prompt=WORDS,
        due_at=utcnow(),
        max_attempts=3,
        request_id=None,
    )
    content.insert()
    return content


@pytest.fixture(scope="module")
def gemini() -> Iterator[RawGemini]:
    with raw_gemini() as endpoint:
        yield endpoint


@pytest.fixture
def stage(app: Flask, gemini: RawGemini, caplog: pytest.LogCaptureFixture) -> Stage:
    for name in ("app", "google", "urllib3", "requests"):
        caplog.set_level(logging.DEBUG, logger=name)
    settings = replace(
        services_of(app).get(Settings),
        google_ai_endpoint=gemini.url,
        google_ai_api_key=KEY,
        job_backoff_seconds=0.001,
    )
    return Stage(gemini, settings)


@pytest.fixture
def log_text(stage: Stage, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """Everything logged by the product and libraries, before redaction."""
    assert stage  # the application has configured logging
    with capture_logs() as ours:
        yield lambda: caplog.text + "\n".join(map(repr, ours))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_answer_has_the_expected_result(stage: Stage, log_text: Callable[[], str], row: Row) -> None:
    content, waits = stage.generate(row)
    assert (content.generation_status, content.generated_text) == (row.status, row.text)
    assert len(stage.gemini.requests) == row.calls
    assert content.failure_reason == (row.reads if row.status == FAILED else None)
    assert row.reads is None or repr(row.reads) in log_text()
    assert row.tokens is None or content.tokens_used == row.tokens
    if row.waits is not None:
        assert waits[0] == pytest.approx(max(row.waits, 0.001), abs=1)
    assert row.log in log_text()
    for secret in (KEY, "secret-canary", "Zebrafinch", "Traceback", "exc_info"):
        assert secret not in log_text()


def test_the_table_has_at_least_eighty_distinct_answers() -> None:
    assert len(ROWS) >= 80
    assert len({row.name for row in ROWS}) == len(ROWS)
