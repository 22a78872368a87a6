"""Finding contents again: search, tags, filters, order, cursors."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import urlencode

import pytest

from app.content.backfill import SEARCH_FIELDS, TAG_KEYS, backfill
from app.content.document import Content
from tests.attempts import claim, finish
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import Http, Person


def found(person: Person, **query: Any) -> list[str]:
    """The titles of the listed contents."""
    return [each["title"] for each in listed(person, **query)["contents"]]


def listed(person: Person, **query: Any) -> dict[str, Any]:
    data: dict[str, Any] = data_of(person.call("GET", f"/api/content?{urlencode(query, doseq=True)}"), 200, None)
    return data


TEXTS = {
    "Café crème": ("About coffee", "Ein Stück Straße, 100% (really?) [yes] a.b*c $x ^y \\z"),
    "เรื่องกาแฟ": ("กาแฟเย็นในเมืองร้อน", "ร้านกาแฟ"),
    "咖啡杯的故事": ("写一个故事", "清晨的咖啡馆里有一只白色的杯子"),
    "Plain": ("Nothing here", "line one\nline two with gardens"),
}
SEARCHES = [
    ("cafe", {"Café crème"}), ("CRÈME coffee", {"Café crème"}), ("strasse", {"Café crème"}), ("咖啡", {"咖啡杯的故事"}),
    ("杯子 故事", {"咖啡杯的故事"}), ("กาแฟ", {"เรื่องกาแฟ"}), ("เมือง", {"เรื่องกาแฟ"}), ("arden", {"Plain"}),
    ("two one", {"Plain"}), (".*", set()), ("100% (really?)", {"Café crème"}), ("a?b", set()),
    ("a.b*c", {"Café crème"}),
    ("$x ^y", {"Café crème"}), ("\\z", {"Café crème"}), ("[yes]", {"Café crème"}), ("coffee gardens", set()),
    ("|", set()), ("$where", set()), ("$title", set()), (" ", set(TEXTS)),
]  # fmt: skip


@pytest.fixture(scope="module")
def shelf(module_person: Person) -> Person:
    for title, (prompt, text) in TEXTS.items():
        module_person.write(title=title, prompt=prompt, generatedText=text)
    return module_person


@pytest.fixture(scope="module")
def module_person(new_client: Any) -> Person:
    client = new_client()

    def send(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        response = client.open(path, method=method, headers=headers, **({"json": body} if body is not None else {}))
        return response.status_code, response.get_json(silent=True)

    return Person.register(send)


@pytest.mark.parametrize(("q", "titles"), SEARCHES)
def test_a_search_finds_words_and_parts_of_words_in_every_script(shelf: Person, q: str, titles: set[str]) -> None:
    """In title, prompt and text. The input is never interpreted as a pattern."""
    assert set(found(shelf, q=q)) == titles


def test_a_search_returns_no_total(shelf: Person) -> None:
    pagination = listed(shelf, q="a", limit=1)["pagination"]
    assert set(pagination) == {"page", "limit", "nextCursor"}
    assert pagination["nextCursor"]


@pytest.mark.usefixtures("shelf")
def test_another_users_texts_are_not_found(person: Person) -> None:
    assert found(person, q="cafe") == []


def test_search_follows_edits_and_deletions_at_once(person: Person) -> None:
    content = person.write(title="First", generatedText="alpha")
    data_of(
        person.call("PUT", f"/api/content/{content['id']}", {"title": "Second", "generatedText": "beta"}), 200, None
    )
    assert [found(person, q=word) for word in ("first", "alpha", "second", "beta")] == [[], [], ["Second"], ["Second"]]


def test_a_generated_text_and_its_heading_are_found(person: Person) -> None:
    content = person.generate(title="Provisional", autoTitle=True, runAt="now")
    claim(content["id"])
    finish(content["id"], text="# Wundersame Gärten\n\nViel Grünes.")
    assert found(person, q="garten grunes") == ["Wundersame Gärten"]
    assert found(person, q="provisional") == []
    again = {"prompt": "Über Moore", "runAt": "now"}
    data_of(person.call("POST", f"/api/content/{content['id']}/generate", again), 202, None)
    assert found(person, q="uber moore") == ["Wundersame Gärten"]


@pytest.mark.parametrize("sort", ["newest", "oldest", "updated", "title"])
def test_cursors_return_every_content_once(person: Person, sort: str) -> None:
    """In the requested order, even if something is written in the meantime."""
    for number in range(7):
        person.write(title=f"{'bA'[number % 2]} {number % 3}")
    everything = found(person, sort=sort, limit=100)
    assert len(everything) == 7
    titles, cursor = [], ""
    while cursor is not None:
        page = listed(person, sort=sort, limit=3, cursor=cursor)
        titles += [each["title"] for each in page["contents"]]
        cursor = page["pagination"]["nextCursor"]
        if sort in {"newest", "updated"}:
            person.write(title="new")
    assert titles == everything
    if sort == "title":
        assert titles == sorted(titles, key=str.lower)


def test_contents_without_a_sort_key_come_first(person: Person) -> None:
    for title in "abc":
        person.write(title=title)
    Content.objects(user_id=person.user["id"], title="b").update(unset__title_key=1, unset__folded=1)
    first = listed(person, sort="title", limit=1)
    rest = found(person, sort="title", cursor=first["pagination"]["nextCursor"])
    assert [first["contents"][0]["title"], *rest] == ["b", "a", "c"]


def test_older_contents_become_searchable(person: Person) -> None:
    Content.objects(title_key=None).update(set__title_key="")  # other tests may have created thousands
    person.write(title="Älter")
    Content.objects(user_id=person.user["id"]).update(unset__title_key=1, unset__folded=1)
    assert found(person, q="alter") == []
    backfill(SEARCH_FIELDS, threading.Event())
    assert found(person, q="alter") == ["Älter"]


def test_older_contents_are_found_by_tags_with_accents(person: Person) -> None:
    """Their keys had no accents, so that "pêche" and "peche" were one tag."""
    person.write(title="a", tags=["Pêche", "fishing"])
    Content.objects(user_id=person.user["id"]).update(set__tag_keys=["peche", "fishing"])
    assert found(person, tag="pêche") == []
    assert [backfill(TAG_KEYS, threading.Event()) for _ in range(2)] == [1, 0]
    assert found(person, tag="pêche") == ["a"]


def test_a_page_can_be_continued_with_a_cursor(person: Person) -> None:
    for title in "abc":
        person.write(title=title)
    first = listed(person, limit=2)
    assert (first["pagination"]["total"], first["pagination"]["totalPages"]) == (3, 2)
    assert found(person, cursor=first["pagination"]["nextCursor"]) == ["a"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=x", "cursor"), ("cursor=WzFd", "cursor"), ("cursor=newest-1-1", "cursor"), ("sort=best", "sort"),
        ("trash=yes", "trash"), ("ids=1", "ids"), ("fields=folded", "fields"),
        ("updatedSince=yesterday", "updatedSince"),
        ("updatedSince=0001-01-01T00:00:00%2B14:00", "updatedSince"),
        ("updatedSince=9999-12-31T23:59:59-14:00", "updatedSince"),
        ("contentType=blog,novel", "contentType"), ("q=" + "x" * 201, "q"), ("colour=red", "colour"),
        ("batchId=1", "batchId"), ("q=%00", "q"),
    ],
)  # fmt: skip
def test_an_invalid_query_names_its_parameter(person: Person, query: str, field: str) -> None:
    assert bad_fields(person.call("GET", f"/api/content?{query}")) == [field]


def test_only_ids_of_contents_may_be_several(person: Person) -> None:
    errors = [person.call("GET", f"/api/content?{name}=1")[1]["errors"][0]["message"] for name in ("ids", "batchId")]
    assert errors == ["Must be the id of a content, or several with commas between them.", "Must be the id of a batch."]


def test_a_cursor_is_only_valid_for_its_order(person: Person) -> None:
    for title in "ab":
        person.write(title=title)
    cursor = listed(person, limit=1)["pagination"]["nextCursor"]
    status, answer = person.call("GET", f"/api/content?sort=title&cursor={cursor}")
    assert (status, answer["code"]) == (409, "cursor_mismatch")


def test_a_cursor_replaces_the_page_number(person: Person) -> None:
    person.write(title="a")
    page = listed(person, cursor="", page=7)
    assert [content["title"] for content in page["contents"]] == ["a"]


def test_a_filter_takes_several_values(person: Person) -> None:
    ids = {kind: person.write(title=kind, contentType=kind)["id"] for kind in ("blog", "product", "social")}
    assert found(person, contentType="blog,social", sort="title") == ["blog", "social"]
    assert found(person, contentType=["blog", "product"], sort="title") == ["blog", "product"]
    assert found(person, ids=f"{ids['blog']},{ids['social']}", sort="title") == ["blog", "social"]
    since = person.content(ids["social"])["updatedAt"]
    assert found(person, updatedSince=since) == ["social"]


def test_only_the_requested_fields_are_returned(person: Person) -> None:
    content = person.write(title="Long", generatedText="x" * 30_000)
    (shown,) = listed(person, fields="title,tags")["contents"]
    assert shown == {"id": content["id"], "title": "Long", "tags": []}
    (shown,) = listed(person, fields="")["contents"]
    assert "generatedText" not in shown
    assert shown["createdAt"]
    (shown,) = listed(person, fields="generatedText")["contents"]
    assert (len(shown["generatedText"]), shown["truncated"]) == (20_000, True)


# --- tags


def test_tags_are_stored_counted_and_filtered_ignoring_case(person: Person, http: Http) -> None:
    first = person.write(title="a", tags=["Garden", "spring", "GARDEN"])
    assert first["tags"] == ["Garden", "spring"]
    person.write(title="b", tags=["garden"])
    queued = person.generate(title="c", tags=["Été"])
    assert queued["tags"] == ["Été"]
    assert data_of(person.call("GET", "/api/content/tags"), 200, None)["tags"] == [
        {"tag": "Garden", "count": 2}, {"tag": "Été", "count": 1}, {"tag": "spring", "count": 1},
    ]  # fmt: skip
    assert found(person, tag="GARDEN", sort="title") == ["a", "b"]
    assert found(person, tag=["ÉTÉ", "spring"], sort="title") == ["a", "c"]
    changed = data_of(person.call("PUT", f"/api/content/{first['id']}", {"tags": []}), 200, None)
    assert (changed["tags"], found(person, tag="garden")) == ([], ["b"])
    stranger = Person.register(http)
    assert data_of(stranger.call("GET", "/api/content/tags"), 200, None)["tags"] == []


@pytest.mark.parametrize(
    ("tags", "kept"),
    [
        (["résumé", "resume", "RESUME"], ["résumé", "resume"]), (["RE\u0301SUME\u0301", "résumé"], ["RÉSUMÉ"]),
        (["Straße", "STRASSE"], ["Straße"]), (["schon", "schön"], ["schon", "schön"]), (["Й", "и"], ["Й", "и"]),
    ],
)  # fmt: skip
def test_tags_that_differ_in_accents_are_different(person: Person, tags: list[str], kept: list[str]) -> None:
    content = person.write(title="t", tags=tags)
    assert content["tags"] == kept
    for tag in tags:
        person.call("POST", "/api/content/bulk", {"ids": [content["id"]], "action": "tag", "tag": tag})
    counted = data_of(person.call("GET", "/api/content/tags"), 200, None)["tags"]
    assert {each["tag"]: each["count"] for each in counted} == dict.fromkeys(kept, 1)
    person.call("POST", "/api/content/bulk", {"ids": [content["id"]], "action": "untag", "tag": tags[0]})
    assert data_of(person.call("GET", f"/api/content/{content['id']}"), 200, None)["tags"] == kept[1:]


@pytest.mark.parametrize(
    ("tags", "field"), [(["a", "b", " "], "tags.2"), (["x" * 41], "tags.0"), (["a"] * 11, "tags"), ("a", "tags")]
)
def test_an_invalid_tag_is_named_by_its_index(person: Person, tags: Any, field: str) -> None:
    body = {"title": "t", "contentType": "blog", "prompt": "p", "tags": tags}
    for path in ("/api/content", "/api/content/generate"):
        assert bad_fields(person.call("POST", path, body)) == [field]


def test_the_tags_route_is_not_a_content_id(person: Person) -> None:
    error_of(person.call("DELETE", "/api/content/tags"), 405)
