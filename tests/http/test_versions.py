"""The versions of a content over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import ANY

import pytest
from werkzeug.test import Client

from app.clock import utcnow
from app.content import version_history
from app.content.document import Content
from app.generation import transitions
from app.generation.outcomes import Never
from app.usage.document import Call, UsageRow
from app.usage.tokens import TokenUsage
from tests.attempts import claim, finish
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import Http, Person

pytestmark = pytest.mark.usefixtures("documents")

VERSION_KEYS = {
    "number", "source", "title", "words", "excerpt", "model", "usage", "checks", "jobId", "createdAt",
}  # fmt: skip
NO_USAGE = {"calls": 0, "inputTokens": 0, "outputTokens": 0, "thinkingTokens": 0, "cost": None}


class Piece:
    """A content, with methods for its version requests."""

    def __init__(self, person: Person, content_id: str) -> None:
        self.person, self.id, self.path = person, content_id, f"/api/content/{content_id}"

    @classmethod
    def written(cls, person: Person, text: str = "") -> Piece:
        return cls(person, person.write(generatedText=text)["id"])

    def put(self, **changes: Any) -> dict[str, Any]:
        return dict(data_of(self.person.call("PUT", self.path, changes), 200, None))

    def save(self, status: int = 201) -> dict[str, Any]:
        return dict(data_of(self.person.call("POST", f"{self.path}/versions"), status, None))

    def versions(self, query: str = "") -> list[dict[str, Any]]:
        answer = self.person.call("GET", f"{self.path}/versions{query}")
        return list(data_of(answer, 200, "Versions retrieved successfully")["versions"])

    def version(self, number: int) -> dict[str, Any]:
        answer = self.person.call("GET", f"{self.path}/versions/{number}")
        return dict(data_of(answer, 200, "Version retrieved successfully"))

    def restore(self, number: int) -> dict[str, Any]:
        answer = self.person.call("POST", f"{self.path}/versions/{number}/restore")
        return dict(data_of(answer, 200, "Version restored"))


@pytest.fixture
def piece(person: Person) -> Piece:
    return Piece.written(person, "All about bees.")


def generation(person: Person) -> Piece:
    """A content with a running attempt."""
    piece = Piece(person, person.generate("Write about bees")["id"])
    Content.objects(id=piece.id).update(set__due_at=utcnow())
    assert claim(piece.id)
    return piece


def test_saving_the_text_as_a_version(piece: Piece) -> None:
    """Only once: saving the same text again creates no second version."""
    assert piece.versions() == []
    saved = data_of(piece.person.call("POST", f"{piece.path}/versions", {}), 201, "Version saved")
    assert set(saved) == VERSION_KEYS
    assert (saved["number"], saved["source"], saved["title"], saved["words"]) == (1, "edited", "Bees", 3)
    assert (saved["excerpt"], saved["model"], saved["jobId"]) == ("All about bees.", None, None)
    assert saved["usage"] == NO_USAGE
    assert {"check", "passed", "message", "spans"} <= set(saved["checks"][0])
    again = data_of(piece.person.call("POST", f"{piece.path}/versions"), 200, "Nothing new to save")
    assert again == saved
    assert piece.versions() == [saved]
    assert piece.person.content(piece.id)["version"] == 1
    assert piece.person.content(piece.id)["revision"] == 1, "saving a version is not an edit"


def test_an_empty_text_is_not_saved_as_a_version(person: Person) -> None:
    error = error_of(person.call("POST", f"{Piece.written(person).path}/versions"), 409)
    assert error["code"] == "nothing_to_save"


def test_an_emptied_text_is_not_saved_even_if_it_has_versions(piece: Piece) -> None:
    piece.save()
    piece.put(generatedText=" ")
    error = error_of(piece.person.call("POST", f"{piece.path}/versions"), 409)
    assert error["code"] == "nothing_to_save"
    assert [each["number"] for each in piece.versions()] == [1]
    piece.restore(1)
    assert piece.person.content(piece.id)["generatedText"] == "All about bees."


def test_a_version_is_shown_with_its_text(piece: Piece) -> None:
    piece.save()
    shown = piece.version(1)
    assert set(shown) == VERSION_KEYS | {"text", "asked"}
    assert (shown["text"], shown["asked"]) == ("All about bees.", None)


def test_versions_come_in_pages_newest_first(piece: Piece) -> None:
    for number in range(5):
        piece.put(generatedText=f"Text {number}.")
        piece.save()
    assert [each["excerpt"] for each in piece.versions("?limit=2&page=2")] == ["Text 2.", "Text 1."]
    page = piece.person.call("GET", f"{piece.path}/versions?limit=4&page=2")[1]["data"]["pagination"]
    assert page == {"total": 6, "page": 2, "totalPages": 2, "limit": 4}
    assert bad_fields(piece.person.call("GET", f"{piece.path}/versions?limit=0&page=x")) == ["limit", "page"]


def test_versions_of_generated_texts_have_request_and_cost(person: Person) -> None:
    piece = generation(person)
    content = Content.objects(id=piece.id).first()
    call = Call("worker", content.user_id, content.id, content.job_id, "blog", 1, "gemini-2.5-flash", 5)
    UsageRow.objects(id="worker").delete()
    UsageRow.open(call)
    UsageRow.complete("worker", "done", TokenUsage(10, 20, 30))
    finish(piece.id, text="Bees dance.")
    (version,) = piece.versions()
    assert (version["number"], version["source"], version["jobId"]) == (1, "generated", content.job_id)
    assert version["model"] == "gemini-2.5-flash"
    used = {"calls": 1, "inputTokens": 10, "outputTokens": 20, "thinkingTokens": 30, "cost": ANY}
    assert version["usage"] == used
    assert version["usage"]["cost"] == {"amount": 0.000128, "currency": "USD"}
    asked = piece.version(1)["asked"]
    assert (asked["title"], asked["prompt"]) == ("Bees", "Write about bees")
    piece.put(generatedText="Mine.")
    assert piece.save()["usage"] == NO_USAGE, "a text edited by hand costs nothing"


def test_a_rejected_text_can_be_restored(person: Person) -> None:
    piece = generation(person)
    assert transitions.settle(piece.id, "worker", Never("It is too short", "too_short", refused="Bees."))
    assert [each["source"] for each in piece.versions()] == ["refused"]
    assert piece.restore(1)["generatedText"] == "Bees."


def test_restoring_a_version(piece: Piece) -> None:
    """Its text becomes a new version, the replaced text is kept, and older versions do not change."""
    piece.save()
    before = piece.version(1)
    piece.put(generatedText="Something else.")
    content = piece.restore(1)
    assert (content["generatedText"], content["version"], content["revision"]) == ("All about bees.", 3, 3)
    shown = [(each["number"], each["source"], each["excerpt"]) for each in piece.versions()]
    assert shown == [
        (3, "restored", "All about bees."),
        (2, "edited", "Something else."),
        (1, "edited", "All about bees."),
    ]
    assert piece.version(1) == before
    assert piece.save(200)["number"] == 3


def test_an_outdated_editor_does_not_undo_a_restore(piece: Piece, new_client: Callable[[], Client]) -> None:
    """Its next save is based on an older revision."""
    piece.save()
    piece.put(generatedText="Two.")
    headers = piece.person.headers | {"If-Match": '"2"'}
    path = f"{piece.path}/versions/1/restore"
    restored = new_client().post(path, headers=headers)
    assert (restored.status_code, restored.headers["ETag"]) == (200, '"3"')
    late = new_client().put(piece.path, json={"generatedText": "Two, and more."}, headers=headers)
    assert (late.status_code, late.get_json()["currentRevision"]) == (412, 3)
    assert new_client().post(path, headers=headers).status_code == 412
    assert piece.person.content(piece.id)["generatedText"] == "All about bees."


def test_a_version_cannot_be_restored_during_a_generation(person: Person) -> None:
    piece = generation(person)
    finish(piece.id)
    Content.objects(id=piece.id).update(set__generation_status="pending")
    error = error_of(person.call("POST", f"{piece.path}/versions/1/restore"), 409)
    assert error["code"] == "generation_in_progress"


@pytest.mark.parametrize("number", ["0", "3", "99999999999999999999999", "-1", "1.0", "x"])
def test_a_version_that_does_not_exist_is_404(piece: Piece, number: str) -> None:
    piece.save()
    for method, path in (("GET", number), ("POST", f"{number}/restore")):
        assert error_of(piece.person.call(method, f"{piece.path}/versions/{path}"), 404)["code"] == "not_found"


def test_versions_are_only_shown_to_their_owner(piece: Piece, http: Http) -> None:
    """404 for other users, even through a content of theirs. Trashed contents do not show them either."""
    piece.save()
    stranger = Person.register(http)
    other = Piece.written(stranger)
    routes = (("GET", ""), ("POST", ""), ("GET", "/1"), ("POST", "/1/restore"))
    for method, path in routes:
        assert error_of(stranger.call(method, f"{piece.path}/versions{path}"), 404)["message"] == "Content not found"
    for method, path in routes[2:]:
        assert error_of(stranger.call(method, f"{other.path}/versions{path}"), 404)["message"] == "Version not found"
    assert piece.person.call("DELETE", piece.path)[0] == 204
    assert [piece.person.call(method, f"{piece.path}/versions{path}")[0] for method, path in routes] == [404] * 4


def test_a_long_text_is_excerpted_between_words(person: Person) -> None:
    piece = Piece.written(person, "Bees \n\n dance " + "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 200)
    excerpt = piece.save()["excerpt"]
    assert excerpt.startswith("Bees dance \U0001f469")
    assert len(excerpt) <= 200
    assert (len(excerpt) - len("Bees dance ")) % 5 == 0, "the family emoji is not split"


def test_comparing_two_versions(piece: Piece, http: Http) -> None:
    piece.save()
    piece.put(generatedText="All about wasps.")
    piece.save()
    answer = piece.person.call("GET", f"{piece.path}/versions/1/diff/2")
    changes = [(each["op"], each["text"]) for each in data_of(answer, 200, "Versions compared")["changes"]]
    assert changes == [("equal", "All about "), ("delete", "bees"), ("insert", "wasps"), ("equal", ".")]
    same = piece.person.call("GET", f"{piece.path}/versions/2/diff/2")[1]["data"]["changes"]
    assert same == [{"op": "equal", "text": "All about wasps."}]
    for path in ("1/diff/3", "3/diff/1", "1/diff/x"):
        assert (
            error_of(piece.person.call("GET", f"{piece.path}/versions/{path}"), 404)["message"] == "Version not found"
        )
    error_of(Person.register(http).call("GET", f"{piece.path}/versions/1/diff/2"), 404)


def test_texts_too_long_to_compare_are_rejected_quickly(piece: Piece, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such texts are older than the length limit."""
    piece.save()
    monkeypatch.setattr(version_history, "LONGEST_COMPARED", 20)
    assert bad_fields(piece.person.call("GET", f"{piece.path}/versions/1/diff/1")) == ["versions"]
