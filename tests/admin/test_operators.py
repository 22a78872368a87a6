"""The operators' API: what it returns and does, and that other users have no access."""

from __future__ import annotations

from collections.abc import Callable
from random import choice
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from app.admin.document import AuditEntry
from app.auth import permissions
from app.auth.models import User
from app.content.document import Content
from app.http.scopes import KEY_SCOPES
from tests.attempts import claim, fail
from tests.generation.test_killed_between import make_due
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import PASSWORD, Http, Person
from tests.usage.test_report import note

READS = ("users", "generations", "queue", "usage", "audit")
Seen = Callable[..., Any]


@pytest.fixture
def operator(http: Http) -> Person:
    """The only operator."""
    User.objects.update(unset__role=1)
    person = Person.register(http)
    permissions.promote(ObjectId(person.user["id"]))
    return person


@pytest.fixture
def seen(operator: Person) -> Seen:
    """Sends a request as the operator and returns the response's data."""

    def ask(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = operator.call(method, f"/api/admin/{path}", body)
        return data_of(answer, status, None) if status < 400 else error_of(answer, status)

    return ask


def acts() -> list[tuple[str, str]]:
    return [(each.act, str(each.subject_id)) for each in AuditEntry.objects.order_by("at")]


def failed(person: Person) -> str:
    content: str = person.generate("secret prompt", title="Secret title", runAt="now")["id"]
    make_due(ObjectId(content))
    assert claim(content)
    assert fail(content)
    return content


def test_other_users_have_no_access(app: Flask, operator: Person, person: Person) -> None:
    """To any route, with a session or an API key. A revoked role has no effect from the next request on."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/admin")]
    assert len(rules) >= 9
    key = operator.call("POST", "/api/auth/keys", {"name": "K", "scopes": list(KEY_SCOPES)})
    bearer = {"Authorization": f"Bearer {key[1]['data']['key']}"}
    for rule in rules:
        path = rule.rule.replace("<user_id>", person.user["id"]).replace("<generation_id>", str(ObjectId()))
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            assert error_of(person.call(method, path, {"disabled": True}), 403)["code"] == "forbidden"
            assert error_of(person.http(method, path, {}, bearer), 403)["code"] == "insufficient_scope"
            assert person.http(method, path)[0] == 401
    other = Person.register(person.http)
    permissions.promote(ObjectId(other.user["id"]))
    permissions.demote(ObjectId(operator.user["id"]))
    assert {operator.call("GET", f"/api/admin/{path}")[0] for path in READS} == {403}
    assert {other.call("GET", f"/api/admin/{path}")[0] for path in READS} == {200}


def test_responses_say_whether_a_user_is_an_operator(operator: Person, person: Person) -> None:
    assert operator.call("GET", "/api/auth/me")[1]["data"]["user"]["role"] == "admin"
    assert "role" not in person.call("GET", "/api/auth/me")[1]["data"]["user"]


def test_users_are_found_by_name_and_email(seen: Seen, http: Http) -> None:
    name = "Ζήνων" + "".join(choice("αβγδεζηθικλ") for _ in range(20))  # a name
    zeno = Person.register(http, firstName=name, lastName="a.b")
    found = seen("GET", f"users?q={name.upper()}+a.b")
    assert [each["id"] for each in found["users"]] == [zeno.user["id"]]
    assert found["users"][0]["limits"] == {"dailyGenerations": None, "monthlyTokens": None, "storedBytes": None}
    assert seen("GET", f"users?q={name}+axb")["pagination"]["total"] == 0
    assert seen("GET", f"users?q={zeno.email.upper()}&limit=1")["users"][0]["email"] == zeno.email
    assert seen("GET", "users?q=a%00b", status=422)["errors"][0]["field"] == "q"
    assert seen("GET", f"users/{zeno.user['id']}")["role"] == "user"
    assert seen("GET", "users/nobody", status=404)["code"] == "not_found"


def test_a_users_own_limit_overrides_the_default_and_is_recorded(seen: Seen, operator: Person, person: Person) -> None:
    path = f"users/{person.user['id']}"
    assert seen("PATCH", path, {"limits": {"dailyGenerations": 1}})["limits"]["dailyGenerations"] == 1
    person.generate()
    body = {"title": "T", "contentType": "blog", "prompt": "P"}
    assert person.call("POST", "/api/content/generate", body)[1]["code"] == "quota_exceeded"
    assert seen("PATCH", path, {"limits": {"dailyGenerations": None, "storedBytes": 0}})["limits"] == {
        "dailyGenerations": None, "monthlyTokens": None, "storedBytes": 0,
    }  # fmt: skip
    assert person.call("POST", "/api/content/generate", body)[0] == 202
    act = seen("GET", "audit")["acts"][0]
    assert (act["act"], act["subjectId"], act["operator"]) == ("user.limits", person.user["id"], operator.email)
    assert act["details"] == {"daily_generations": None, "stored_bytes": 0}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"), ({"disabled": "yes"}, "disabled"), ({"limits": {"monthlyTokens": -1}}, "limits.monthlyTokens"),
        ({"limits": {}}, "limits"), ({"role": "admin"}, "role"), ({"limits": {"x": 1}}, "limits.x"),
    ],
)  # fmt: skip
def test_invalid_fields_are_named(operator: Person, person: Person, body: Any, field: str) -> None:
    assert bad_fields(operator.call("PATCH", f"/api/admin/users/{person.user['id']}", body)) == [field]


def test_a_disabled_user_is_logged_out_and_sees_the_reason(
    seen: Seen, person: Person, until: Callable[..., Any]
) -> None:
    path, login = f"users/{person.user['id']}", {"email": person.email, "password": PASSWORD}
    assert seen("PATCH", path, {"disabled": True})["disabledAt"]
    until(lambda: person.call("GET", "/api/auth/me")[0] == 401)
    assert error_of(person.http("POST", "/api/auth/login", login), 401)["code"] == "account_disabled"
    wrong = login | {"password": "Wrong12345"}
    assert error_of(person.http("POST", "/api/auth/login", wrong), 401)["code"] == "unauthenticated"
    assert seen("PATCH", path, {"disabled": False})["disabledAt"] is None
    assert person.http("POST", "/api/auth/login", login)[0] == 200
    assert acts()[-2:] == [("user.disabled", person.user["id"]), ("user.enabled", person.user["id"])]


def test_the_last_operator_cannot_be_removed(seen: Seen, operator: Person) -> None:
    path = f"users/{operator.user['id']}"
    assert seen("PATCH", path, {"disabled": True}, status=409)["code"] == "last_operator"
    with pytest.raises(permissions.LastOperator):
        permissions.demote(ObjectId(operator.user["id"]))
    assert seen("GET", path)["disabledAt"] is None


def test_failures_are_listed_without_texts_and_can_be_requeued(seen: Seen, person: Person) -> None:
    content = failed(person)
    found = seen("GET", f"generations?userId={person.user['id']}")["generations"]
    assert [(each["contentId"], each["email"], each["failureCode"]) for each in found] == [
        (content, person.email, "quota_exceeded")
    ]
    assert "ecret" not in str(found)
    requeued = seen("POST", f"generations/{content}/requeue")
    assert (requeued["status"], requeued["attempt"]) == ("pending", 0)
    assert acts()[-1] == ("generation.requeued", content)
    assert seen("POST", f"generations/{content}/requeue", status=409)["code"] == "generation_not_failed"
    assert seen("POST", f"generations/{ObjectId()}/requeue", status=404)
    waiting = seen("GET", f"generations?status=pending&userId={person.user['id']}")
    assert [each["contentId"] for each in waiting["generations"]] == [content]
    assert Content.objects(id=content).first().generation_status == "pending"


def test_the_queue_and_the_provider(seen: Seen) -> None:
    assert set(seen("GET", "queue")) == {
        "waiting", "running", "overdue", "overdueSince", "failed", "givenUp", "workers",
    }  # fmt: skip
    tested = seen("POST", "provider/test")
    assert (tested["ok"], tested["demo"], tested["reason"]) == (True, True, None)


def test_usage_by_user(seen: Seen, person: Person, http: Http) -> None:
    day = "2019-03-04"
    other = Person.register(http)
    for who, tokens in ((person, 10), (other, 5), (other, 500)):
        note(who.user["id"], day=day, job=str(ObjectId()), input_tokens=tokens)
    found = seen("GET", f"usage?from={day}&to={day}")
    assert [(each["email"], each["calls"]) for each in found["rows"]] == [(other.email, 2), (person.email, 1)]
    assert found["totals"]["inputTokens"] == 515
