"""Editing: one atomic write based on the revision that was read, without losing any text that was shown."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from app.clock import utcnow
from app.content import editing, versions
from app.content.document import Content
from app.content.editing import Edit
from app.content.new_content import NewContent
from app.content.versions import EDITED, GENERATED, PARTIAL, REFUSED, Version
from app.errors import GenerationInProgress, NotFound, RevisionMismatch
from app.generation import transitions
from app.generation.outcomes import Later, Never
from tests.attempts import claim, fail, finish
from tests.chaos.verdict import versions_lost

pytestmark = pytest.mark.usefixtures("app")

ME = ObjectId()
NOW = utcnow()
BY_HAND = {
    "user_id": ME, "title": "Owls", "content_type": "social", "prompt": "Write about owls", "status": "draft",
    "created_at": NOW, "updated_at": NOW, "deleted": False, "attempt": 0, "tokens_used": 0,
}  # fmt: skip


def stored(**members: Any) -> ObjectId:
    """A content of an earlier release, with neither a revision nor versions."""
    inserted: ObjectId = Content._get_collection().insert_one({**BY_HAND, **members}).inserted_id
    return inserted


def requested() -> ObjectId:
    asked = {"title": "Owls", "content_type": "social", "prompt": "Write about owls"}
    content = NewContent.request(user_id=ME, due_at=NOW, max_attempts=1, request_id=None, **asked)
    content.insert()
    assert claim(content.id)
    return content.id


def put(content_id: ObjectId, session: str = "mine", only_at: int | None = None, **values: Any) -> dict[str, Any]:
    edit = Edit(str(ME), str(content_id), session, None if only_at is None else frozenset({only_at}))
    return editing.write(edit, editing.changing(values, session), of_the_text="generated_text" in values)


def kept(content_id: ObjectId) -> list[tuple[int, str, str]]:
    """Number, source and text of each version, oldest first."""
    content = Content._get_collection().find_one({"_id": content_id})
    rows = {row.id: row for row in Version.objects(content_id=content_id)}
    return [(each["n"], rows[each["row"]].source, rows[each["row"]].text) for each in content.get("versions", ())]


def age(content_id: ObjectId, minutes: float) -> None:
    Content.objects(id=content_id).update(set__text_at=utcnow() - timedelta(minutes=minutes))


def test_every_edit_is_counted() -> None:
    content_id = stored(generated_text="One.")
    assert [put(content_id, title=f"Owls {number}")["revision"] for number in range(3)] == [2, 3, 4]


def test_an_edit_of_another_revision_changes_nothing() -> None:
    content_id = stored(generated_text="One.")
    assert put(content_id, only_at=1, generated_text="Two.")["revision"] == 2
    with pytest.raises(RevisionMismatch) as refused:
        put(content_id, only_at=1, generated_text="Three.", title="Lost")
    assert refused.value.current == 2
    content = Content.objects(id=content_id).first()
    assert (content.generated_text, content.title, content.revision) == ("Two.", "Owls", 2)


def test_of_many_edits_of_one_revision_one_is_written(rounds: Callable[[int, int], int]) -> None:
    def attempt(number: int) -> bool:
        try:
            put(content_id, only_at=1, generated_text=f"Text {number}.")
        except RevisionMismatch:
            return False
        return True

    for _ in range(rounds(3, 100)):
        content_id = stored(generated_text="One.")
        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(attempt, range(8))) == 1
        assert kept(content_id) == [(1, EDITED, "One.")]


def test_edits_without_a_revision_are_all_written_and_lose_no_text() -> None:
    """Each from its own session: every text except the last becomes a version, exactly once."""
    content_id = stored(generated_text="First.")
    with ThreadPoolExecutor(8) as pool:
        edits = [pool.submit(put, content_id, f"session {n}", generated_text=f"Text {n}.") for n in range(16)]
    assert {edit.result()["revision"] for edit in edits} == set(range(2, 18))
    texts = [text for _, _, text in kept(content_id)]
    working = Content.objects(id=content_id).first().generated_text
    assert sorted([*texts, working]) == sorted(["First.", *(f"Text {n}." for n in range(16))])
    assert [number for number, _, _ in kept(content_id)] == list(range(1, 17))


def test_a_text_without_a_version_becomes_one_when_it_is_replaced() -> None:
    """A text from an earlier release, and the text of POST /content, which has not been edited yet."""
    content_id = stored(generated_text="$All about owls.")
    put(content_id, generated_text="Owls.")
    assert kept(content_id) == [(1, EDITED, "$All about owls.")]


def test_edits_of_one_session_share_a_version() -> None:
    content_id = stored(generated_text="")
    for text in ("O", "Ow", "Owl"):
        put(content_id, generated_text=text)
    assert kept(content_id) == []


def test_a_version_is_saved_after_ten_minutes_of_edits() -> None:
    content_id = stored(generated_text="")
    put(content_id, generated_text="Owls.")
    age(content_id, 9.9)
    put(content_id, generated_text="Owls hunt.")
    assert kept(content_id) == []
    age(content_id, 10.1)
    put(content_id, generated_text="Owls hunt at night.")
    assert kept(content_id) == [(1, EDITED, "Owls hunt.")]
    put(content_id, generated_text="Owls hunt at night, too.")
    assert len(kept(content_id)) == 1, "the ten minutes start again"


def test_a_text_of_another_session_is_saved_as_a_version() -> None:
    content_id = stored(generated_text="")
    put(content_id, "mine", generated_text="Mine.")
    put(content_id, "a key", generated_text="Theirs.")
    assert kept(content_id) == [(1, EDITED, "Mine.")]


def test_a_published_text_is_saved_as_a_version() -> None:
    """The published text and the one that it replaces, each only once."""
    content_id = stored(generated_text="")
    put(content_id, generated_text="Draft.")
    assert put(content_id, status="published")["version"] == 1
    put(content_id, status="draft")
    put(content_id, status="published")
    put(content_id, generated_text="Better.")
    put(content_id, status="published", generated_text="Best.")
    assert kept(content_id) == [(1, EDITED, "Draft."), (2, EDITED, "Better."), (3, EDITED, "Best.")]


def test_a_reverted_text_makes_no_new_version() -> None:
    content_id = stored(generated_text="One.")
    put(content_id, status="published")
    put(content_id, generated_text="Two.")
    put(content_id, generated_text="One.")
    put(content_id, status="published")
    assert kept(content_id) == [(1, EDITED, "One.")]


def test_a_blank_text_makes_no_version() -> None:
    content_id = stored(generated_text=" \n")
    put(content_id, status="published", generated_text="")
    assert kept(content_id) == []


def test_another_users_content_cannot_be_edited() -> None:
    content_id = stored(user_id=ObjectId())
    for absent in (content_id, ObjectId(), "x"):
        with pytest.raises(NotFound):
            put(absent, title="Mine now")  # type: ignore[arg-type]  # the last one is no id


# --- versions written by generations


def test_a_finished_text_becomes_a_version_at_once() -> None:
    content_id = requested()
    settled = finish(content_id, text="$Owls hunt.")
    assert (settled["revision"], settled["version"]) == (2, 1)
    assert kept(content_id) == [(1, GENERATED, "$Owls hunt.")]
    row = Version.objects(content_id=content_id).first()
    assert (row.job_id, row.asked) == (settled["job_id"], {"title": "Owls", "prompt": "Write about owls"})
    put(content_id, generated_text="Edited.")
    assert kept(content_id) == [(1, GENERATED, "$Owls hunt.")], "it is already a version"


def test_claims_and_failures_do_not_count_as_edits() -> None:
    content_id = requested()
    assert Content.objects(id=content_id).first().revision == 1
    assert fail(content_id)["revision"] == 1


def test_an_attempt_that_lost_its_lease_makes_no_version() -> None:
    content_id = requested()
    assert finish(content_id, owner="somebody else") is None
    assert kept(content_id) == []


def test_a_text_rejected_on_the_last_attempt_becomes_a_version() -> None:
    """It does not replace the working text."""
    content_id = requested()
    settled = transitions.settle(content_id, "worker", Never("It is too short", "too_short", refused="Owls."))
    assert settled is not None
    assert kept(content_id) == [(1, REFUSED, "Owls.")]
    assert (settled["generation_status"], settled.get("generated_text", "")) == ("failed", "")


def test_the_last_rejected_text_is_kept_if_the_last_attempt_produced_none() -> None:
    """It becomes a version when the run has failed. The next run starts without it."""
    content_id = requested()
    Content.objects(id=content_id).update(set__max_attempts=3)
    for number, text in ((1, "Owls."), (2, "Owls, owls.")):
        transitions.settle(content_id, "worker", Later("It is too short", utcnow(), refused=text))
        assert kept(content_id) == []
        assert claim(content_id, number + 1)
    transitions.settle(content_id, "worker", Never("AI service timeout"))
    assert kept(content_id) == [(1, REFUSED, "Owls, owls.")]
    assert transitions.requeue(content_id, 1)
    assert claim(content_id)
    transitions.settle(content_id, "worker", Never("AI service timeout"))
    assert len(kept(content_id)) == 1


def test_a_rejected_text_makes_no_version_if_a_later_attempt_succeeds() -> None:
    content_id = requested()
    transitions.settle(content_id, "worker", Later("It is too short", utcnow(), refused="Owls."))
    assert claim(content_id, 2, owner="another")
    finish(content_id, "another", text="Owls hunt.")
    assert kept(content_id) == [(1, GENERATED, "Owls hunt.")]


def test_a_text_written_by_hand_survives_the_next_generation() -> None:
    content_id = requested()
    fail(content_id)
    put(content_id, generated_text="By hand.")
    assert transitions.requeue(content_id, 1)
    assert claim(content_id)
    with pytest.raises(GenerationInProgress):
        put(content_id, generated_text="Too late.")
    finish(content_id, text="Generated.")
    assert kept(content_id) == [(1, EDITED, "By hand."), (2, GENERATED, "Generated.")]


def test_the_partial_text_of_a_cancelled_run_is_saved_once() -> None:
    content_id = requested()
    assert versions.append(content_id, PARTIAL, "Owls hu", "owner of the lease") == 1
    assert versions.append(content_id, PARTIAL, "Owls hu", "owner of the lease") == 1
    assert versions.append(content_id, PARTIAL, " ", "another") is None
    assert versions.append(ObjectId(), PARTIAL, "Owls hu", "another") is None
    assert kept(content_id) == [(1, PARTIAL, "Owls hu")]
    assert Content.objects(id=content_id).first().revision == 1


def test_the_partial_text_of_a_cancelled_run_has_its_job_id() -> None:
    """Although the content has a new run by then."""
    content_id = requested()
    run = Content._get_collection().find_one({"_id": content_id})
    Content.objects(id=content_id).update(set__job_id=str(ObjectId()), set__asked={"title": "A", "prompt": "B"})
    versions.append(content_id, PARTIAL, "Owls hu", "the owner of a lease", run)
    row = Version.objects(id="the owner of a lease").first()
    assert (row.job_id, row.asked) == (run["job_id"], run["asked"])


# --- the limit of versions


def test_edited_versions_are_removed_first_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest first, except the one that holds the working text; if none is left, the oldest version of all."""
    monkeypatch.setattr(versions, "MOST_VERSIONS", 3)
    content_id = requested()
    finish(content_id, text="Generated.")
    for number in range(4):
        put(content_id, f"session {number}", generated_text=f"Edit {number}.", status="published")
    assert kept(content_id) == [(1, GENERATED, "Generated."), (4, EDITED, "Edit 2."), (5, EDITED, "Edit 3.")]
    for number in range(3):
        versions.append(content_id, PARTIAL, "Owls", f"row {number}")
    assert [number for number, _, _ in kept(content_id)] == [5, 7, 8]
    assert Content.objects(id=content_id).first().version == 8


