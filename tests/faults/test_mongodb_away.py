"""MongoDB killed or frozen: 503 in time, no partial writes, and work resumes when it is back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.faults.conftest import Drill
from tests.listener import Listener
from tests.patience import REQUEST_SECONDS

Until = Callable[..., Any]

BODY = {"title": "Bees", "contentType": "blog", "prompt": "About bees"}


@pytest.mark.parametrize("fault", ["kill", "freeze"])
def test_requests_answer_503(drill: Drill, fault: str, until: Until) -> None:
    """In the error envelope, with Retry-After, in every kind of outage. A rejected request stores nothing."""
    person = drill.person()
    until(lambda: person.call("GET", "/api/content")[0] == 200)
    getattr(drill.servers.mongodb, fault)()
    for method, path in (("GET", "/api/content"), ("POST", "/api/content/generate"), ("POST", "/api/content")):
        body = None if method == "GET" else BODY
        answer = requests.request(
            method, drill.web.url + path, json=body, headers=person.headers, timeout=REQUEST_SECONDS
        )
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json()["code"] == "unavailable"
        assert answer.json()["success"] is False
    drill.servers.mongodb.thaw() if fault == "freeze" else drill.servers.mongodb.restart()
    until(lambda: person.call("GET", "/api/content")[0] == 200)
    until(lambda: "unacknowledged content removed" in drill.said())
    until(lambda: drill.documents().count_documents({}) == 0)
    drill.system.add_worker()
    assert person.wait_for(person.generate()["id"])["generationStatus"] == "completed"


def test_a_worker_finishes_when_mongodb_is_back(drill: Drill, topic: str, until: Until) -> None:
    """After an outage during an attempt, the text is stored and its event sent once. No process restarts."""
    drill.servers.standin.script(match=topic, then={"delayMs": 4000})
    worker = drill.system.add_worker()
    person = drill.person()
    with Listener(drill.web.url, person.access_token) as listener:
        accepted = person.generate(topic, contentType="social")
        until(lambda: drill.servers.standin.calls(topic))
        drill.servers.mongodb.kill()
        until(lambda: "outcome not stored yet" in worker.log.read_text())
        drill.servers.mongodb.restart()
        listener.wait_for("content:generation:completed", jobId=accepted["jobId"])
        later = person.generate(topic, contentType="social")
        listener.wait_for("content:generation:completed", jobId=later["jobId"])
    assert len(drill.servers.standin.calls(topic)) == 2
    assert worker.child.running
