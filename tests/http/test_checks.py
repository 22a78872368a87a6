"""Checks over HTTP: stored with each content whenever its text or brief changes, and on request for any text."""

from __future__ import annotations

from typing import Any

import pytest

from app.content.document import Content
from app.content.finding_schemas import CHECKS
from app.database import collection_of
from tests.attempts import claim, fail, finish
from tests.checks.texts import PARAGRAPHS
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import Http, Person

TEXT = f"# Gardens\n\n{PARAGRAPHS['en']}"
BRIEF = {"words": 55, "keywords": ["garden", "snow"], "language": "en"}


def said(checks: list[dict[str, Any]] | None, check: str) -> list[bool | None]:
    return [each["passed"] for each in checks or () if each["check"] == check]


def stored(content_id: str) -> dict[str, Any]:
    found = collection_of(Content).find_one({"_id": Content(id=content_id).id})
    assert found
    return dict(found)


def test_a_text_written_by_hand_is_checked(person: Person) -> None:
    made = person.write(generatedText=TEXT, brief=BRIEF)
    assert [each["check"] for each in made["checks"]][:3] == ["length", "keyword", "keyword"]
    assert said(made["checks"], "keyword") == [True, False]
    assert made["words"] == 54
    assert person.content(made["id"])["checks"] == made["checks"] == stored(made["id"])["checks"]
    (span, *_) = made["checks"][1]["spans"]
    assert TEXT[span["start"] : span["end"]] == "Gardens"


def test_a_content_without_a_text_has_no_checks(person: Person) -> None:
    made = person.write()
    assert (made["checks"], made["words"]) == (None, 0)
    accepted = person.generate()
    assert (accepted["checks"], accepted["words"]) == (None, None)


def test_editing_the_text_or_the_brief_repeats_the_checks(person: Person) -> None:
    """Other edits do not change the checks."""
    made = person.write(generatedText=TEXT, brief=BRIEF)
    path = f"/api/content/{made['id']}"
    changed = data_of(person.call("PUT", path, {"generatedText": f"{TEXT} Snow."}), 200, None)
    assert (said(changed["checks"], "keyword"), changed["words"]) == ([True, True], 55)
    changed = data_of(person.call("PUT", path, {"brief": {"keywords": ["peas"]}}), 200, None)
    assert said(changed["checks"], "keyword") == [True]
    collection_of(Content).update_one({"_id": Content(id=made["id"]).id}, {"$set": {"words": 7}})
    assert data_of(person.call("PUT", path, {"status": "published"}), 200, None)["words"] == 7
    changed = data_of(person.call("PUT", path, {"generatedText": " "}), 200, None)
    assert (changed["checks"], changed["words"]) == (None, 0)


def test_a_generated_text_is_checked_with_the_write_that_stores_it(person: Person) -> None:
    accepted = person.generate(brief=BRIEF)
    collection_of(Content).update_one({"_id": Content(id=accepted["id"]).id}, {"$set": {"due_at": None}})
    Content.objects(id=accepted["id"]).update(set__due_at=Content.objects.get(id=accepted["id"]).created_at)
    assert claim(accepted["id"])
    settled = finish(accepted["id"], text=TEXT)
    assert said(settled["checks"], "keyword") == [True, False]
    assert settled["words"] == 54
    _, answer = person.call("GET", f"/api/content/job/{accepted['jobId']}/status")
    assert answer["data"]["content"]["checks"] == settled["checks"]


def test_versions_have_the_checks_of_their_texts(person: Person) -> None:
    made = person.write(generatedText=TEXT, brief=BRIEF)
    version = data_of(person.call("POST", f"/api/content/{made['id']}/versions"), 201, None)
    assert version["checks"] == made["checks"]
    assert version["words"] == 54


def test_an_older_text_is_checked_when_it_is_first_requested(person: Person) -> None:
    made = person.write(generatedText=TEXT)
    collection_of(Content).update_one({"_id": Content(id=made["id"]).id}, {"$unset": {"checks": 1, "words": 1}})
    _, answer = person.call("GET", "/api/content")
    assert answer["data"]["contents"][0]["words"] is None
    assert person.content(made["id"])["checks"] == made["checks"] == stored(made["id"])["checks"]


