"""A new web process knows the sessions that ended before it started."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
import socketio

from tests.faults.conftest import Drill
from tests.listener import Listener
from tests.patience import REQUEST_SECONDS

Until = Callable[..., object]
ENDED = "The session has ended - please log in again"


def test_a_new_web_process_rejects_ended_sessions(drill: Drill) -> None:
    """From its very first request and its very first socket."""
    person = drill.person()
    assert person.http("POST", "/api/auth/logout", {"refresh_token": person.refresh_token})[0] == 200
    fresh = drill.system.add_web()
    answer = requests.get(f"{fresh.url}/api/auth/me", headers=person.headers, timeout=REQUEST_SECONDS)
    assert (answer.status_code, answer.json()["message"]) == (401, ENDED)
    another = drill.system.add_web()
    listener = Listener(another.url, person.access_token)
    with pytest.raises(socketio.exceptions.ConnectionError), listener:
        pass
    assert listener.refusal == {"message": ENDED}


def test_a_web_process_without_mongodb_accepts_no_requests(drill: Drill, until: Until) -> None:
    """503 for both ended and valid sessions, until it has read which sessions ended."""
    ended, live = drill.person(), drill.person()
    assert ended.http("POST", "/api/auth/logout", {"refresh_token": ended.refresh_token})[0] == 200
    fresh = drill.system.add_web()
    drill.servers.mongodb.freeze()
    for person in (ended, live):
        answer = requests.get(f"{fresh.url}/api/auth/me", headers=person.headers, timeout=REQUEST_SECONDS)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    drill.servers.mongodb.thaw()
    address = f"{fresh.url}/api/auth/me"
    until(lambda: requests.get(address, headers=live.headers, timeout=REQUEST_SECONDS).status_code == 200)
    answer = requests.get(f"{fresh.url}/api/auth/me", headers=ended.headers, timeout=REQUEST_SECONDS)
    assert (answer.status_code, answer.json()["message"]) == (401, ENDED)
