"""Documents stored without MongoEngine equal those that MongoEngine would store, for every entry point."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from app.batches.maker import BatchMaker
from app.content.document import Content
from app.database import collection_of
from app.services import services_of
from tests.person import Person

BRIEF = {"audience": "Nurses", "words": 600, "keywords": ["triage"], "points": ["People decide."]}
ASKED = {"title": "Über Bienen", "contentType": "blog", "prompt": "Write about $bees", "tags": ["Ärzte", "b"]}


def write(person: Person, _app: Flask, **values: Any) -> str:
    return str(person.write(**values)["id"])


def generate(person: Person, _app: Flask, **values: Any) -> str:
    return str(person.generate(**values)["id"])


def make_in_a_batch(person: Person, app: Flask, **values: Any) -> str:
    status, answer = person.call("POST", "/api/batches", {"items": [values]})
    assert status == 202, answer
    services_of(app).get(BatchMaker).look()
    made = collection_of(Content).find_one({"batch_id": ObjectId(answer["data"]["id"])})
    return str(made["_id"]) if made else ""


@pytest.mark.parametrize("values", [ASKED, ASKED | {"brief": BRIEF}, ASKED | {"tags": [], "brief": None}])
@pytest.mark.parametrize("make", [write, generate, make_in_a_batch])
def test_a_stored_document_equals_that_of_mongoengine(
    person: Person, app: Flask, make: Any, values: dict[str, Any]
) -> None:
    content_id = make(person, app, **values)
    stored = collection_of(Content).find_one({"_id": ObjectId(content_id)})
    content = Content.objects.get(id=content_id)
    content.validate()
    assert content.to_mongo().to_dict() == stored
    assert set(stored) <= {field.db_field for field in Content._fields.values()}
