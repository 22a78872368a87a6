"""Another thread can close a provider call without affecting other calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from app.generation.providers.connections import Call, CallAdapter
from tests.generation.raw_gemini import Drip, RawGemini, Stall, http, raw_gemini
from tests.patience import REQUEST_SECONDS


@pytest.fixture
def endpoint() -> Iterator[RawGemini]:
    with raw_gemini() as started:
        yield started


@pytest.fixture
def session() -> requests.Session:
    made = requests.Session()
    made.mount("http://", CallAdapter(4))
    return made


def test_a_finished_call_does_not_close_a_reused_connection(endpoint: RawGemini, session: requests.Session) -> None:
    """Its answer was read to the end, so the connection went back to the pool before the call ended."""
    late = [b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", Drip(b"second", 0.2, 1)]
    endpoint.answer_with(http(200, b"first"), late)
    with Call().within(60) as first, Call().within(60) as second:
        with first.sending():
            assert session.get(endpoint.url).text == "first"
        with second.sending():
            answer = session.get(endpoint.url, stream=True)
        first.shut()
        assert answer.text == "second"
    assert endpoint.connections == 1


def test_a_call_closed_before_its_start_sends_nothing(endpoint: RawGemini, session: requests.Session) -> None:
    endpoint.answer_with([Stall()])
    with Call().within(60) as call:
        call.shut()
        with call.sending(), pytest.raises(requests.ConnectionError):
            session.get(endpoint.url, timeout=REQUEST_SECONDS)
    assert endpoint.requests == []


def test_a_deadline_ends_a_call_and_says_so(endpoint: RawGemini, session: requests.Session) -> None:
    endpoint.answer_with([Stall()])
    with Call().within(0.2) as call:
        with call.sending(), pytest.raises(requests.ConnectionError):
            session.get(endpoint.url, timeout=REQUEST_SECONDS)
        assert call.late


def test_other_connections_are_not_affected(endpoint: RawGemini, session: requests.Session) -> None:
    """Outside a call, requests behave as usual."""
    endpoint.answer_with(http(200, b"fine"))
    assert session.get(endpoint.url).text == "fine"
