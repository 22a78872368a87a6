"""Cancelling in real processes closes the connection to the endpoint, with and without Redis."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.faults.conftest import Drill
from tests.person import Person

Until = Callable[..., Any]
STALLS: tuple[dict[str, Any], ...] = ({"hang": True}, {"stallAfter": 0}, {"stallAfter": 3})
"""Before the first word, after the head of the response, and between two words."""


def test_cancelling_closes_the_connection_to_the_model_at_once(drill: Drill, topic: str, until: Until) -> None:
    """On a stalled endpoint, with and without Redis. No further call is made, and each call has a usage row."""
    for number, step in enumerate(STALLS):
        drill.servers.standin.script(match=f"{topic}{number}", then=step)
    drill.system.add_worker(AI_TIMEOUT_SECONDS="120")
    person = drill.person()
    contents = cancel_all(drill, person, stalled(drill, person, topic, until), until)
    others = stalled(drill, person, topic, until)
    drill.servers.redis.kill()
    contents += cancel_all(drill, person, others, until)
    drill.servers.redis.restart()
    documents = drill.documents()
    until(lambda: not documents.count_documents({"outbox_at": {"$exists": True}}))
    usage, versions = documents.database["usage"], documents.database["versions"]
    until(lambda: usage.count_documents({"outcome": "cancelled"}) == len(contents))
    until(lambda: [each["source"] for each in versions.find()] == ["partial"] * 2)
    assert {person.content(content_id)["generationStatus"] for content_id in contents} == {"cancelled"}
    assert len(drill.servers.standin.calls(topic)) == len(contents)


def stalled(drill: Drill, person: Person, topic: str, until: Until) -> list[str]:
    """Starts one generation for each kind of stall. Returns the ids of their contents."""
    asked = [person.generate(f"{topic}{number}", contentType="social", runAt="now") for number in range(len(STALLS))]
    until(lambda: drill.servers.standin.report()["running"] == len(STALLS))
    return [content["id"] for content in asked]


def cancel_all(drill: Drill, person: Person, content_ids: list[str], until: Until) -> list[str]:
    """Cancels them, and waits until their connections to the endpoint are closed."""
    began = time.monotonic()
    for content_id in content_ids:
        status, answer = person.call("POST", f"/api/content/{content_id}/cancel")
        assert (status, answer["data"]["generationStatus"]) == (200, "cancelled")
    until(lambda: drill.servers.standin.report()["running"] == 0)
    print(f"\nclosed {time.monotonic() - began:.2f} s after the first of {len(content_ids)} cancels")
    return content_ids
