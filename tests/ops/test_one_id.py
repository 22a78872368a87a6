"""The request id leads from a request to the reason of its failure in the logs of real web and worker processes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import requests
from redis import Redis

from app.clock import utcnow
from tests.listener import Listener
from tests.patience import REQUEST_SECONDS
from tests.person import PASSWORD, Person
from tools.system import Servers, System


def lines(system: System) -> list[dict[str, Any]]:
    """Every JSON line of every process, in chronological order."""
    found: list[dict[str, Any]] = [
        json.loads(line) | {"process": path.stem}
        for path in system.logs.iterdir()
        for line in path.read_text().splitlines()
        if line.startswith("{")
    ]
    return sorted(found, key=lambda line: line["timestamp"])


ATTEMPT = ["gemini refused", "attempt"]
OF_A_RESCUE = {"rescheduled", "nothing to do"}
"""Lines about a job that a slow machine has not started in time, so that it is queued twice."""


def in_their_order(story: list[dict[str, Any]]) -> list[str]:
    """The lines of the attempts' own threads, one attempt after the other.

    The order relative to lines of other processes, and of other threads in the same process, is not defined: Gemini may
    reject a job in one worker before the other one logs that it queued it.
    """
    return [line["event"] for line in story if line["event"] in {*ATTEMPT, "retry scheduled"}]


def test_the_logs_of_a_failed_generation_share_one_id(
    resident: Person, system: System, servers: Servers, topic: str, until: Callable[..., Any]
) -> None:
    """Accepted, then started, rejected by Gemini and classified in each of three attempts, with retries in between."""
    servers.standin.script(match=topic, then={"status": 503})
    request_id = f"story-{topic}"
    answer = requests.post(
        f"{resident.url}/api/content/generate",
        json={"title": f"Title {topic}", "contentType": "blog", "prompt": f"A confidential prompt {topic}"},
        headers=resident.headers | {"X-Request-ID": request_id},
        timeout=REQUEST_SECONDS,
    )
    assert answer.headers["X-Request-ID"] == request_id
    content = resident.wait_for(answer.json()["data"]["id"])

    def story() -> list[dict[str, Any]]:
        return [line for line in lines(system) if line.get("request_id") == request_id]

    expected = Counter({"generation accepted": 1, "request": 1, "handed over": 3})
    expected += Counter({"gemini refused": 3, "attempt": 3, "retry scheduled": 2})
    until(lambda: Counter(line["event"] for line in story()) >= expected)
    assert {line["event"] for line in story()} - OF_A_RESCUE == set(expected)
    assert in_their_order(story()) == [*ATTEMPT, "retry scheduled", *ATTEMPT, "retry scheduled", *ATTEMPT]

    judged = [line for line in story() if line["event"] == "attempt"]
    assert [(line["attempt"], line["outcome"]) for line in judged] == [(1, "later"), (2, "later"), (3, "never")]
    assert judged[-1]["reason"] == content["failureReason"]
    assert {line["content_id"] for line in story() if line["event"] != "request"} == {content["id"]}
    assert {line["process"].partition("-")[0] for line in story()} == {"web", "worker"}
    assert all(line["job_id"] == content["jobId"] for line in judged)

    text = "".join(path.read_text() for path in system.logs.iterdir())
    secrets = [system.environ[name] for name in ("JWT_SECRET", "JWT_REFRESH_SECRET", "GOOGLE_AI_API_KEY")]
    for secret in [*secrets, PASSWORD, resident.access_token, resident.refresh_token, f"confidential prompt {topic}"]:
        assert secret not in text
    assert "eyJ" not in text, "a JSON Web Token was logged"


def test_the_web_servers_own_lines_are_json(system: System, resident: Person, until: Callable[..., Any]) -> None:
    """gunicorn's lines have our format, and eventlet logs nothing when a socket is closed."""
    web = system.webs[0]
    with Listener(web.url, resident.access_token):
        pass
    requests.get(
        f"{web.url}/healthz", headers={"X-Request-ID": f"after-{resident.user['id']}"}, timeout=REQUEST_SECONDS
    )
    until(lambda: f"after-{resident.user['id']}" in web.log.read_text())
    own = [line for line in lines(system) if line["process"] == web.log.stem and line["logger"] == "gunicorn.error"]
    assert [line["event"].partition(" ")[0] for line in own[:4]] == ["Starting", "Listening", "Using", "Booting"]
    assert own[2] | {"event": "Using worker: eventlet", "level": "info"} == own[2]
    assert "[INFO]" not in web.log.read_text()
    assert "socket shutdown error" not in web.log.read_text()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/nothing-here", None, 404),
        ("GET", "/api/content", None, 401),
        ("PATCH", "/api/auth/login", None, 405),
        ("POST", "/api/auth/login", b"{", 400),
        ("POST", "/api/auth/login", b"{}", 422),
        ("POST", "/api/auth/login", b"x" * 1_100_000, 413),
    ],
)
def test_error_responses_have_the_request_id(
    system: System, method: str, path: str, body: bytes | None, status: int
) -> None:
    headers = {"X-Request-ID": "given-by-the-caller", "Content-Type": "application/json"}
    answer = requests.request(method, system.webs[0].url + path, data=body, headers=headers, timeout=REQUEST_SECONDS)
    assert answer.status_code == status
    assert answer.json()["requestId"] == answer.headers["X-Request-ID"] == "given-by-the-caller"


def test_an_id_that_could_forge_log_lines_is_replaced(system: System) -> None:
    answer = requests.get(f"{system.webs[0].url}/healthz", headers={"X-Request-ID": 'a b"}{'}, timeout=REQUEST_SECONDS)
    assert len(answer.headers["X-Request-ID"]) == 32


def test_a_rescued_generation_keeps_its_id(
    resident: Person, system: System, servers: Servers, topic: str, until: Callable[..., Any]
) -> None:
    """What the sweep does for a generation that Redis lost is logged under the same id."""
    redis = Redis.from_url(system.environ["REDIS_URL"])

    def lost() -> dict[str, Any] | None:
        """A request that Redis loses before it is due."""
        accepted = resident.generate(f"Write about {topic}", contentType="social")
        for key in redis.scan_iter("rq:*sched*"):
            if redis.type(key) == b"zset":
                redis.delete(key)
        return accepted if utcnow() < datetime.fromisoformat(accepted["dueAt"]) else None

    accepted = until(lost)
    resident.wait_for(accepted["id"])
    found = until(lambda: [x for x in lines(system) if x.get("content_id") == accepted["id"]])
    rescued = [line for line in found if line["event"] == "rescheduled"]
    assert rescued
    assert len({line["request_id"] for line in found}) == 1
    assert servers.standin.calls(topic)
