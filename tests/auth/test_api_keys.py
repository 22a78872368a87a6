"""API keys: their scopes at each route, where they are accepted, and how they expire or are revoked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from werkzeug.test import Client

from app.auth import key_text
from app.auth.api_keys import MOST_KEYS, ApiKey
from app.auth.key_service import ApiKeys
from app.auth.models import User
from app.clock import utcnow
from app.http.scopes import KEY_SCOPES
from app.services import services_of
from tests.person import Http, Person

SCOPES = list(KEY_SCOPES)


@pytest.fixture
def client(new_client: Callable[[], Client]) -> Client:
    return new_client()


def make_key(person: Person, *scopes: str, **changes: Any) -> dict[str, Any]:
    body = {"name": "Import", "scopes": list(scopes or SCOPES), **changes}
    status, answer = person.call("POST", "/api/auth/keys", body)
    assert status == 201, answer
    made: dict[str, Any] = answer["data"]
    return made


def bearer(key: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {key['key']}"}


def operations(client: Client) -> Iterator[tuple[str, str, dict[str, Any]]]:
    document = client.get("/api/openapi.json").get_json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters" and path.startswith("/api/") and operation.get("security"):
                yield method.upper(), path, operation


@pytest.mark.parametrize("scope", [*KEY_SCOPES, None])
def test_a_key_gives_access_only_to_its_scopes(client: Client, person: Person, http: Http, scope: str | None) -> None:
    """Tested for every operation of the reference. A key without any scope does not exist."""
    headers = bearer(make_key(person, scope)) if scope else {"Authorization": f"Bearer {key_text.new_key()}"}
    seen = set()
    for method, path, operation in operations(client):
        if not (needed := operation["security"][0].get("bearer")):
            continue
        where = re.sub(r"{[^}]+}", str(ObjectId()), path)
        status, answer = http(method, where, {} if method in {"POST", "PUT", "PATCH"} else None, headers)
        code = (answer or {}).get("code")
        seen.add(needed[0])
        if scope is None:
            assert status == 401, (method, path)
        else:
            assert (code == "insufficient_scope") == (needed != [scope]), (method, path, status, answer)
            if code == "insufficient_scope":
                assert ("log in" if needed == ["account"] else needed[0]) in answer["message"]
    assert seen >= {"account", *KEY_SCOPES}


def test_a_key_is_shown_once_and_stored_as_a_hash(person: Person) -> None:
    made = make_key(person, expiresInDays=7)
    assert re.fullmatch(r"acg_[0-9A-Za-z]{38}", made["key"])
    listed = person.call("GET", "/api/auth/keys")[1]["data"]["keys"]
    assert listed == [{name: value for name, value in made.items() if name != "key"}]
    stored = ApiKey.objects(id=made["id"]).get()
    assert made["key"] not in str(stored.to_mongo().to_dict())
    assert stored.key_hash == key_text.hash_of(made["key"])


def test_the_last_use_of_a_key_is_recorded_once_a_minute(person: Person, http: Http) -> None:
    made = make_key(person)
    assert http("GET", "/api/content", None, bearer(made))[0] == 200
    first = ApiKey.objects(id=made["id"]).get().last_used_at
    assert first is not None
    ApiKey.with_hash(key_text.hash_of(made["key"]))
    assert ApiKey.objects(id=made["id"]).get().last_used_at == first


def test_a_key_is_only_accepted_in_the_header(client: Client, person: Person) -> None:
    text = make_key(person)["key"]
    assert client.get("/api/content", query_string={"token": text}).status_code == 401
    assert client.get("/api/content", query_string={"access_token": text}).status_code == 401
    client.set_cookie("access_token", text)
    assert client.get("/api/content").status_code == 401


def test_a_mistyped_key_is_rejected_without_a_query(http: Http) -> None:
    genuine = key_text.new_key()
    assert key_text.is_well_formed(genuine)
    other = "b" if genuine[10] == "a" else "a"
    for wrong in (genuine[:10] + other + genuine[11:], genuine[:-1], f"{genuine}a", "acg_", "acg_ü" + genuine[5:]):
        assert not key_text.is_well_formed(wrong)
        assert (
            http("GET", "/api/content", None, {"Authorization": f"Bearer {wrong}".encode().decode("latin-1")})[0] == 401
        )


def test_a_revoked_key_is_rejected_at_once(person: Person, http: Http) -> None:
    made = make_key(person)
    assert http("GET", "/api/content", None, bearer(made))[0] == 200
    assert person.call("DELETE", f"/api/auth/keys/{made['id']}")[0] == 204
    assert http("GET", "/api/content", None, bearer(made))[0] == 401
    assert person.call("DELETE", f"/api/auth/keys/{made['id']}")[0] == 404
    assert person.call("GET", "/api/auth/keys")[1]["data"]["keys"] == []


def test_a_key_stops_working_when_it_expires_or_its_owner_is_disabled(app: Flask, person: Person, http: Http) -> None:
    late, other = make_key(person), make_key(person)
    ApiKey.objects(id=late["id"]).update(set__expires_at=utcnow())
    assert http("GET", "/api/content", None, bearer(late))[0] == 401
    User.objects(id=person.user["id"]).update(set__disabled_at=utcnow())
    with pytest.raises(Exception, match="unknown"):
        services_of(app).get(ApiKeys).read(other["key"])


def test_another_users_key_is_not_found(person: Person, http: Http) -> None:
    made = make_key(person)
    stranger = Person.register(http)
    assert stranger.call("DELETE", f"/api/auth/keys/{made['id']}")[0] == 404
    assert stranger.call("DELETE", "/api/auth/keys/nonsense")[0] == 404
    assert stranger.call("GET", "/api/auth/keys")[1]["data"]["keys"] == []


def test_a_user_has_at_most_twenty_keys(person: Person) -> None:
    made = [make_key(person) for _ in range(MOST_KEYS)]
    status, answer = person.call("POST", "/api/auth/keys", {"name": "One more", "scopes": SCOPES})
    assert (status, answer["code"]) == (409, "too_many_keys")
    assert person.call("DELETE", f"/api/auth/keys/{made[0]['id']}")[0] == 204
    make_key(person)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"), ({"name": "x" * 61}, "name"), ({"scopes": []}, "scopes"),
        ({"scopes": ["account"]}, "scopes.0"), ({"scopes": ["generate", "generate"]}, "scopes"),
        ({"scopes": "generate"}, "scopes"), ({"expiresInDays": 0}, "expiresInDays"),
        ({"expiresInDays": 366}, "expiresInDays"), ({"expiresInDays": "7"}, "expiresInDays"), ({"key": "x"}, "key"),
    ],
)  # fmt: skip
def test_invalid_fields_are_named(person: Person, changes: dict[str, Any], field: str) -> None:
    status, answer = person.call("POST", "/api/auth/keys", {"name": "Import", "scopes": SCOPES} | changes)
    assert (status, [each["field"] for each in answer["errors"]]) == (422, [field])
