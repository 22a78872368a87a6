"""Batches over HTTP: accepted completely or not at all, executed once, paused, cancelled, retried and exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis

from app.batches.document import Batch, rows_at, without_rows
from app.batches.maker import BatchMaker
from app.batches.open_batch_limit import MOST_OPEN, insert
from app.batches.service import Batches
from app.clock import iso, utcnow
from app.content.document import Content
from app.generation import holding
from app.generation.requeue import Requeues
from app.generation.waiting_limit import WaitingTurn
from app.library_errors import TooManyBatches
from app.outbox import entries
from app.outbox.entries import Entry
from app.realtime.event_log import stream_of
from app.realtime.events import payload_of
from app.services import services_of
from tests.attempts import claim, fail, finish
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import Http, Person
from tests.round_trips import counted

ROWS = [{"product_name": name, "features": "good"} for name in ("Apron", "=Mug", "Lamp")]

Make = Callable[[], None]
"""Creates the content of a row."""
OnEachRow = Callable[[Callable[[Any, Make], None]], None]


def ordered(person: Person, items: Any = ROWS, **more: Any) -> Any:
    return person.call("POST", "/api/batches", {"templateId": "product-short", "items": items, **more})


@pytest.fixture
def maker(app: Flask) -> BatchMaker:
    return services_of(app).get(BatchMaker)


@pytest.fixture
def on_each_row(maker: BatchMaker, monkeypatch: pytest.MonkeyPatch) -> OnEachRow:
    """Has the maker call a function with each row and what creates its content."""
    make_row = maker._make_row

    def replace(call: Callable[[Any, Make], None]) -> None:
        monkeypatch.setattr(maker, "_make_row", lambda batch, row: call(row, partial(make_row, batch, row)))

    return replace


def only_make(_row: Any, make: Make) -> None:
    make()


@pytest.fixture
def batch(person: Person, maker: BatchMaker) -> dict[str, Any]:
    """A batch of three rows whose contents have been created."""
    accepted: dict[str, Any] = data_of(ordered(person), 202, None)
    maker.look()
    return accepted


def counts(person: Person, batch_id: str) -> dict[str, int]:
    shown = data_of(person.call("GET", f"/api/batches/{batch_id}"), 200, None)["counts"]
    assert shown["total"] == sum(count for name, count in shown.items() if name != "total")
    return {name: count for name, count in shown.items() if count and name != "total"}


def turned(person: Person, batch_id: str, action: str) -> Any:
    return person.call("POST", f"/api/batches/{batch_id}/{action}")


def contents(batch_id: str) -> list[Any]:
    return list(Content.objects(batch_id=batch_id).order_by("created_at", "id"))


def test_each_row_becomes_one_content_even_if_processed_twice(person: Person, maker: BatchMaker) -> None:
    accepted = data_of(ordered(person), 202, None)
    assert (accepted["counts"]["pending"], accepted["counts"]["total"], contents(accepted["id"])) == (3, 3, [])
    maker.look()
    maker.look()
    made = contents(accepted["id"])
    assert [each.title for each in made] == ["Apron", "=Mug", "Lamp"]
    listed = person.call("GET", f"/api/content?batchId={accepted['id']}")[1]["data"]
    assert listed["pagination"]["total"] == 3
    assert listed["contents"][0]["batchId"] == accepted["id"]


def test_a_batch_queues_separately_from_the_waiting_limit(app: Flask, person: Person, batch: Any) -> None:
    redis = services_of(app).get(Redis)
    scheduled = redis.zrange("rq:scheduler:scheduled_jobs", 0, -1)
    assert sum(name.startswith(batch["id"].encode()) for name in scheduled) == 3  # type: ignore[union-attr]  # redis-py's types cover its async client, too
    assert WaitingTurn.seen(ObjectId(person.user["id"]), 1).waiting == 0


def test_counts_and_items_match_the_rows(person: Person, maker: BatchMaker, batch: Any) -> None:
    first, second, third = contents(batch["id"])
    for each in (first, second):
        assert claim(each.id)
    finish(first.id)
    fail(second.id)
    assert counts(person, batch["id"]) == {"completed": 1, "failed": 1, "pending": 1}
    items = data_of(person.call("GET", f"/api/batches/{batch['id']}/items"), 200, None)["items"]
    assert [(each["row"], each["status"], each["values"]["product_name"]) for each in items] == [
        (1, "completed", "Apron"), (2, "failed", "=Mug"), (3, "pending", "Lamp"),
    ]  # fmt: skip
    failed = Content.objects.get(id=second.id)
    assert items[1]["failureCode"] == failed.failure_code is not None
    assert claim(third.id)
    finish(third.id)
    maker.look()
    assert data_of(person.call("GET", f"/api/batches/{batch['id']}"), 200, None)["state"] == "finished"
    retried = data_of(turned(person, batch["id"], "retry-failed"), 202, None)
    assert (retried["state"], retried["counts"]["pending"]) == ("running", 1)
    assert error_of(turned(person, batch["id"], "retry-failed"), 409)["code"] == "batch_finished"


def test_the_owner_receives_progress_and_end_events(app: Flask, person: Person, maker: BatchMaker, batch: Any) -> None:
    for each in contents(batch["id"]):
        claim(each.id)
        finish(each.id)
        maker.look()
    maker.look()
    events: Any = services_of(app).get(Redis).xrange(stream_of(person.user["id"]))
    told = [members[b"event"] for _, members in events if members[b"event"].startswith(b"batch:")]
    assert told[-1] == b"batch:finished"
    assert told.count(b"batch:finished") == 1
    assert b"batch:progress" in told


class Died(BaseException):
    """Simulates a crash; nothing in the product catches it."""


@pytest.mark.parametrize("first", [True, False], ids=["after it was told", "before"])
def test_the_end_event_is_sent_once_whenever_the_worker_dies(
    app: Flask, person: Person, maker: BatchMaker, batch: Any, monkeypatch: pytest.MonkeyPatch, *, first: bool
) -> None:
    """Killed before publishing the event, and between publishing it and recording that."""
    done = contents(batch["id"])[0]
    claim(done.id)
    finish(done.id)
    assert turned(person, batch["id"], "cancel")[0] == 200
    tell = maker._tell

    def tell_and_die(entry: Any, document: Any) -> None:
        if first:
            tell(entry, document)
        raise Died

    monkeypatch.setattr(maker, "_tell", tell_and_die)
    with pytest.raises(Died):
        maker.look()
    monkeypatch.setattr(maker, "_tell", tell)
    assert Batch.objects(id=batch["id"], unfinished=True)
    done.delete()  # the counts differ now, but it is the same end event
    for _ in range(2):
        maker.look()
    assert not Batch.objects(id=batch["id"], unfinished=True)
    events: Any = services_of(app).get(Redis).xrange(stream_of(person.user["id"]))
    assert [members[b"event"] for _, members in events].count(b"batch:finished") == 1


def test_listing_batches_does_not_read_their_rows(app: Flask, person: Person, batch: Any) -> None:
    """And takes as many queries for two as for one."""
    (found,) = without_rows({"_id": ObjectId(batch["id"])})
    assert (found["total"], {"rows", "template"} & set(found)) == (3, set())
    batches, asked = services_of(app).get(Batches), []
    for total in (1, 2):
        with counted() as queries:
            assert batches.page(person.user["id"], 1, 50)[1] == total
        asked.append(queries.counts)
        ordered(person)
    assert asked[0] == asked[1]


def test_a_page_of_rows_reads_only_those(person: Person, batch: Any) -> None:
    assert [row["values"]["product_name"] for row in rows_at(ObjectId(batch["id"]), [2, 0])] == ["Lamp", "Apron"]
    page = data_of(person.call("GET", f"/api/batches/{batch['id']}/items?limit=2&page=2"), 200, None)
    assert [(each["row"], each["values"]["product_name"]) for each in page["items"]] == [(3, "Lamp")]
    assert (page["pagination"]["total"], page["pagination"]["totalPages"]) == (3, 2)
    beyond = data_of(person.call("GET", f"/api/batches/{batch['id']}/items?limit=2&page=3"), 200, None)
    assert beyond["items"] == []


def test_concurrent_requests_start_at_most_three_batches() -> None:
    """MongoDB's unique index decides races for the last places, and a finished batch frees its place."""
    me = ObjectId()

    def send(_: int) -> bool:
        try:
            insert(dict(Batch(id=ObjectId(), user_id=me, name="Three", made=True).to_mongo()))
        except TooManyBatches:
            return False
        return True

    with ThreadPoolExecutor(8) as senders:
        assert sum(senders.map(send, range(16))) <= MOST_OPEN
    while send(0):
        pass
    places = sorted(each.place for each in Batch.objects(user_id=me))
    assert places == list(range(MOST_OPEN))
    Batch.objects(user_id=me, place=1).update(unset__unfinished=True, unset__place=True)
    assert [send(0), send(0)] == [True, False]
    Batch.objects(user_id=me).delete()


