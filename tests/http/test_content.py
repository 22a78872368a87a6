"""Contents over HTTP: every row of the content table, with its errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from redis import Redis

from app.clock import utcnow
from app.config import Settings
from app.content.document import Content
from app.queueing.schedule import DelaySchedule
from tests.attempts import claim, fail, finish
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import Answer, Http, Person

CONTENT_KEYS = {
    "id", "userId", "title", "contentType", "prompt", "generatedText", "status", "jobId", "generationStatus",
    "failureReason", "createdAt", "updatedAt",
}  # fmt: skip
INTERNAL_KEYS = {"_id", "deleted", "deletedAt", "leaseOwner", "lease_owner", "wakeAt", "feedback", "requestId"}
BODY = {"title": "Bees", "contentType": "blog", "prompt": "About bees"}
NOT_TEXTS = [{"$gt": ""}, {"$ne": None}, ["blog"], 1, 1.5, True, None]
MALFORMED_IDS = ["x", "1", "z" * 24, "5" * 23, "5" * 25, "%00", "%24ne", "a" * 3000, "undefined", "507f1f77%2Fbcf8"]


def not_found(answer: Answer, message: str | None = "Content not found") -> None:
    body = error_of(answer, 404)
    assert body["code"] == "not_found"
    assert message is None or body["message"] == message


def moment(text: str) -> datetime:
    """Parses an ISO 8601 time in UTC with `Z`."""
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


@pytest.fixture
def stranger(http: Http) -> Person:
    """Another user."""
    return Person.register(http)


@pytest.fixture
def redis(settings: Settings) -> Iterator[Redis]:
    with Redis.from_url(settings.redis_url) as client:
        yield client


def scheduled(redis: Redis, job_id: str) -> list[float]:
    """When the attempts of a job are due according to Redis, in epoch seconds."""
    entries: Any = redis.zrange(DelaySchedule.scheduled_jobs_key, 0, -1, withscores=True)
    return [due for name, due in entries if job_id in name.decode()]


def begin_attempt(content_id: str) -> str:
    """Makes a generation due and claims it like a worker. Returns the owner of the claim."""
    Content.objects(id=content_id).update(set__due_at=utcnow() - timedelta(seconds=1))
    assert claim(content_id)
    return "worker"


# --- create


def test_creating_a_content_by_hand(person: Person) -> None:
    """A draft without a job, and without a text unless one is given."""
    content = data_of(person.call("POST", "/api/content", BODY), 201, "Content created successfully")
    assert set(content) >= CONTENT_KEYS
    assert not INTERNAL_KEYS & set(content)
    assert {name: content[name] for name in BODY} == BODY
    assert content["userId"] == person.user["id"]
    assert (content["generatedText"], content["status"]) == ("", "draft")
    assert (content["jobId"], content["generationStatus"], content["failureReason"]) == (None, None, None)
    assert abs(utcnow() - moment(content["createdAt"])) < timedelta(seconds=5)
    assert moment(content["updatedAt"]) >= moment(content["createdAt"])
    assert person.content(content["id"]) == content


@pytest.mark.parametrize("content_type", ["blog", "product", "social"])
@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_content_may_be_created_with_its_text_and_status(person: Person, content_type: str, status: str) -> None:
    content = person.write(contentType=content_type, status=status, generatedText="All about bees.")
    assert (content["contentType"], content["status"]) == (content_type, status)
    assert content["generatedText"] == "All about bees."


# --- fields that create, generate and update share

WRITES = [("POST", "/api/content"), ("POST", "/api/content/generate"), ("PUT", "/api/content/{id}")]
writes = pytest.mark.parametrize(("method", "path"), WRITES, ids=["create", "generate", "update"])


class Writer:
    """Sends one of the three writing requests, valid except for one changed field."""

    def __init__(self, person: Person, method: str, path: str) -> None:
        self._person = person
        self._method = method
        self._body: dict[str, Any] = BODY if method == "POST" else {}
        self._path = path.format(id=person.write()["id"])

    def __call__(self, **changes: Any) -> Answer:
        return self._person.call(self._method, self._path, self._body | changes)


@pytest.fixture
def write(person: Person, method: str, path: str) -> Writer:
    return Writer(person, method, path)


@writes
@pytest.mark.parametrize(("field", "longest"), [("title", 200), ("prompt", 10_000)])
@pytest.mark.parametrize("character", ["x", "é", "蜂", "🐝"])
def test_a_text_of_the_maximum_length_is_accepted(write: Writer, field: str, longest: int, character: str) -> None:
    """Counted in characters, regardless of their bytes, without surrounding white space."""
    status, answer = write(**{field: f"  {character * longest}\n"})
    assert status in {200, 201, 202}, answer
    assert answer["data"][field] == character * longest
    assert bad_fields(write(**{field: character * (longest + 1)})) == [field]


@writes
@pytest.mark.parametrize("field", ["title", "prompt"])
@pytest.mark.parametrize("text", ["", " ", "\t\n\r ", "\u00a0\u2003\u3000", "a\x00b", "\x00"], ids=ascii)
def test_empty_texts_and_texts_with_nul_are_rejected(write: Writer, field: str, text: str) -> None:
    assert bad_fields(write(**{field: text})) == [field]


@writes
@pytest.mark.parametrize("field", ["title", "prompt"])
@pytest.mark.parametrize(
    "text", ["\u3164", "\u200b", "\u2800\u2800", "\ufe0f", "\U000e0061", "\u202e\u202c", "a" + "\u0301" * 31], ids=ascii
)
def test_invisible_texts_and_long_runs_of_marks_are_rejected(write: Writer, field: str, text: str) -> None:
    assert bad_fields(write(**{field: text})) == [field]


@pytest.mark.parametrize(("method", "path"), [WRITES[0], WRITES[2]], ids=["create", "update"])
@pytest.mark.parametrize("character", ["x", "é", "蜂"])
def test_a_generated_text_has_at_most_a_hundred_thousand_characters(write: Writer, character: str) -> None:
    """With a separate error that says so."""
    assert write(generatedText=character * 100_000)[1]["data"]["generatedText"] == character * 100_000
    answer = write(generatedText=character * 100_001)
    assert bad_fields(answer) == ["generatedText"]
    assert "100,000 characters" in answer[1]["errors"][0]["message"]


@writes
@pytest.mark.parametrize(
    "text", ["Ünïcödé", "李小龙", "שלום", "🐝👩‍👩‍👧", "a\u202eb", "<b>&amp;</b>", "$where", "{{7*7}}"]
)
def test_texts_are_stored_unchanged(write: Writer, person: Person, text: str) -> None:
    """In any script; nothing is escaped or interpreted as an operator."""
    answer = write(title=text, prompt=text)[1]
    content = person.content(answer["data"]["id"])
    assert (content["title"], content["prompt"]) == (text, text)


@writes
@pytest.mark.parametrize("value", NOT_TEXTS, ids=repr)
@pytest.mark.parametrize("field", ["title", "contentType", "prompt"])
def test_wrong_json_types_are_rejected(write: Writer, field: str, value: Any) -> None:
    """MongoDB operators, lists, numbers and null instead of a string."""
    assert bad_fields(write(**{field: value})) == [field]


@pytest.mark.parametrize("value", NOT_TEXTS, ids=repr)
@pytest.mark.parametrize("field", ["generatedText", "status"])
@pytest.mark.parametrize(("method", "path"), [WRITES[0], WRITES[2]], ids=["create", "update"])
def test_wrong_json_types_are_rejected_for_a_handwritten_content(write: Writer, field: str, value: Any) -> None:
    assert bad_fields(write(**{field: value})) == [field]


@writes
@pytest.mark.parametrize("value", ["", "Blog", "blog ", "video", "blog\x00", "blog,social"])
def test_an_unknown_content_type_is_rejected(write: Writer, value: str) -> None:
    assert bad_fields(write(contentType=value)) == ["contentType"]


@pytest.mark.parametrize(("method", "path"), [WRITES[0], WRITES[2]], ids=["create", "update"])
@pytest.mark.parametrize("value", ["", "Draft", "deleted", "completed", "draft\x00"])
def test_an_unknown_status_is_rejected(write: Writer, value: str) -> None:
    assert bad_fields(write(status=value)) == ["status"]


@writes
@pytest.mark.parametrize(
    "field",
    ["id", "_id", "userId", "user_id", "jobId", "generationStatus", "failureReason", "createdAt", "updatedAt",
     "deleted", "leaseOwner", "content_type", "generated_text", "$set", "title.x", "__proto__", "nonsense"],
)  # fmt: skip
def test_unknown_and_read_only_fields_are_rejected(write: Writer, field: str) -> None:
    assert bad_fields(write(title="Wasps", **{field: "507f1f77bcf86cd799439011"})) == [field]


@pytest.mark.parametrize("path", ["/api/content", "/api/content/generate"])
def test_every_missing_field_is_named_once(person: Person, path: str) -> None:
    assert bad_fields(person.call("POST", path, {})) == ["contentType", "prompt", "title"]


def test_every_bad_field_is_named_once(person: Person) -> None:
    bad = {"title": "", "contentType": "x", "prompt": {"$gt": ""}, "generatedText": 1, "status": None, "more": 1}
    assert bad_fields(person.call("POST", "/api/content", bad)) == sorted(bad)


@pytest.mark.parametrize("text", ["a\x00b", " kept\r\nas it is\n", "e\u0301"], ids=ascii)
def test_a_handwritten_text_is_stored_exactly(person: Person, text: str) -> None:
    content = person.write(generatedText=text)
    assert person.content(content["id"])["generatedText"] == content["generatedText"] == text


# --- generate


def test_requesting_a_text(person: Person, settings: Settings) -> None:
    """202 with the pending content, its job id and the expected delay."""
    content = data_of(person.call("POST", "/api/content/generate", BODY), 202, "Content generation queued successfully")
    assert set(content) >= CONTENT_KEYS | {"message", "expectedDelay"}
    assert not INTERNAL_KEYS & set(content)
    delay = settings.generation_delay_seconds
    wait = "1 minute." if delay == 60 else f"{delay:g} second"
    assert content["message"].startswith(f"Content generation queued. It will be processed in {wait}")
    assert content["expectedDelay"] == 1000 * delay
    assert {name: content[name] for name in BODY} == BODY
    assert (content["generationStatus"], content["status"]) == ("pending", "draft")
    assert (content["generatedText"], content["failureReason"]) == ("", None)
    assert content["jobId"]
    stored = person.content(content["id"])
    assert stored == {name: content[name] for name in stored}


def test_a_generation_is_scheduled_after_the_delay(person: Person, settings: Settings, redis: Redis) -> None:
    """To the millisecond. Each request has its own job."""
    first, second = person.generate(), person.generate()
    assert first["jobId"] != second["jobId"]
    (due,) = scheduled(redis, first["jobId"])
    expected = moment(first["createdAt"]).timestamp() + settings.generation_delay_seconds
    assert due == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize("field", ["generatedText", "status"])
def test_a_text_written_by_hand_is_not_generated(person: Person, field: str) -> None:
    assert bad_fields(person.call("POST", "/api/content/generate", BODY | {field: "draft"})) == [field]


# --- job status


def job_status(person: Person, job_id: str) -> Any:
    return data_of(person.call("GET", f"/api/content/job/{job_id}/status"), 200, "Job status retrieved successfully")


@pytest.mark.usefixtures("documents")
def test_the_status_of_a_waiting_and_running_job(person: Person) -> None:
    accepted = person.generate()
    assert job_status(person, accepted["jobId"]) == {"jobId": accepted["jobId"], "status": "pending"}
    begin_attempt(accepted["id"])
    assert job_status(person, accepted["jobId"]) == {"jobId": accepted["jobId"], "status": "processing"}


@pytest.mark.usefixtures("documents")
def test_the_status_of_a_completed_job_includes_its_content(person: Person) -> None:
    accepted = person.generate()
    finish(accepted["id"], begin_attempt(accepted["id"]), "All about bees.")
    status = job_status(person, accepted["jobId"])
    assert set(status) == {"jobId", "status", "content"}
    assert status["status"] == "completed"
    assert status["content"] == person.content(accepted["id"])
    assert status["content"]["generatedText"] == "All about bees."


@pytest.mark.usefixtures("documents")
def test_the_status_of_a_failed_job_includes_the_reason(person: Person) -> None:
    accepted = person.generate()
    fail(accepted["id"], begin_attempt(accepted["id"]), "Gemini API quota exceeded")
    expected = {"jobId": accepted["jobId"], "status": "failed", "failureReason": "Gemini API quota exceeded"}
    assert job_status(person, accepted["jobId"]) == expected


def test_a_job_is_only_shown_to_its_owner(person: Person, stranger: Person) -> None:
    path = f"/api/content/job/{person.generate()['jobId']}/status"
    not_found(stranger.call("GET", path), message=None)


def test_the_job_of_a_deleted_content_is_404(person: Person) -> None:
    accepted = person.generate()
    assert person.call("DELETE", f"/api/content/{accepted['id']}")[0] == 204
    not_found(person.call("GET", f"/api/content/job/{accepted['jobId']}/status"), message=None)


@pytest.mark.parametrize("job_id", [*MALFORMED_IDS[:6], "507f1f77bcf86cd799439011", "None", "null"])
def test_a_job_that_does_not_exist_is_404(person: Person, job_id: str) -> None:
    """Including `None`: a handwritten content has no job."""
    person.write()
    not_found(person.call("GET", f"/api/content/job/{job_id}/status"), message=None)


# --- list


def listed(person: Person, query: str = "") -> dict[str, Any]:
    data = data_of(person.call("GET", f"/api/content{query}"), 200, "Contents retrieved successfully")
    assert set(data) == {"contents", "pagination"}
    assert set(data["pagination"]) == {"total", "page", "totalPages", "limit", "nextCursor"}
    return dict(data)


def titles(page: dict[str, Any]) -> list[str]:
    return [content["title"] for content in page["contents"]]


def test_a_list_is_empty_at_first(person: Person) -> None:
    counted = {"total": 0, "page": 1, "totalPages": 0, "limit": 10, "nextCursor": None}
    assert listed(person) == {"contents": [], "pagination": counted}


def test_a_list_is_paged_newest_first(person: Person) -> None:
    """Ten per page by default. A page after the last is empty."""
    newest_first = [person.write(title=f"Piece {number}")["title"] for number in range(12)][::-1]
    first, second, third = (listed(person, query) for query in ("", "?page=2", "?page=3"))
    assert (titles(first), titles(second), titles(third)) == (newest_first[:10], newest_first[10:], [])
    assert first["pagination"].pop("nextCursor")
    assert first["pagination"] == {"total": 12, "page": 1, "totalPages": 2, "limit": 10}
    assert third["pagination"] == {"total": 12, "page": 3, "totalPages": 2, "limit": 10, "nextCursor": None}
    five = listed(person, "?page=2&limit=5")
    assert titles(five) == newest_first[5:10]
    assert five["pagination"].pop("nextCursor")
    assert five["pagination"] == {"total": 12, "page": 2, "totalPages": 3, "limit": 5}
    assert titles(listed(person, "?limit=100")) == newest_first
    assert listed(person, "?limit=12")["pagination"]["totalPages"] == 1


@pytest.mark.usefixtures("documents")
def test_contents_created_in_the_same_millisecond_have_a_stable_order(person: Person) -> None:
    """Sorted by id, so that each is on exactly one page."""
    written = [person.write()["id"] for _ in range(4)]
    Content.objects(user_id=person.user["id"]).update(set__created_at=utcnow())
    pages = [listed(person, f"?limit=1&page={page}")["contents"][0]["id"] for page in range(1, 5)]
    assert pages == sorted(written, reverse=True)


def test_a_list_has_complete_contents_of_only_its_owner(person: Person, stranger: Person) -> None:
    own, deleted = person.generate(), person.write()
    stranger.write()
    person.call("DELETE", f"/api/content/{deleted['id']}")
    page = listed(person)
    assert page["contents"] == [person.content(own["id"])]
    assert page["pagination"]["total"] == 1


@pytest.fixture
def library(person: Person, documents: None) -> Person:  # noqa: ARG001  # it writes them itself
    """A user with one content of every kind."""
    person.write(title="draft", contentType="blog")
    person.write(title="published", contentType="product", status="published")
    person.generate(title="pending", contentType="social")
    for title, end in (("completed", finish), ("failed", fail)):
        content_id = person.generate(title=title)["id"]
        end(content_id, begin_attempt(content_id), "Text or reason")
    begin_attempt(person.generate(title="processing")["id"])
    return person


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("contentType=product", {"published"}),
        ("contentType=social", {"pending"}),
        ("contentType=blog", {"draft", "completed", "failed", "processing"}),
        ("status=published", {"published"}),
        ("status=draft", {"draft", "pending", "completed", "failed", "processing"}),
        ("generationStatus=pending", {"pending"}),
        ("generationStatus=processing", {"processing"}),
        ("generationStatus=completed", {"completed"}),
        ("generationStatus=failed", {"failed"}),
        ("generationStatus=cancelled", set()),
        ("contentType=blog&status=draft&generationStatus=failed", {"failed"}),
        ("contentType=product&generationStatus=failed", set()),
        ("limit=1&contentType=product", {"published"}),
    ],
)
def test_a_list_can_be_filtered(library: Person, query: str, expected: set[str]) -> None:
    """Filters can be combined, and the total counts the matches."""
    page = listed(library, f"?{query}")
    assert set(titles(page)) == expected
    assert page["pagination"]["total"] == len(expected)


@pytest.mark.parametrize(
    "value", ["0", "-1", "1.5", "1e3", "abc", "", "%20", "%00", "9" * 30, "9" * 5000, "0x10", "1;2"]
)
@pytest.mark.parametrize("name", ["page", "limit"])
def test_page_and_limit_must_be_whole_numbers_in_range(person: Person, name: str, value: str) -> None:
    assert bad_fields(person.call("GET", f"/api/content?{name}={value}")) == [name]


@pytest.mark.parametrize("value", ["1_0", "\uff11\uff10"], ids=ascii)
@pytest.mark.parametrize("name", ["page", "limit"])
def test_only_plain_digits_are_accepted_as_a_number(person: Person, name: str, value: str) -> None:
    """Other spellings that Python would accept are rejected."""
    assert bad_fields(person.call("GET", f"/api/content?{name}={value}")) == [name]


def test_a_page_has_at_most_a_hundred_contents(person: Person) -> None:
    assert bad_fields(person.call("GET", "/api/content?limit=101")) == ["limit"]
    assert listed(person, "?limit=100")["pagination"]["limit"] == 100


def test_a_page_far_beyond_the_last_is_empty(person: Person) -> None:
    assert listed(person, "?page=1000000&limit=100")["contents"] == []


@pytest.mark.parametrize("value", ["", "nonsense", "Blog", "%00", "%7B%22%24gt%22%3A%22%22%7D"])
@pytest.mark.parametrize("name", ["contentType", "status", "generationStatus"])
def test_an_unknown_filter_value_is_rejected(person: Person, name: str, value: str) -> None:
    assert bad_fields(person.call("GET", f"/api/content?{name}={value}")) == [name]


def test_every_bad_query_field_is_named_once(person: Person) -> None:
    query = "page=0&limit=101&contentType=x&status=x&generationStatus=x"
    expected = ["contentType", "generationStatus", "limit", "page", "status"]
    assert bad_fields(person.call("GET", f"/api/content?{query}")) == expected


@pytest.mark.parametrize(
    "query",
    ["userId=507f1f77bcf86cd799439011", "deleted=true", "status[$ne]=draft", "user_id[$gt]=", "contentType[]=x"],
)
def test_a_query_cannot_access_other_users_contents(person: Person, stranger: Person, query: str) -> None:
    """Anything that is not a filter is rejected by name."""
    stranger.write()
    person.write()
    assert bad_fields(person.call("GET", f"/api/content?{query}")) == [query.partition("=")[0]]


@pytest.mark.parametrize("character", ["x", "é", "🐝"])
def test_long_texts_are_truncated_only_in_lists(person: Person, character: str) -> None:
    """At 20,000 characters, never inside a character, with a note. Shorter texts are complete and have no note."""
    whole, long = character * 20_000, character * 20_001
    written = [person.write(generatedText=text)["id"] for text in (long, whole, "")]
    newest_first = listed(person)["contents"]
    assert [each["generatedText"] for each in newest_first] == ["", whole, whole]
    assert [each.get("truncated") for each in newest_first] == [None, None, True]
    assert person.content(written[0])["generatedText"] == long
    assert "truncated" not in person.content(written[0])


# --- get


def test_getting_a_content(person: Person) -> None:
    written = person.write()
    answer = person.call("GET", f"/api/content/{written['id']}")
    assert data_of(answer, 200, "Content retrieved successfully") == written


BY_ID: list[tuple[str, Any]] = [("GET", None), ("PUT", {"title": "Wasps"}), ("DELETE", None)]
by_id = pytest.mark.parametrize(("method", "body"), BY_ID, ids=[method for method, _ in BY_ID])


@by_id
@pytest.mark.parametrize("content_id", [*MALFORMED_IDS[:-1], "507f1f77bcf86cd799439011"])
def test_unknown_and_malformed_ids_are_404(person: Person, method: str, body: Any, content_id: str) -> None:
    not_found(person.call(method, f"/api/content/{content_id}", body))


@by_id
def test_another_users_content_is_404(person: Person, stranger: Person, method: str, body: Any) -> None:
    """As if it did not exist, and it does not change."""
    written = person.write()
    not_found(stranger.call(method, f"/api/content/{written['id']}", body))
    assert person.content(written["id"]) == written


@by_id
def test_a_deleted_content_is_404(person: Person, method: str, body: Any) -> None:
    path = f"/api/content/{person.write()['id']}"
    assert person.call("DELETE", path) == (204, None)
    not_found(person.call(method, path, body))


# --- update


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Wasps"),
        ("contentType", "social"),
        ("prompt", "About wasps"),
        ("generatedText", "All about wasps."),
        ("generatedText", ""),
        ("status", "published"),
    ],
)
def test_each_field_can_be_changed_separately(person: Person, field: str, value: str) -> None:
    """Nothing else changes, except the time of the change and the checks."""
    before = person.write(generatedText="All about bees.")
    answer = person.call("PUT", f"/api/content/{before['id']}", {field: value})
    after = data_of(answer, 200, "Content updated successfully")
    later = {name: after[name] for name in ("updatedAt", "version", "checks", "words")}
    assert after == before | {field: value} | later | {"revision": before["revision"] + 1}
    assert moment(after["updatedAt"]) >= moment(before["updatedAt"])
    assert person.content(before["id"]) == after


def test_all_fields_can_be_changed_at_once(person: Person) -> None:
    changes = {"title": "W", "contentType": "product", "prompt": "P", "generatedText": "T", "status": "published"}
    before = person.write()
    after = data_of(person.call("PUT", f"/api/content/{before['id']}", changes), 200, "Content updated successfully")
    later = {name: after[name] for name in ("updatedAt", "version", "checks", "words")}
    assert after == before | changes | later | {"revision": before["revision"] + 1}


@pytest.mark.usefixtures("documents")
def test_a_change_updates_the_time_of_the_last_change(person: Person) -> None:
    content_id = person.write()["id"]
    earlier = utcnow() - timedelta(hours=1)
    Content.objects(id=content_id).update(set__updated_at=earlier)
    _, answer = person.call("PUT", f"/api/content/{content_id}", {"title": "Wasps"})
    assert moment(answer["data"]["updatedAt"]) > earlier + timedelta(minutes=59)


def test_an_empty_change_is_rejected(person: Person) -> None:
    assert len(bad_fields(person.call("PUT", f"/api/content/{person.write()['id']}", {}))) == 1


def test_a_rejected_change_changes_nothing(person: Person) -> None:
    written = person.write()
    bad_fields(person.call("PUT", f"/api/content/{written['id']}", {"title": "Wasps", "status": "gone"}))
    assert person.content(written["id"]) == written


@pytest.mark.parametrize("processing", [False, True], ids=["pending", "processing"])
def test_a_text_that_is_being_generated_cannot_be_changed(person: Person, processing: bool) -> None:
    """The result would overwrite it. All other fields can be changed, and the text as soon as it is complete."""
    path = f"/api/content/{(accepted := person.generate())['id']}"
    owner = begin_attempt(accepted["id"]) if processing else ""
    before = person.content(accepted["id"])
    error = error_of(person.call("PUT", path, {"title": "Wasps", "generatedText": "By hand."}), 409)
    assert error["code"] == "generation_in_progress"
    assert error["message"] == "The text is still being generated - wait for it, or cancel the generation"
    assert person.content(accepted["id"]) == before
    others = {"title": "Wasps", "contentType": "social", "prompt": "About wasps", "status": "published"}
    assert person.call("PUT", path, others)[0] == 200
    finish(accepted["id"], owner or begin_attempt(accepted["id"]), "All about bees.")
    assert person.content(accepted["id"])["generatedText"] == "All about bees."
    assert person.call("PUT", path, {"generatedText": "By hand."})[1]["data"]["generatedText"] == "By hand."


def test_a_change_concurrent_with_the_result(person: Person, rounds: Callable[[int, int], int]) -> None:
    """A change with response 200 is kept, and one with response 409 had no effect."""
    for _ in range(rounds(10, 100)):
        accepted = person.generate()
        owner = begin_attempt(accepted["id"])
        with ThreadPoolExecutor(1) as pool:
            finished = pool.submit(finish, accepted["id"], owner, "All about bees.")
            status, _ = person.call("PUT", f"/api/content/{accepted['id']}", {"generatedText": "By hand."})
        assert finished.result() is not None
        stored = person.content(accepted["id"])
        assert (stored["generationStatus"], stored["generatedText"]) == (
            "completed",
            {200: "By hand.", 409: "All about bees."}[status],
        )


# --- delete


@pytest.mark.usefixtures("documents")
def test_deleting_has_no_response_body(person: Person) -> None:
    """The document is only marked as deleted, and stays in the database."""
    content_id = person.write()["id"]
    assert person.call("DELETE", f"/api/content/{content_id}") == (204, None)
    stored = Content.objects(id=content_id).first()
    assert stored.deleted
    assert abs(utcnow() - stored.deleted_at) < timedelta(seconds=5)


@pytest.mark.usefixtures("documents")
def test_deleting_removes_a_waiting_generation_from_the_queue(person: Person, redis: Redis) -> None:
    accepted = person.generate()
    assert len(scheduled(redis, accepted["jobId"])) == 1
    assert person.call("DELETE", f"/api/content/{accepted['id']}")[0] == 204
    assert scheduled(redis, accepted["jobId"]) == []
    assert not list(redis.scan_iter(f"rq:job:*{accepted['jobId']}*"))
    Content.objects(id=accepted["id"]).update(set__due_at=utcnow() - timedelta(seconds=1))
    assert claim(accepted["id"]) is None


@pytest.mark.usefixtures("documents")
def test_deleting_a_content_discards_its_running_generation(person: Person) -> None:
    """Its text is not stored."""
    accepted = person.generate()
    owner = begin_attempt(accepted["id"])
    assert person.call("DELETE", f"/api/content/{accepted['id']}")[0] == 204
    assert finish(accepted["id"], owner, "Too late.") is None
    stored = Content.objects(id=accepted["id"]).first()
    assert (stored.generation_status, stored.generated_text) == ("cancelled", "")
