"""The trash: move, restore, delete permanently, purge; and bulk actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from app.clock import utcnow
from app.content.document import Content
from app.content.trash import Trash
from app.content.versions import Version
from app.services import services_of
from app.usage.document import UsageRow
from tests.attempts import claim, finish
from tests.http.answers import bad_fields, data_of, error_of
from tests.http.test_library import found, listed
from tests.person import Http, Person

MONTH = timedelta(days=30)


def delete(person: Person, content_id: str, query: str = "") -> Any:
    return person.call("DELETE", f"/api/content/{content_id}{query}")


def untrash(person: Person, content_id: str) -> Any:
    return person.call("POST", f"/api/content/{content_id}/untrash")


@pytest.fixture
def trash(app: Flask) -> Trash:
    return services_of(app).get(Trash)


def test_deleted_contents_can_be_restored_from_the_trash(person: Person) -> None:
    content = person.write(title="Bees", generatedText="All about bees.", tags=["a"])
    assert delete(person, content["id"])[0] == 204
    error_of(person.call("GET", f"/api/content/{content['id']}"), 404)
    assert (found(person), found(person, trash="true")) == ([], ["Bees"])
    (shown,) = listed(person, trash="true")["contents"]
    assert shown["deletedAt"]
    assert shown["revision"] > content["revision"]
    back = data_of(untrash(person, content["id"]), 200, None)
    assert (back["generatedText"], "deletedAt" in back) == ("All about bees.", False)
    assert back["revision"] > shown["revision"]
    assert (found(person), found(person, trash="true")) == (["Bees"], [])
    assert error_of(untrash(person, content["id"]), 409)["code"] == "not_in_trash"


def test_a_generation_cancelled_by_trashing_stays_cancelled(person: Person) -> None:
    content = person.generate()
    assert delete(person, content["id"])[0] == 204
    assert data_of(untrash(person, content["id"]), 200, None)["generationStatus"] == "cancelled"
    assert claim(content["id"]) is None


def test_only_trashed_contents_can_be_deleted_permanently(person: Person) -> None:
    """Together with their versions. Their usage is still counted."""
    content = person.generate(runAt="now")
    claim(content["id"])
    finish(content["id"])
    Version(id="row", content_id=content["id"], user_id=person.user["id"], source="edited", title="t").save()
    UsageRow.objects(id="owner").update(upsert=True, set__content_id=ObjectId(content["id"]), set__outcome="done")
    assert error_of(delete(person, content["id"], "?permanent=true"), 409)["code"] == "not_in_trash"
    assert delete(person, content["id"])[0] == 204
    error_of(delete(person, content["id"]), 404)
    assert delete(person, content["id"], "?permanent=true")[0] == 204
    error_of(delete(person, content["id"], "?permanent=true"), 404)
    error_of(untrash(person, content["id"]), 404)
    assert Content.objects(id=content["id"]).count() == 0
    assert Version.objects(content_id=content["id"]).count() == 0
    assert UsageRow.objects(content_id=content["id"]).count() == 1
    assert bad_fields(delete(person, content["id"], "?permanent=perhaps")) == ["permanent"]


def test_another_users_trash_is_not_accessible(person: Person, http: Http) -> None:
    content = person.write()
    assert delete(person, content["id"])[0] == 204
    stranger = Person.register(http)
    for answer in (untrash(stranger, content["id"]), delete(stranger, content["id"], "?permanent=true")):
        error_of(answer, 404)
    data_of(untrash(person, content["id"]), 200, None)


def test_the_purge_deletes_old_trash_and_earlier_deletions(person: Person, trash: Trash) -> None:
    titles = ("fresh", "old", "before")
    ids = {title: person.write(title=title)["id"] for title in titles}
    for each in ids.values():
        assert delete(person, each)[0] == 204
    Content.objects(id=ids["old"]).update(set__deleted_at=utcnow() - MONTH - timedelta(minutes=1))
    Content.objects(id=ids["before"]).update(unset__in_trash=1)
    assert set(found(person, trash="true")) == {"fresh", "old"}
    while trash.purge(MONTH):
        pass
    assert [each.title for each in Content.objects(user_id=person.user["id"])] == ["fresh"]


# --- bulk actions


def bulk(person: Person, action: str, ids: Any, **more: Any) -> Any:
    return person.call("POST", "/api/content/bulk", {"action": action, "ids": ids, **more})


def test_bulk_trash_restore_and_purge(person: Person, http: Http) -> None:
    ids = [person.write(title=title)["id"] for title in "abc"]
    foreign = Person.register(http).write()["id"]
    assert data_of(bulk(person, "trash", [*ids, foreign]), 200, None) == {"done": ids, "notDone": [foreign]}
    assert found(person) == []
    data_of(bulk(person, "untrash", ids[:2]), 200, None)
    assert found(person, sort="title") == ["a", "b"]
    assert data_of(bulk(person, "purge", ids), 200, None) == {"done": ids[2:], "notDone": ids[:2]}
    assert found(person, trash="true") == []


def test_bulk_tagging_and_untagging(person: Person) -> None:
    full = person.write(title="full", tags=[str(number) for number in range(10)])["id"]
    one, other = person.write(title="one", tags=["Été", "b"])["id"], person.write(title="other")["id"]
    assert data_of(bulk(person, "tag", [one, other, full], tag="ÉTÉ"), 200, None) == {
        "done": [one, other], "notDone": [full],
    }  # fmt: skip
    assert [person.content(each)["tags"] for each in (one, other)] == [["Été", "b"], ["ÉTÉ"]]
    data_of(bulk(person, "untag", [one, other], tag="été"), 200, None)
    assert [person.content(each)["tags"] for each in (one, other)] == [["b"], []]
    assert found(person, tag="Été") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ids": ["x"], "action": "trash"}, "ids.0"), ({"ids": [], "action": "trash"}, "ids"),
        ({"ids": ["5" * 24] * 501, "action": "trash"}, "ids"), ({"ids": ["5" * 24], "action": "burn"}, "action"),
        ({"ids": ["5" * 24], "action": "tag"}, "tag"),
        ({"action": "trash"}, "ids"),
    ],
)  # fmt: skip
def test_an_invalid_bulk_request_names_its_field(person: Person, body: Any, field: str) -> None:
    assert bad_fields(person.call("POST", "/api/content/bulk", body)) == [field]
