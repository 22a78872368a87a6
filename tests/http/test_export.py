"""Exports over HTTP: a single text as a file, several as a zip."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import orjson
import pytest
from werkzeug.test import Client

from tests.http.answers import bad_fields, error_of
from tests.person import Person


@pytest.fixture
def client(new_client: Any) -> Client:
    client: Client = new_client()
    return client


def fetched(client: Client, person: Person, method: str, path: str, body: Any = None) -> Any:
    return client.open(path, method=method, headers=person.headers, **({} if body is None else {"json": body}))


@pytest.mark.parametrize("kind", ["md", "html", "txt", "docx", "json"])
def test_an_exported_file_is_named_after_the_title(client: Client, person: Person, kind: str) -> None:
    content = person.write(title="Über / Bienen", generatedText="All about *bees*.")
    answer = fetched(client, person, "GET", f"/api/content/{content['id']}/export?format={kind}")
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename=\"Uber Bienen.{kind}\"; filename*=UTF-8''%C3%9Cber%20Bienen.{kind}"
    assert answer.data


def test_invalid_exports_are_rejected(person: Person) -> None:
    content = person.write()
    assert bad_fields(person.call("GET", f"/api/content/{content['id']}/export?format=exe")) == ["format"]
    assert bad_fields(person.call("GET", f"/api/content/{content['id']}/export")) == ["format"]
    error_of(person.call("GET", f"/api/content/{'5' * 24}/export?format=md"), 404)
    error_of(person.call("POST", "/api/content/export", {"ids": ["5" * 24], "format": "md"}), 404)
    assert bad_fields(person.call("POST", "/api/content/export", {"format": "md"})) == ["ids"]
    assert bad_fields(person.call("POST", "/api/content/export", {"ids": ["5" * 24] * 501, "format": "md"})) == ["ids"]


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"tag": ["x", "z"]}, "AB"), ({"tag": "y"}, "B"), ({"contentType": ["blog", "social"]}, "AC"),
        ({"contentType": "blog,social"}, "AC"), ({"status": ["published"]}, "C"),
        ({"q": "bees", "tag": ["x"]}, "A"), ({"updatedSince": "2026-01-01T00:00:00Z"}, "ABC"), ({}, "ABC"),
    ],
)  # fmt: skip
def test_exports_take_the_filters_of_the_list(
    client: Client, person: Person, filters: dict[str, Any], titles: str
) -> None:
    person.write(title="A", generatedText="bees", tags=["x"])
    person.write(title="B", contentType="product", tags=["y", "z"])
    person.write(title="C", contentType="social", status="published", generatedText="bees")
    answer = fetched(client, person, "POST", "/api/content/export", {"filter": filters, "format": "md"})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist())[:-1] == [f"{title}.md" for title in titles]


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"tag": 5}, "tag"), ({"tag": ["x", 5]}, "tag"), ({"contentType": ["poem"]}, "contentType"),
        ({"ids": "x"}, "ids"), ({"batchId": 5}, "batchId"), ({"updatedSince": 5}, "updatedSince"),
        ({"trash": "true"}, "trash"), ({"q": None}, "q"),
    ],
)  # fmt: skip
def test_invalid_filters_are_named(person: Person, filters: dict[str, Any], field: str) -> None:
    answer = person.call("POST", "/api/content/export", {"filter": filters, "format": "md"})
    assert bad_fields(answer) == [f"filter.{field}"]


def test_several_texts_are_exported_as_a_zip_with_unique_names_and_a_manifest(client: Client, person: Person) -> None:
    for title in ("Bees", "BEES", "咖啡"):
        person.write(title=title, generatedText=f"About {title}", tags=["x"])
    person.write(title="Other")
    body = {"filter": {"tag": "X"}, "format": "txt"}
    answer = fetched(client, person, "POST", "/api/content/export", body)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        manifest = orjson.loads(archive.read("manifest.json"))
        assert manifest["count"] == 3
        texts = {each["title"]: archive.read(each["file"]).decode() for each in manifest["files"]}
    assert texts == {title: f"About {title}\n" for title in ("Bees", "BEES", "咖啡")}
