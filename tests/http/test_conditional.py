"""ETag and If-Match over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from app.config import Settings
from app.generation.routes import _queued
from app.http.conditional import named_etag
from tests.person import Person


class Editor:
    """Sends requests as a user, and keeps the response headers."""

    def __init__(self, client: Client, person: Person) -> None:
        self._client, self._person = client, person
        self.content = person.write(generatedText="One.")
        self.path = f"/api/content/{self.content['id']}"

    def put(self, if_match: str | None = None, **changes: Any) -> TestResponse:
        conditions = {} if if_match is None else {"If-Match": if_match}
        return self._client.put(self.path, json=changes, headers=self._person.headers | conditions)

    def get(self) -> TestResponse:
        return self._client.get(self.path, headers=self._person.headers)


@pytest.fixture
def editor(new_client: Callable[[], Client], person: Person) -> Editor:
    return Editor(new_client(), person)


def test_the_etag_is_the_revision(editor: Editor) -> None:
    assert editor.content["revision"] == 1
    assert editor.get().headers["ETag"] == '"1"'
    changed = editor.put(title="Wasps")
    assert changed.get_json()["data"]["revision"] == 2
    assert changed.headers["ETag"] == editor.get().headers["ETag"] == '"2"'


def test_generations_answer_with_the_etag_too(new_client: Callable[[], Client], person: Person) -> None:
    client, body = new_client(), {"title": "Bees", "contentType": "blog", "prompt": "Write about bees"}
    queued = client.post("/api/content/generate", json=body, headers=person.headers)
    path = f"/api/content/{queued.get_json()['data']['id']}"
    answers = [
        queued,
        *(client.post(f"{path}/{each}", headers=person.headers) for each in ("run-now", "cancel", "generate")),
    ]
    for answer in answers:
        assert answer.headers["ETag"] == f'"{answer.get_json()["data"]["revision"]}"', answer


def test_a_held_generation_answers_with_the_etag_too(app: Flask) -> None:
    with app.test_request_context():
        _queued({"due_at": None, "revision": 3})
        assert named_etag() == '"3"'


@pytest.mark.parametrize("if_match", [None, '"1"', 'W/"1"', "*", ' "7" , W/"1"', '"x", "1"'])
def test_a_matching_if_match_header_is_accepted(editor: Editor, if_match: str | None) -> None:
    assert editor.put(if_match, generatedText="Two.").status_code == 200


@pytest.mark.parametrize(
    "if_match", ['"2"', 'W/"2"', '"0"', "1", '""', '"one"', '"1 "', "", '"\N{SUPERSCRIPT ONE}"', "1" * 5000]
)
def test_an_outdated_if_match_header_is_rejected(editor: Editor, if_match: str) -> None:
    """412 with the current revision, and nothing changes."""
    before = editor.get().get_json()
    refused = editor.put(if_match, generatedText="Two.", title="Wasps")
    body = refused.get_json()
    assert (refused.status_code, body["statusCode"], body["code"]) == (412, 412, "revision_mismatch")
    assert (body["success"], body["currentRevision"]) == (False, 1)
    assert editor.get().get_json() == before


def test_after_a_412_a_reload_makes_the_edit_possible(editor: Editor) -> None:
    editor.put(generatedText="Two.")
    current = editor.put('"1"', generatedText="Three.").get_json()["currentRevision"]
    assert editor.put(f'"{current}"', generatedText="Three.").status_code == 200


def test_another_users_content_reveals_no_revision(
    editor: Editor, new_client: Callable[[], Client], person: Person
) -> None:
    stranger = Person.register(person.http)
    answer = new_client().put(editor.path, json={"title": "Mine"}, headers=stranger.headers | {"If-Match": '"7"'})
    assert answer.status_code == 404


def test_cors_allows_etag_and_if_match(editor: Editor, new_client: Callable[[], Client], settings: Settings) -> None:
    origin = {"Origin": settings.client_url[0]}
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "if-match,authorization"}
    preflight = new_client().options(editor.path, headers=origin | asked)
    assert "if-match" in preflight.headers["Access-Control-Allow-Headers"].lower()
    answer = new_client().get(editor.path, headers=origin)
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