def test_lists_have_checks_without_positions(person: Person) -> None:
    made = person.write(generatedText=f"{TEXT} [Your Name]", brief=BRIEF)
    _, answer = person.call("GET", "/api/content")
    (listed,) = answer["data"]["contents"]
    assert listed["words"] == made["words"]
    assert listed["checks"] == [each | {"spans": []} for each in made["checks"]]
    assert any(each["count"] for each in listed["checks"])


def test_any_text_can_be_checked_and_nothing_is_stored(person: Person) -> None:
    body = {"text": "👩\u200d👧 Gardens [Your Name]", "contentType": "social", "brief": {"keywords": ["garden"]}}
    data = data_of(person.call("POST", "/api/checks", body), 200, "Text checked")
    assert data["words"] == 3
    assert {each["check"] for each in data["checks"]} <= set(CHECKS)
    keyword = next(each for each in data["checks"] if each["check"] == "keyword")
    assert (keyword["value"], keyword["target"], keyword["spans"]) == (1, "garden", [{"start": 4, "end": 11}])
    blanks = next(each for each in data["checks"] if each["check"] == "placeholders")
    assert (blanks["passed"], blanks["spans"]) == (False, [{"start": 12, "end": 23}])
    assert person.call("GET", "/api/content")[1]["data"]["pagination"]["total"] == 0


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"text": None}, ["text"]),
        ({"text": 5}, ["text"]),
        ({"text": "x" * 200_001}, ["text"]),
        ({"text": "a" + "\u0301\u0323" * 20}, ["text"]),
        ({"contentType": "poem"}, ["contentType"]),
        ({"brief": {"words": 1}}, ["brief.words"]),
        ({"title": "x"}, ["title"]),
    ],
)
def test_invalid_fields_of_a_check_request_are_named(person: Person, changes: dict[str, Any], names: list[str]) -> None:
    assert bad_fields(person.call("POST", "/api/checks", {"text": "x", "contentType": "blog", **changes})) == names


def test_checking_texts_requires_a_login(http: Http) -> None:
    error_of(http("POST", "/api/checks", {"text": "x", "contentType": "blog"}), 401)


def test_a_failed_generation_keeps_the_checks_of_the_existing_text(person: Person) -> None:
    made = person.generate()
    Content.objects(id=made["id"]).update(set__due_at=Content.objects.get(id=made["id"]).created_at)
    assert claim(made["id"])
    assert fail(made["id"])
    assert person.content(made["id"])["checks"] is None


def repeated(checks: list[dict[str, Any]]) -> dict[str, Any]:
    return next(each for each in checks if each["check"] == "repetition")


def test_a_passage_shared_with_another_text_is_reported(person: Person, http: Http) -> None:
    """At once, with its title. Texts of other users and in the trash are not compared."""
    first = person.write(title="Peas", generatedText=TEXT)
    assert repeated(first["checks"])["passed"] is True
    again = person.write(title="Beans", generatedText=f"{PARAGRAPHS['de']}\n\n{PARAGRAPHS['en']}")
    finding = repeated(again["checks"])
    assert (finding["passed"], finding["message"]) == (False, "Your text “Peas” has the same passage.")
    assert finding["spans"][0]["start"] >= len(PARAGRAPHS["de"])
    body = {"text": TEXT, "contentType": "blog"}
    assert repeated(data_of(person.call("POST", "/api/checks", body), 200, None)["checks"])["passed"] is False
    stranger = Person.register(http)
    assert repeated(stranger.write(generatedText=TEXT)["checks"])["passed"] is True
    assert repeated(data_of(stranger.call("POST", "/api/checks", body), 200, None)["checks"])["passed"] is False
    for content in (first, again):
        person.call("DELETE", f"/api/content/{content['id']}")
    assert repeated(data_of(person.call("POST", "/api/checks", body), 200, None)["checks"])["passed"] is True


def test_an_edited_text_is_not_compared_with_itself(person: Person) -> None:
    made = person.write(generatedText=TEXT)
    changed = data_of(person.call("PUT", f"/api/content/{made['id']}", {"generatedText": f"{TEXT} More."}), 200, None)
    assert repeated(changed["checks"])["passed"] is True
    replaced = {"generatedText": PARAGRAPHS["fr"]}
    data_of(person.call("PUT", f"/api/content/{made['id']}", replaced), 200, None)
    assert repeated(person.write(generatedText=TEXT)["checks"])["passed"] is True
