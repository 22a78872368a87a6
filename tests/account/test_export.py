"""GET /auth/me/export: all data of a user as a streamed zip, without secrets."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import orjson
import pytest
from bson import ObjectId
from flask import Flask

from app.account.export import AccountExport, _encoded
from app.auth.api_keys import ApiKey
from app.auth.models import User
from app.clock import utcnow
from app.services import services_of
from app.webhooks.document import Webhook
from tests.account.test_deletion import TEMPLATE, WEBHOOK
from tests.person import Http, Person

HOSTILE = ("../../etc/passwd", "a/b\\c", "CON", "x" * 200, "…", "Bees", "Bees")


def archive_of(person: Person, app: Flask) -> zipfile.ZipFile:
    answer = app.test_client().get("/api/auth/me/export", headers=person.headers)
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-data.zip"')
    return zipfile.ZipFile(io.BytesIO(answer.data))


def read(archive: zipfile.ZipFile, start: str) -> list[Any]:
    return [
        orjson.loads(archive.read(name)) for name in archive.namelist() if name.startswith(start) and ".json" in name
    ]


def test_an_export_has_all_data_of_the_user_and_none_of_others(person: Person, http: Http, app: Flask) -> None:
    other = Person.register(http)
    other.write(title="Not mine")
    text = person.write(title="Bees", generatedText="All about *bees*.", tags=["Garden"])
    person.call("POST", f"/api/content/{text['id']}/versions")
    trashed = person.write(title="Trashed")
    person.call("DELETE", f"/api/content/{trashed['id']}")
    person.call("POST", "/api/templates", TEMPLATE)
    named = TEMPLATE | {"name": "Named", "prompt": "About {{secret}} {{user_id}} {{product_name}}"}
    template = person.call("POST", "/api/templates", named)[1]["data"]["id"]
    variables = {"name": "A", "secret": "S", "user_id": "U", "product_name": "P"}
    assert person.call("POST", "/api/batches", {"templateId": template, "items": [variables]})[0] == 202
    person.call("PUT", "/api/auth/me", {"preferences": {"tone": "calm"}})
    archive = archive_of(person, app)
    assert archive.testzip() is None
    assert read(archive, "profile")[0]["email"] == person.email
    assert {each["title"] for each in read(archive, "texts/")} == {"Bees", "Trashed"}
    (bees,) = [each for each in read(archive, "texts/") if each["title"] == "Bees"]
    assert (bees["id"], bees["generatedText"], bees["tags"]) == (text["id"], "All about *bees*.", ["Garden"])
    assert archive.read(f"texts/Bees {text['id']}.md") == b"All about *bees*."
    (version,) = read(archive, f"versions/Bees {text['id']}/")
    assert (version["number"], version["text"]) == (1, "All about *bees*.")
    assert [each["name"] for each in read(archive, "templates/")] == ["Shop", "Named"]
    assert variables.items() <= read(archive, "batches/")[0]["rows"][0]["values"].items()  # as the user named them
    assert read(archive, "sessions/")[0][0]["device"] is not None
    everything = b"".join(map(archive.read, archive.namelist()))
    assert [internal for internal in (b"Not mine", b"rowsBytes") if internal in everything] == []


def test_secrets_and_hashes_are_left_out(person: Person, app: Flask) -> None:
    key = person.call("POST", "/api/auth/keys", {"name": "Import", "scopes": ["content:read"]})[1]["data"]
    hook = person.call("POST", "/api/webhooks", WEBHOOK)[1]["data"]
    person.call("POST", f"/api/webhooks/{hook['id']}/rotate")
    archive = archive_of(person, app)
    stored = (ApiKey.objects(id=key["id"]).get().key_hash, User.objects(id=person.user["id"]).get().password_hash,
              Webhook.objects(id=hook["id"]).get().secret, hook["secret"], key["key"])  # fmt: skip
    everything = b"".join(map(archive.read, archive.namelist()))
    assert [secret for secret in stored if secret.encode() in everything] == []
    assert [each["name"] for each in read(archive, "api-keys/")[0]] == ["Import"]
    assert [each["url"] for each in read(archive, "webhooks/")[0]] == [WEBHOOK["url"]]


def test_fields_about_queues_are_left_out() -> None:
    stored = {"name": "Mugs", "queue_owner": ObjectId(), "held_due_at": utcnow(), "made_rows": 25, "begun_rows": 50}
    assert orjson.loads(_encoded(stored)) == {"name": "Mugs"}


def test_file_names_are_unique_and_safe_for_any_titles(person: Person, app: Flask) -> None:
    for title in HOSTILE:
        person.write(title=title)
    names = archive_of(person, app).namelist()
    assert len({name.casefold() for name in names}) == len(names)
    assert [name for name in names if name.startswith("/") or ".." in name.split("/") or "\\" in name] == []
    assert sum(name.endswith(".md") for name in names) == len(HOSTILE)


def test_an_export_is_streamed(person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first files have been read when the first piece is sent."""
    for number in range(30):
        person.write(title=f"Bees {number}", generatedText="All about bees. " * 50)
    made = []
    real = AccountExport._json
    monkeypatch.setattr(AccountExport, "_json", lambda self, value: made.append(value) or real(self, value))
    pieces = services_of(app).get(AccountExport).archive(person.user["id"])
    next(pieces)
    assert len(made) <= 2
    assert sum(map(len, pieces)) > 0
    assert len(made) > 30