def test_a_paused_batch_starts_nothing_until_resumed(person: Person, maker: BatchMaker, batch: Any) -> None:
    first, second, _ = contents(batch["id"])
    claim(first.id)
    assert data_of(turned(person, batch["id"], "pause"), 200, None)["state"] == "paused"
    assert claim(second.id) is None
    assert finish(first.id)
    maker.look()
    assert claim(second.id) is None
    assert data_of(turned(person, batch["id"], "resume"), 200, None)["state"] == "running"
    assert claim(second.id)


def test_a_text_deleted_for_good_is_not_written_again(
    person: Person, maker: BatchMaker, on_each_row: OnEachRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Although the worker died before it had created the other rows."""
    accepted = data_of(ordered(person), 202, None)["id"]

    def make_and_die(row: Any, make: Make) -> None:
        if row["values"]["product_name"] == "=Mug":
            raise Died
        make()

    monkeypatch.setattr("app.batches.maker.CHUNK", 1)
    on_each_row(make_and_die)
    with pytest.raises(Died):
        maker.look()
    on_each_row(only_make)
    (first,) = contents(accepted)
    for query in ("", "?permanent=true"):
        assert person.call("DELETE", f"/api/content/{first.id}{query}")[0] == 204
    assert counts(person, accepted) == {"cancelled": 1, "pending": 2}
    items = data_of(person.call("GET", f"/api/batches/{accepted}/items?status=cancelled"), 200, None)["items"]
    assert [(each["row"], each["contentId"]) for each in items] == [(1, None)]
    maker.look()
    made = contents(accepted)
    assert [each.title for each in made] == ["=Mug", "Lamp"]
    for each in made:
        claim(each.id)
        finish(each.id)
    maker.look()
    assert data_of(person.call("GET", f"/api/batches/{accepted}"), 200, None)["state"] == "finished"


@pytest.mark.parametrize(("action", "left"), [("pause", {"pending": 3}), ("cancel", {"cancelled": 3})])
def test_nothing_starts_if_the_batch_is_stopped_while_its_texts_are_created(
    person: Person, maker: BatchMaker, on_each_row: OnEachRow, action: str, left: Any
) -> None:
    accepted = data_of(ordered(person), 202, None)["id"]

    def stop_and_make(row: Any, make: Make) -> None:
        assert turned(person, accepted, action)[0] == 200
        make()
        assert claim(row["id"]) is None

    on_each_row(stop_and_make)
    maker.look()
    assert [claim(each.id) for each in contents(accepted)] == [None] * 3
    assert counts(person, accepted) == left


def test_no_text_is_left_waiting_if_the_batch_ends_while_a_worker_creates_its_texts(
    person: Person, maker: BatchMaker, on_each_row: OnEachRow
) -> None:
    accepted = data_of(ordered(person), 202, None)["id"]

    def freeze_make_and_die(row: Any, make: Make) -> None:
        if row["values"]["product_name"] == "=Mug":
            on_each_row(only_make)
            assert turned(person, accepted, "cancel")[0] == 200
            maker.look()  # as another worker does
            assert person.call("DELETE", f"/api/batches/{accepted}")[0] == 204
            make()
            raise Died
        make()

    on_each_row(freeze_make_and_die)
    with pytest.raises(Died):
        maker.look()
    assert [each.generation_status for each in contents(accepted)] == ["cancelled"] * 3


def test_a_batch_only_ends_once_a_chunk_that_was_begun_is_complete(person: Person, maker: BatchMaker) -> None:
    accepted = data_of(ordered(person), 202, None)["id"]
    Batch.objects(id=accepted).update(state="cancelled", begun_rows=2)
    maker._report(ObjectId(accepted))
    assert Batch.objects(id=accepted, unfinished=True)
    maker.look()
    assert [each.generation_status for each in contents(accepted)] == ["cancelled"] * 2
    assert not Batch.objects(id=accepted, unfinished=True)


def test_no_text_is_created_for_an_account_deleted_meanwhile(
    person: Person, maker: BatchMaker, on_each_row: OnEachRow
) -> None:
    accepted = data_of(ordered(person), 202, None)["id"]

    def erase_and_make(_row: Any, make: Make) -> None:
        for document in (Batch, Content):
            document.objects(user_id=person.user["id"]).delete()
        make()

    on_each_row(erase_and_make)
    maker.look()
    assert contents(accepted) == []


def test_nothing_starts_if_the_batch_is_paused_while_it_is_resumed(
    person: Person, batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned(person, batch["id"], "pause")
    release = holding.release

    def release_and_pause(batch_id: Any) -> Any:
        Batch.objects(id=batch_id).update(state="paused")  # as another process does
        return release(batch_id)

    monkeypatch.setattr(holding, "release", release_and_pause)
    turned(person, batch["id"], "resume")
    assert [claim(each.id) for each in contents(batch["id"])] == [None] * 3


def test_single_texts_of_a_paused_batch_are_generated_on_request(person: Person, maker: BatchMaker, batch: Any) -> None:
    first, second, third = contents(batch["id"])
    claim(first.id)
    finish(first.id)
    turned(person, batch["id"], "pause")
    assert [person.content(str(each.id))["dueAt"] for each in (second, third)] == [None, None]
    now = data_of(person.call("POST", f"/api/content/{second.id}/run-now"), 200, None)
    later = iso(utcnow() + timedelta(days=3))
    again = data_of(person.call("POST", f"/api/content/{first.id}/generate", {"runAt": later}), 202, None)
    assert (now["position"], again["dueAt"], again["position"]) == (0, later, 1)
    assert WaitingTurn.seen(ObjectId(person.user["id"]), 9).waiting == 2
    maker.look()
    assert claim(second.id)
    assert claim(third.id) is None
    assert person.content(str(first.id))["dueAt"] == later
    turned(person, batch["id"], "pause")  # it is paused already
    assert person.content(str(first.id))["dueAt"] == later
    turned(person, batch["id"], "resume")
    assert claim(third.id)
    turned(person, batch["id"], "pause")
    assert person.content(str(first.id))["dueAt"] is None
    turned(person, batch["id"], "resume")
    assert person.content(str(first.id))["dueAt"] == later


def test_a_batch_paused_by_the_previous_release_can_be_resumed(person: Person, maker: BatchMaker, batch: Any) -> None:
    in_ten_years = utcnow() + timedelta(days=3652)
    Content.objects(batch_id=batch["id"]).update(due_at=in_ten_years, wake_at=in_ten_years, unset__queue_owner=True)
    Batch.objects(id=batch["id"]).update(state="paused")
    maker.look()
    turned(person, batch["id"], "resume")
    assert [claim(each.id) is not None for each in contents(batch["id"])] == [True] * 3


def test_failed_texts_of_a_paused_batch_wait_until_it_is_resumed(
    person: Person, maker: BatchMaker, batch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = contents(batch["id"])
    claim(first.id)
    fail(first.id)
    turned(person, batch["id"], "pause")
    make_pending = Requeues.make_pending

    def make_pending_and_claim(*arguments: Any, **options: Any) -> Any:
        requeued = make_pending(*arguments, **options)
        assert claim(first.id) is None
        return requeued

    with monkeypatch.context() as patched:
        patched.setattr(Requeues, "make_pending", make_pending_and_claim)
        assert data_of(turned(person, batch["id"], "retry-failed"), 202, None)["state"] == "paused"
    assert claim(first.id) is None
    turned(person, batch["id"], "resume")
    for each in (first, *others):
        claim(each.id)
        fail(each.id)
    Batch.objects(id=batch["id"]).update(state="paused")
    maker.look()  # it ends
    assert data_of(turned(person, batch["id"], "retry-failed"), 202, None)["state"] == "running"
    assert claim(first.id)


def test_a_text_that_an_operator_requeues_is_generated_although_its_batch_is_paused(
    app: Flask, person: Person, maker: BatchMaker, batch: Any
) -> None:
    first, second, _ = contents(batch["id"])
    claim(first.id)
    fail(first.id)
    turned(person, batch["id"], "pause")
    assert not isinstance(services_of(app).get(Requeues).one(str(first.id), 3), str)
    maker.look()
    assert claim(first.id)
    assert claim(second.id) is None


def test_a_cancelled_batch_starts_nothing_more(person: Person, maker: BatchMaker) -> None:
    accepted = data_of(ordered(person), 202, None)["id"]
    assert data_of(turned(person, accepted, "cancel"), 200, None)["counts"]["cancelled"] == 3
    maker.look()
    assert (contents(accepted), counts(person, accepted)) == ([], {"cancelled": 3})
    data_of(turned(person, accepted, "cancel"), 200, None)
    assert error_of(turned(person, accepted, "resume"), 409)["code"] == "batch_finished"


def test_running_generations_are_cancelled_too(person: Person, batch: Any) -> None:
    first, *_ = contents(batch["id"])
    claim(first.id)
    data_of(turned(person, batch["id"], "cancel"), 200, None)
    assert finish(first.id) is None
    assert counts(person, batch["id"]) == {"cancelled": 3}


def test_bad_rows_reject_the_batch_and_are_all_named(person: Person) -> None:
    items = [*ROWS, {"product_name": "x"}, {"product_name": "", "features": "f"}, {**ROWS[0], "colour": "red"}, 7]
    named = ["rows.4.features", "rows.5.product_name", "rows.6.colour", "rows.7"]
    assert bad_fields(ordered(person, items)) == named
    dry = data_of(ordered(person, items, dryRun=True), 200, None)
    assert [row["ok"] for row in dry["rows"]] == [True] * 3 + [False] * 4
    assert dry["counts"] == {"total": 7, "ok": 3, "bad": 4}
    assert data_of(person.call("GET", "/api/batches"), 200, None)["batches"] == []


def test_all_invalid_fields_are_named(person: Person) -> None:
    assert len(bad_fields(ordered(person, [{"product_name": "x"}] * 500))) == 500
    assert bad_fields(ordered(person, [ROWS[0]] * 501)) == ["items"]
    assert bad_fields(ordered(person, [])) == ["items"]
    assert bad_fields(ordered(person, ROWS, colour="red")) == ["colour"]
    for value in ("", " ", {}, [], 0, False):
        for field in ("name", "templateId"):
            assert bad_fields(ordered(person, ROWS, dryRun=True, **{field: value})) == [field]


def test_items_may_be_whole_requests(person: Person, maker: BatchMaker) -> None:
    item = {"title": "Bees", "contentType": "blog", "prompt": "About bees", "tags": ["a"], "brief": {"words": 50}}
    accepted = data_of(person.call("POST", "/api/batches", {"items": [item]}), 202, None)
    maker.look()
    (content,) = contents(accepted["id"])
    assert (content.title, content.tags, content.brief) == ("Bees", ["a"], {"words": 50})
    bad = {"items": [item, {**item, "brief": {"words": 1}}, {**item, "title": ""}]}
    assert bad_fields(person.call("POST", "/api/batches", bad)) == ["rows.2.brief", "rows.3.title"]
    whole = {"title": "Bees", "contentType": "blog", "prompt": "About bees", "brief": None}
    bad = {"items": [whole, whole | {"tags": None}, whole | {"title": None}]}
    assert bad_fields(person.call("POST", "/api/batches", bad)) == ["rows.2.tags", "rows.3.title"]


def test_a_file_is_read_and_its_rows_counted_below_the_header(new_client: Any, person: Person) -> None:
    def sent(data: bytes, **form: str) -> Any:
        body = {"file": (io.BytesIO(data), "ours.csv"), "templateId": "product-short", **form}
        answer = new_client().post("/api/batches", data=body, headers=person.headers)
        return answer.status_code, answer.get_json()

    data = 'Product name;FEATURES;SKU\r\nSchürze;"a\nb";1\r\nMug;;2\r\n'.encode("cp1252")
    assert bad_fields(sent(data)) == ["rows.2.features"]
    dry = data_of(sent(data, dryRun="true"), 200, None)
    assert (dry["encoding"], dry["delimiter"], dry["ignoredColumns"]) == ("cp1252", ";", ["SKU"])
    assert dry["rows"][0]["title"] == "Schürze"
    assert data_of(sent(data.replace(b"Mug;;", b"Mug;c;")), 202, None)["counts"]["total"] == 2


def test_a_long_form_field_is_checked_as_such(new_client: Any, person: Person) -> None:
    """Not by werkzeug's own limit of half a megabyte for all fields."""
    columns = "a" * 600_000
    body = {"file": (io.BytesIO(b"a\nb\n"), "ours.csv"), "templateId": "product-short", "columns": columns}
    answer = new_client().post("/api/batches", data=body, headers=person.headers)
    assert bad_fields((answer.status_code, answer.get_json())) == ["columns"]


def test_variables_may_be_spelt_with_combining_marks(person: Person, maker: BatchMaker) -> None:
    template = {"name": "Sizes", "contentType": "social", "title": "Größe {{größe}}", "prompt": "About {{größe}}"}
    made = data_of(person.call("POST", "/api/templates", template), 201, None)
    items = [{"gro\u0308ße": "XL"}]
    accepted = data_of(person.call("POST", "/api/batches", {"templateId": made["id"], "items": items}), 202, None)
    maker.look()
    assert [each.title for each in contents(accepted["id"])] == ["Größe XL"]


def test_a_user_has_at_most_three_unfinished_batches(person: Person) -> None:
    ids = [data_of(ordered(person), 202, None)["id"] for _ in range(3)]
    assert error_of(ordered(person), 409)["code"] == "too_many_batches"
    stranger_path = f"/api/batches/{ids[0]}"
    for each in ids:
        data_of(turned(person, each, "cancel"), 200, None)
    assert person.call("GET", stranger_path)[0] == 200


def test_a_key_that_may_request_batches_may_stop_them(person: Person, http: Http) -> None:
    key = data_of(person.call("POST", "/api/auth/keys", {"name": "Shop", "scopes": ["generate"]}), 201, None)["key"]
    headers = {"Authorization": f"Bearer {key}"}
    body = {"templateId": "product-short", "items": ROWS}
    batch_id = data_of(http("POST", "/api/batches", body, headers), 202, None)["id"]
    for action in ("pause", "resume", "cancel"):
        assert http("POST", f"/api/batches/{batch_id}/{action}", None, headers)[0] == 200


def test_another_users_batch_is_not_accessible(person: Person, batch: Any, http: Http) -> None:
    stranger = Person.register(http)
    for path in ("", "/items", "/export?format=csv"):
        error_of(stranger.call("GET", f"/api/batches/{batch['id']}{path}"), 404)
    for action in ("pause", "resume", "cancel", "retry-failed"):
        error_of(turned(stranger, batch["id"], action), 404)
    assert counts(person, batch["id"]) == {"pending": 3}


def test_exported_results_contain_no_spreadsheet_formulas(new_client: Any, person: Person, batch: Any) -> None:
    first = contents(batch["id"])[0]
    claim(first.id)
    finish(first.id, text="@SUM(1)\nsecond line")
    answer = new_client().get(f"/api/batches/{batch['id']}/export?format=csv", headers=person.headers)
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [row["product_name"] for row in rows] == ["Apron", "'=Mug", "Lamp"]
    assert rows[0]["text"] == "'@SUM(1)\nsecond line"
    zipped = new_client().get(f"/api/batches/{batch['id']}/export?format=md", headers=person.headers)
    assert zipped.data[:2] == b"PK"


def test_regenerating_a_row_of_a_finished_batch_sets_it_to_running(
    person: Person, maker: BatchMaker, batch: Any
) -> None:
    first, *others = contents(batch["id"])
    for each in (first, *others):
        claim(each.id)
        finish(each.id)
    maker.look()
    address = f"/api/batches/{batch['id']}"
    assert data_of(person.call("GET", address), 200, None)["state"] == "finished"
    data_of(person.call("POST", f"/api/content/{first.id}/generate", {"runAt": "now"}), 202, None)
    assert data_of(person.call("GET", address), 200, None)["state"] == "running"
    assert error_of(person.call("DELETE", address), 409)["code"] == "batch_unfinished"
    assert data_of(turned(person, batch["id"], "cancel"), 200, None)["counts"]["cancelled"] == 1


@pytest.mark.parametrize("request_line", ["DELETE ", "GET /items", "GET /export?format=csv"])
def test_a_batch_that_is_deleted_during_a_request_is_not_found(
    person: Person, maker: BatchMaker, batch: Any, monkeypatch: pytest.MonkeyPatch, request_line: str
) -> None:
    turned(person, batch["id"], "cancel")
    maker.look()

    def found_and_deleted(*conditions: Any) -> Any:
        found = without_rows(*conditions)
        Batch.objects(id=batch["id"]).delete()
        return found

    monkeypatch.setattr("app.batches.service.without_rows", found_and_deleted)
    method, path = request_line.split(" ")
    error_of(person.call(method, f"/api/batches/{batch['id']}{path}"), 404)


def test_items_are_filtered_by_status_across_all_rows(person: Person, batch: Any) -> None:
    last = contents(batch["id"])[2]
    claim(last.id)
    fail(last.id)
    failed = data_of(person.call("GET", f"/api/batches/{batch['id']}/items?status=failed&limit=1"), 200, None)
    assert [(each["row"], each["status"]) for each in failed["items"]] == [(3, "failed")]
    assert failed["pagination"]["total"] == 1


def test_the_events_of_a_row_name_its_batch(person: Person, batch: Any) -> None:
    entry = Entry("entry", entries.STARTED, utcnow(), (entries.EVENTS,))
    row = contents(batch["id"])[0].to_mongo()
    alone = Content.objects.get(id=person.generate()["id"]).to_mongo()
    assert payload_of(entry, row, "1")["batchId"] == batch["id"]
    assert "batchId" not in payload_of(entry, alone, "2")


def test_a_table_is_read_before_a_template_is_chosen(new_client: Any, person: Person) -> None:
    def read(data: bytes, **form: str) -> Any:
        body = {"file": (io.BytesIO(data), "ours.csv"), **form}
        answer = new_client().post("/api/batches/table", data=body, headers=person.headers)
        return answer.status_code, answer.get_json()

    table = data_of(read("Artikel;Größe\r\n\r\n Schürze ;\r\nBecher;1;2\r\n".encode("cp1252")), 200, None)
    assert (table["encoding"], table["delimiter"], table["numbers"]) == ("cp1252", ";", [2, 3])
    assert (table["columns"], table["rows"]) == (["Artikel", "Größe"], [["Schürze", ""], ["Becher", "1"]])
    assert [each["field"] for each in table["errors"]] == ["rows.3"]
    piped = data_of(read("a|b,c\n1|2,3\n".encode("utf-16"), delimiter="|", encoding="utf-16"), 200, None)
    assert (piped["columns"], piped["rows"]) == (["a", "b,c"], [["1", "2,3"]])
    assert bad_fields(read(b"a,b\n1,2\n", delimiter="ab")) == ["delimiter"]
    assert bad_fields(read(b"a,b\n1,2\n", templateId="x")) == ["templateId"]
    assert bad_fields(person.call("POST", "/api/batches/table", {})) == ["file"]
    cell = b"x" * 100_000
    assert len(data_of(read(b"a\n" + 20 * (cell + b"\n")), 200, None)["rows"]) == 20
    error = error_of(read(b"a\n" + 60 * (cell + b"\n")), 413)
    assert error["message"] == "The request body is larger than 5 MiB"
    assert data_of(person.call("GET", "/api/batches"), 200, None)["batches"] == []
