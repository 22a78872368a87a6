"""A user's names and preferences, and the server's public configuration."""

from __future__ import annotations

from typing import Any

import pytest

from app.config import Settings, load_settings
from tests.person import Http, Person


def put(person: Person, **body: Any) -> tuple[int, Any]:
    return person.call("PUT", "/api/auth/me", body)


def test_changing_names_changes_nothing_else(person: Person) -> None:
    status, answer = put(person, firstName="Zoë")
    assert (status, answer["message"]) == (200, "Profile updated successfully")
    changed = person.user | {"firstName": "Zoë", "fullName": "Zoë O'Brien"}
    assert answer["data"]["user"] == changed
    assert person.call("GET", "/api/auth/me")[1]["data"]["user"] == changed


def test_preferences_are_stored_separately(person: Person) -> None:
    """Each is kept until it is changed, or removed with null. Without any, the field is absent."""
    put(person, preferences={"appearance": "dark", "contentType": "social"})
    put(person, preferences={"tone": "calm", "contentType": None})
    user = person.call("GET", "/api/auth/me")[1]["data"]["user"]
    assert user["preferences"] == {"appearance": "dark", "tone": "calm"}
    answer = put(person, preferences={"appearance": None, "tone": None})[1]
    assert "preferences" not in answer["data"]["user"]


def test_another_users_profile_cannot_be_changed(person: Person, http: Http) -> None:
    stranger = Person.register(http)
    put(stranger, firstName="Zoë")
    assert person.call("GET", "/api/auth/me")[1]["data"]["user"] == person.user


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"), ({"firstName": ""}, "firstName"), ({"email": "x@example.com"}, "email"),
        ({"preferences": 1}, "preferences"),
        ({"preferences": {"appearance": "pink"}}, "preferences.appearance"),
        ({"preferences": {"$set": "x"}}, "preferences.$set"), ({"preferences": {"tone": "x" * 61}}, "preferences.tone"),
    ],
)  # fmt: skip
def test_invalid_fields_are_named(person: Person, body: dict[str, Any], field: str) -> None:
    status, answer = put(person, **body)
    assert (status, [each["field"] for each in answer["errors"]]) == (422, [field])


def test_the_delay_and_the_limits_are_public(http: Http, settings: Settings) -> None:
    status, answer = http("GET", "/api/config")
    assert status == 200
    assert answer["data"] == {
        "delay": round(settings.generation_delay_seconds * 1000),
        "maxAttempts": settings.job_max_attempts,
        "demo": settings.asks_the_stand_in,
        "limits": {
            "title": 200,
            "prompt": 10_000,
            "text": 100_000,
            "waitingGenerations": settings.max_waiting_generations,
        },
    }


@pytest.mark.parametrize(
    ("endpoint", "demo"),
    [("", False), ("http://127.0.0.1:9999", True), ("http://[::1]:9999", True), ("https://eu.example.com", False)],
)
def test_a_local_model_endpoint_is_shown_as_a_demo(endpoint: str, demo: bool) -> None:  # a parameter of a table
    settings = load_settings({"APP_ENV": "development", "GOOGLE_AI_ENDPOINT": endpoint})
    assert settings.asks_the_stand_in is demo
