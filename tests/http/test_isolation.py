"""Every route with another user's id in each parameter; generated from the reference, so no route is forgotten.

Requests of B have each of A's ids in each path parameter, each query parameter and each body field whose name suggests
an id. No response shows A's data, none of A's data changes, and a path with an id of A's is 404.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import product
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from werkzeug.test import Client

from app.auth.models import User
from app.database import collection_of
from app.webhooks.document import WebhookDelivery
from tests.attempts import claim, finish
from tests.http.answers import data_of
from tests.http.test_reference import operations
from tests.person import Http, Person

MARK = "Zirbelkiefer"
"""Occurs in all texts of A, and in no others."""
ID_LIKE = re.compile(r"(?:^|_|[a-z])[iI]ds?$")
NO_IDS = {"number", "a", "b", "name", "format"}
"""Path parameters that are not ids of documents, such as version numbers and pages of the reference."""
GIVEN_BY_THE_CLIENT = {"/api/auth/logout", "/api/auth/refresh", "/api/auth/refresh-token"}
"""Anyone with a user's refresh token acts as that user."""
FITTING = {"variables": {"name": "Oak"}, "items": [{"name": "Oak"}], "action": "tag"}
"""Values that fields need so that a request with the user's own id is accepted."""
REFUSED = {400, 403, 404, 405, 406, 409, 410, 415, 422}

Ids = dict[str, list[str]]


def ids_of(person: Person, mark: str) -> Ids:
    """Creates one thing of every kind. Returns their ids by the names of the path parameters in the reference."""
    text = person.write(title=mark, generatedText=f"{mark} is a tree.", tags=[mark])
    person.call("POST", f"/api/content/{text['id']}/versions")
    trashed = person.write(title=mark)
    person.call("DELETE", f"/api/content/{trashed['id']}")
    waiting = person.generate(mark, title=mark)
    written = person.generate(mark, title=mark, runAt="now")
    claim(written["id"])
    finish(written["id"], text=f"All about {mark}.")
    passage = {"start": 0, "end": len(mark), "quote": mark, "action": "simplify"}
    rewrite = person.call("POST", f"/api/content/{text['id']}/rewrites", passage)[1]["data"]["id"]
    template = {"name": mark, "contentType": "product", "title": mark, "prompt": f"{mark} {{{{name}}}}"}
    made = data_of(person.call("POST", "/api/templates", template), 201, None)["id"]
    items = [{"title": mark, "contentType": "blog", "prompt": mark}]
    batch = person.call("POST", "/api/batches", {"name": mark, "items": items})[1]["data"]["id"]
    hook = {"url": f"https://example.com/{mark}", "events": ["content.generation.completed"]}
    webhook = person.call("POST", "/api/webhooks", hook)[1]["data"]["id"]
    person.call("POST", f"/api/webhooks/{webhook}/test")
    key = person.call("POST", "/api/auth/keys", {"name": mark, "scopes": ["content:read"]})[1]["data"]["id"]
    sessions = person.call("GET", "/api/auth/sessions")[1]["data"]["sessions"]
    return {
        "content_id": [text["id"], trashed["id"], waiting["id"], written["id"]],
        "job_id": [waiting["jobId"], written["jobId"]],
        "rewrite_id": [rewrite],
        "template_id": [made],
        "batch_id": [batch],
        "webhook_id": [webhook],
        "delivery_id": [str(each.id) for each in WebhookDelivery.objects(webhook_id=webhook)],
        "key_id": [key],
        "session_id": [each["id"] for each in sessions],
        "user_id": [person.user["id"]],
    }


def stored_of(person: Person) -> dict[str, list[Any]]:
    """All of the user's data in MongoDB."""
    database, own = collection_of(User).database, ObjectId(person.user["id"])
    found = {}
    for name in sorted(database.list_collection_names()):
        rows = list(database[name].find({"$or": [{"user_id": own}, {"_id": own}]}).sort("_id", 1))
        # the relay may still be processing consequences of A's own requests
        found[name] = [
            {k: v for k, v in row.items() if k not in {"outbox", "outbox_at", "last_used_at"}} for row in rows
        ]
    return found


@pytest.fixture(scope="module")
def document(new_client: Callable[[], Client]) -> dict[str, Any]:
    document: dict[str, Any] = new_client().get("/api/openapi.json").get_json()
    return document