def test_rows_without_a_version_are_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day later, because until then a row may belong to a write in progress."""
    monkeypatch.setattr(versions, "MOST_VERSIONS", 2)
    content_id = stored(generated_text="")
    for number in range(4):
        put(content_id, f"session {number}", generated_text=f"Edit {number}.", status="published")
    assert Version.objects(content_id=content_id).count() == 4
    Version.objects(content_id=content_id).update(set__created_at=utcnow() - timedelta(days=2))
    put(content_id, title="Owls at night")
    assert [text for _, _, text in kept(content_id)] == [row.text for row in Version.objects(content_id=content_id)]


def test_versions_are_erased_with_their_content() -> None:
    content_id, other = stored(generated_text="One."), stored(generated_text="One.")
    for each in (content_id, other):
        put(each, status="published")
    versions.erase([content_id])
    assert [row.content_id for row in Version.objects(content_id__in=[content_id, other])] == [other]


def test_the_chaos_drill_detects_lost_versions() -> None:
    """Completed texts without a version, and versions without a row, as counted by `make chaos`."""
    content_id = requested()
    finish(content_id, text="Owls hunt.")

    def lost() -> int:
        return versions_lost([Content._get_collection().find_one({"_id": content_id})], Version._get_collection())

    assert lost() == 0
    Version.objects(content_id=content_id).update(set__text="Something else.")
    assert lost() == 1
    versions.erase([content_id])
    assert lost() == 2
