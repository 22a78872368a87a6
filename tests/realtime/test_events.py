"""The events match their reference."""

from __future__ import annotations

import jsonschema_rs

from tests.listener import Listener
from tests.person import Person
from tools.fake_gemini.remote import Remote


def test_events_match_the_reference(resident: Person, standin: Remote, topic: str) -> None:
    """Every received event is in the AsyncAPI document, with exactly the documented payload."""
    status, described = resident.http("GET", "/api/asyncapi.json")
    assert (status, described["asyncapi"]) == (200, "3.0.0")
    standin.script({"status": 503}, match=topic)
    standin.script(match=f"{topic}-blocked", then={"blocked": "prompt"})
    with Listener(resident.url, resident.access_token) as listener:
        resident.generate(f"Write about {topic}")
        resident.generate(f"Write about {topic}-blocked")
        listener.wait_for("content:generation:completed")
        listener.wait_for("content:generation:failed")
        waiting = resident.generate(f"Write about {topic}")
        assert resident.call("POST", f"/api/content/{waiting['id']}/cancel")[0] == 200
        listener.wait_for("content:generation:cancelled")
        piece = resident.write(generatedText="Bees dance.")
        body = {"start": 0, "end": 4, "quote": "Bees", "action": "fix"}
        assert resident.call("POST", f"/api/content/{piece['id']}/rewrites", body)[0] == 202
        listener.wait_for("content:rewrite:completed")
        standin.script(match=f">{topic}</passage", then={"blocked": "prompt"})
        assert resident.call("PUT", f"/api/content/{piece['id']}", {"generatedText": topic})[0] == 200
        body = {"start": 0, "end": len(topic), "quote": topic, "action": "fix"}
        assert resident.call("POST", f"/api/content/{piece['id']}/rewrites", body)[0] == 202
        listener.wait_for("content:rewrite:failed")
    schemas = {message["name"]: message["payload"] for message in described["components"]["messages"].values()}
    assert {name for name, _ in listener.events} <= set(schemas)
    assert len({name for name, _ in listener.events}) == 8
    for name, payload in listener.events:
        jsonschema_rs.validate({"components": described["components"], **schemas[name]}, payload)