def paths_with(path: str, theirs: Ids, own: Ids) -> Iterator[str]:
    """The path with each of A's ids in each place. With several parameters, also combined with ids of B."""
    names = [name for name in re.findall(r"{(\w+)}", path) if name not in NO_IDS]
    everything = sorted({each for ids in theirs.values() for each in ids})
    choices = [[*theirs.get(name, everything), *own.get(name, [])[:1]] for name in names]
    mine = {each for ids in own.values() for each in ids}
    for values in product(*choices):
        if not names or set(values) <= mine:
            continue
        filled = path
        for name, value in zip(names, values, strict=True):
            filled = filled.replace(f"{{{name}}}", value)
        yield re.sub(r"{\w+}", "1", filled)


def resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """The schema, or the one it refers to."""
    if "$ref" not in part:
        return part
    kind, name = part["$ref"].split("/")[-2:]
    found: dict[str, Any] = document["components"][kind][name]
    return found


def properties_of(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The possible fields of a body, over all alternatives."""
    schema = resolved(document, schema)
    found = dict(schema.get("properties", {}))
    for each in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())):
        found = properties_of(document, each) | found
    return {name: resolved(document, each) for name, each in found.items() if isinstance(each, dict)}


def example_of(field: dict[str, Any]) -> Any:
    return next(iter([field[name] for name in ("example", "default") if name in field]), None) or next(
        iter([*field.get("examples", ()), *(each for each in field.get("enum", ()) if each)]), None
    )


def body_of(document: dict[str, Any], operation: dict[str, Any]) -> tuple[Any, list[str]]:
    """An example of an operation's body, and the names of the fields that contain ids."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None, []
    properties = properties_of(document, content["schema"])
    example = {name: example_of(each) for name, each in properties.items() if example_of(each) is not None}
    example |= {name: value for name, value in FITTING.items() if name in properties}
    return example, [name for name in properties if ID_LIKE.search(name)]


def bodies_with(body: Any, names: list[str], ids: list[str]) -> Iterator[Any]:
    """The body with each of A's ids in each of these fields, one field at a time, because they may be exclusive."""
    for name, value in product(names, ids):
        changed = deepcopy(body)
        changed[name] = [value] if name.endswith("ds") else value
        yield changed
        kept = ("action", "format", "tag") if name == "ids" else ("variables", "items")
        yield {name: changed[name]} | {other: changed[other] for other in kept if other in changed}


def queries_of(document: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    """The names of an operation's query parameters that contain ids."""
    parameters = [resolved(document, each) for each in operation.get("parameters", [])]
    return [each["name"] for each in parameters if each["in"] == "query" and ID_LIKE.search(each["name"])]


def test_no_route_gives_access_to_another_users_data(app: Flask, http: Http, document: dict[str, Any]) -> None:
    alice, bob = Person.register(http, firstName=MARK), Person.register(http)
    theirs, own = ids_of(alice, MARK), ids_of(bob, "Oak")
    client, before = app.test_client(), stored_of(alice)
    everything = sorted({each for ids in theirs.values() for each in ids})
    asked, reached, taken = 0, [], set()

    def ask(method: str, address: str, body: Any, *, may_be_empty: bool) -> None:
        nonlocal asked
        asked += 1
        answer = client.open(address, method=method, json=body, headers=bob.headers)
        shown = answer.get_data(as_text=True)
        leaks = alice.email in shown or MARK in shown.replace(address, "")
        if leaks or not (answer.status_code in REFUSED or (may_be_empty and answer.status_code < 300)):
            reached.append((method, address, body, answer.status_code, shown[:200]))

    for method, path, operation in operations(document):
        if not path.startswith("/api/") or path in GIVEN_BY_THE_CLIENT:
            continue
        body, names = body_of(document, operation)
        for address in paths_with(path, theirs, own):
            ask(method, address, body, may_be_empty=False)
        at_home = re.sub(r"{(\w+)}", lambda found: own.get(found[1], ["1"])[0], path)
        for changed in bodies_with(body, names, everything):
            ask(method, at_home, changed, may_be_empty=True)
        for name, value in product(queries_of(document, operation), everything):
            ask(method, f"{at_home}?{name}={value}", body, may_be_empty=True)
        mine = bodies_with(body, names, [each for ids in own.values() for each in ids])
        if any(client.open(at_home, method=method, json=each, headers=bob.headers).status_code < 300 for each in mine):
            taken.add(path)
    assert reached == []
    assert stored_of(alice) == before
    assert {
        "/api/content/export",
        "/api/content/bulk",
        "/api/content/generate",
        "/api/batches",
    } <= taken  # with the user's own ids
    assert asked > 200
