"""The brief over HTTP: accepted values, the returned form, and the errors."""

from __future__ import annotations

from typing import Any

import pytest

from app.content.document import Content
from tests.http.answers import bad_fields, data_of
from tests.person import Person

BODY = {"title": "Bees", "contentType": "blog", "prompt": "About bees"}
BRIEF = {
    "audience": "Beekeepers",
    "tone": "calm",
    "language": "de-AT",
    "words": 120,
    "keywords": ["Bienenstock", "Wabe"],
    "avoid": ["revolutionär"],
    "points": ["Bienen tanzen."],
}
BAD: list[tuple[Any, list[str]]] = [
    ("calm", ["brief"]),
    ([], ["brief"]),
    ({"words": 4}, ["brief.words"]),
    ({"words": 3001}, ["brief.words"]),
    ({"words": "120"}, ["brief.words"]),
    ({"words": True}, ["brief.words"]),
    ({"words": 12.5}, ["brief.words"]),
    ({"words": None}, ["brief.words"]),
    ({"language": "german"}, ["brief.language"]),
    ({"language": "xx"}, ["brief.language"]),
    ({"language": "de_DE"}, ["brief.language"]),
    ({"language": 5}, ["brief.language"]),
    ({"audience": "x" * 201}, ["brief.audience"]),
    ({"audience": "\u200b"}, ["brief.audience"]),
    ({"audience": "a" + "\u0301\u0323" * 40}, ["brief.audience"]),
    ({"tone": "x" * 61, "mood": "good"}, ["brief.mood", "brief.tone"]),
    ({"keywords": ["a", "b", ""]}, ["brief.keywords.2"]),
    ({"keywords": ["x" * 61, "b", 3]}, ["brief.keywords.0", "brief.keywords.2"]),
    ({"keywords": ["x"] * 11}, ["brief.keywords"]),
    ({"keywords": "bees"}, ["brief.keywords"]),
    ({"avoid": ["x"] * 21}, ["brief.avoid"]),
    ({"points": ["x" * 301]}, ["brief.points.0"]),
    ({"points": ["x"] * 100_000}, ["brief.points"]),
    ({f"field{number}": 1 for number in range(20_000)}, ["brief"]),
]


@pytest.mark.parametrize(("brief", "names"), BAD, ids=lambda value: repr(value)[:40])
def test_errors_in_a_brief_name_the_path_of_the_field(person: Person, brief: Any, names: list[str]) -> None:
    answer = person.call("POST", "/api/content/generate", {**BODY, "brief": brief})
    assert sorted(bad_fields(answer)) == names


def test_only_the_given_fields_are_shown_everywhere(person: Person) -> None:
    """In the response, in the list, when the content is requested again, and in `asked`."""
    accepted = data_of(person.call("POST", "/api/content/generate", {**BODY, "brief": BRIEF}), 202, None)
    assert accepted["brief"] == BRIEF
    _, answer = person.call("GET", "/api/content")
    assert answer["data"]["contents"][0]["brief"] == BRIEF
    stored: Any = Content.objects.get(id=accepted["id"])
    assert stored.asked == {"title": "Bees", "prompt": "About bees", "brief": BRIEF}
    some = data_of(
        person.call("POST", "/api/content", {**BODY, "brief": {"words": 50, "language": "PT-br"}}), 201, None
    )
    assert some["brief"] == {"words": 50, "language": "pt-BR"}
    assert data_of(person.call("GET", f"/api/content/{some['id']}"), 200, None)["brief"] == some["brief"]


@pytest.mark.parametrize("none", [None, {}, {"keywords": [], "points": []}])
def test_an_empty_brief_is_stored_as_none(person: Person, none: Any) -> None:
    assert data_of(person.call("POST", "/api/content", {**BODY, "brief": none}), 201, None)["brief"] is None


def test_a_put_replaces_or_removes_the_brief(person: Person) -> None:
    """The brief in `asked` does not change."""
    made = data_of(person.call("POST", "/api/content/generate", {**BODY, "brief": BRIEF}), 202, None)
    path = f"/api/content/{made['id']}"
    assert data_of(person.call("PUT", path, {"title": "Wasps"}), 200, None)["brief"] == BRIEF
    assert data_of(person.call("PUT", path, {"brief": {"tone": "$tone"}}), 200, None)["brief"] == {"tone": "$tone"}
    assert bad_fields(person.call("PUT", path, {"brief": {"words": 1}})) == ["brief.words"]
    assert data_of(person.call("PUT", path, {"brief": None}), 200, None)["brief"] is None
    stored: Any = Content.objects.get(id=made["id"])
    assert stored.asked["brief"] == BRIEF
