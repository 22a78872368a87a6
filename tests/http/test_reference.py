"""The API reference: complete, correct, and readable as a page without external resources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from app.batches.bodies import OF_A_FILE
from app.batches.routes import BatchIdConverter
from app.content.routes import ContentIdConverter
from app.http import reference
from app.http.reference_examples import nodes_of
from tests.person import Http, Person
from tests.test_structure import ROOT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

EXAMPLES = (4, 600)
PLAIN_EXAMPLES = (2, 50)
"""Per operation and mode, in a short round and a long one."""
BESIDE_IDS = {name for each in (ContentIdConverter, BatchIdConverter) for name in re.findall(r"\w+", each.regex)}
"""Names of routes that look like an id: a request with one of them is for another operation."""
LEAST_REQUESTS = (300, 10_000)
Rounds = Callable[[int, int], int]
Document = dict[str, Any]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def document(new_client: Callable[[], Client]) -> Document:
    document: Document = new_client().get("/api/openapi.json").get_json()
    return document


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """(method, path, operation) of every operation in the document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield method.upper(), path, operation


def test_generated_requests_are_answered_as_described(wsgi: WSGIApplication, http: Http, rounds: Rounds) -> None:
    """Many valid and invalid requests of several users: no crash, and no response outside the reference."""
    people = [Person.register(http) for _ in range(3)]
    known = {
        "content_id": [content["id"] for each in people for content in (each.write(), each.generate())],
        "job_id": [each.generate()["jobId"] for each in people],
    }
    ended = {"content_id": [each.write()["id"] for each in people]}  # the stream of another one would not end
    config = SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
    config.projects.default.generation.with_security_parameters = False
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", wsgi, config=config)
    schema.validate()
    sent: Counter[str] = Counter()
    for operation in (result.ok() for result in schema.get_all_operations()):
        for mode in GenerationMode if operation.query or operation.body else [GenerationMode.POSITIVE]:
            ids = ended if operation.path.endswith("/stream") else known
            sent[operation.label] += send_many(operation, mode, people, ids, rounds)
    print(f"\n{sent.total()} requests:", dict(sent))
    assert sent.total() >= rounds(*LEAST_REQUESTS)


def send_many(
    operation: Any, mode: GenerationMode, people: list[Person], known: dict[str, list[str]], rounds: Rounds
) -> int:
    """Sends generated requests as one of the users or anonymously, half of them to known ids. Returns their number."""
    sent = 0
    plain = not operation.path.startswith(("/api/auth", "/api/content"))

    @seed(20260122)
    @settings(
        max_examples=rounds(*PLAIN_EXAMPLES) if plain else rounds(*EXAMPLES),
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        person=st.sampled_from([*people, *people, None]),
        choice=st.integers(0, 11),
    )
    def send(case: Any, person: Person | None, choice: int) -> None:
        nonlocal sent
        for name in case.path_parameters or {}:
            if ids := known.get(name, [])[choice : choice + 1]:
                case.path_parameters[name] = ids[0]
            elif case.path_parameters[name] in BESIDE_IDS:
                case.path_parameters[name] = "0"
        if mode is GenerationMode.POSITIVE and isinstance(case.body, dict) and "runAt" in case.body:
            case.body["runAt"] = "now"  # no schema can say which times are within the next 30 days
        if person and case.path.startswith(("/api/auth/sessions", "/api/auth/password", "/api/auth/me")):
            person = Person.register(person.http)  # whose sessions may end, and whose account may go
        case.call_and_validate(headers=person.headers if person else None, checks=CHECKS)
        sent += 1

    send()
    return sent


def test_every_route_is_described(app: Flask, document: Document) -> None:
    described = {(method, path) for method, path, _ in operations(document)}
    routes = {
        (method, reference.path_of(rule))
        for rule in app.url_map.iter_rules()
        if reference.is_documented(rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes
    assert ("GET", "/healthz") in described
    assert ("POST", "/api/auth/refresh-token") in described


def test_every_operation_documents_its_authentication_and_errors(document: Document) -> None:
    """The bearer scheme unless public; each error with the envelope; 401 only on routes that require a login."""
    assert document["security"] == [{"bearer": []}]
    open_to_all = ("register", "login", "refresh", "refresh-token", "logout", "password/reset")
    public = {("POST", f"/api/auth/{name}") for name in open_to_all}
    for method, path, operation in operations(document):
        assert operation["summary"], path
        if operation.get("security") != []:
            assert "503" in operation["responses"], path
        if path.startswith(("/api/auth", "/api/content")):
            needed = [each["bearer"] for each in operation["security"] if "bearer" in each]
            assert len(needed) == ((method, path) not in public), path
            assert all(len(scopes) == 1 for scopes in needed), path
            assert {"429", "503"} <= set(operation["responses"]), path
            assert "401" in operation["responses"] or path.endswith(("/register", "/reset")), path
        if "requestBody" in operation:
            assert {"400", "413", "422"} <= set(operation["responses"]), path
    assert "409" in document["paths"]["/api/auth/register"]["post"]["responses"]
    assert "409" in document["paths"]["/api/content/{content_id}"]["put"]["responses"]
    assert "404" in document["paths"]["/api/content/{content_id}"]["put"]["responses"]
    refusals = document["components"]["responses"]
    assert set(refusals["RateLimited"]["headers"]) == {"X-Request-ID", "Retry-After"}
    assert set(refusals["Unauthenticated"]["headers"]) == {"X-Request-ID", "WWW-Authenticate"}


def test_every_field_has_rules_and_an_example(document: Document) -> None:
    schemas = document["components"]["schemas"]
    telling = {"examples", "enum", "const", "$ref", "items", "allOf", "anyOf"}
    for name, schema in schemas.items():
        assert schema["additionalProperties"] is False, name
        for field, rules in schema["properties"].items():
            assert telling & set(rules) or "null" in rules["type"], f"{name}.{field}"
    generate = schemas["Generate"]["properties"]
    assert (generate["title"]["minLength"], generate["title"]["maxLength"]) == (1, 200)
    assert generate["prompt"]["maxLength"] == 10_000
    assert generate["contentType"]["enum"] == ["blog", "product", "social"]
    assert (schemas["Registration"]["properties"]["password"]["minLength"]) == 8


def test_the_examples_match_their_schemas(document: Document) -> None:
    """Each example has the message that the route sends."""
    for method, path, operation in operations(document):
        for answer in operation["responses"].values():
            content = answer.get("content", {}).get("application/json", {})
            if "example" in content:
                root = {"components": document["components"], **content["schema"]}
                jsonschema_rs.validate(root, content["example"])
                assert content["example"]["message"], (method, path)


def schemas_in(value: Any, name: str = "") -> Iterator[Document]:
    """All schemas with a type, without the values in their examples."""
    if name in {"example", "examples"}:
        return
    if isinstance(value, dict):
        if "type" in value and name != "properties":
            yield value
        for key, each in value.items():
            yield from schemas_in(each, "" if name == "properties" else key)
    elif isinstance(value, list):
        for each in value:
            yield from schemas_in(each)


def test_schemas_are_valid_and_have_valid_examples(document: Document) -> None:
    parameters = [each["schema"] for each in nodes_of(document["paths"]) if "schema" in each]
    for node in schemas_in([document["components"]["schemas"], parameters]):
        assert "example" not in node, node
        if "$ref" not in str(node):
            jsonschema_rs.meta.validate(node)
            for example in [*node.get("examples", ()), *([node["default"]] if "default" in node else ())]:
                jsonschema_rs.validate(node, example)


def example_of(document: Document, method: str, path: str, status: int) -> Any:
    answer = document["paths"][path][method]["responses"][str(status)]
    return answer["content"]["application/json"]["example"]["data"]


def test_the_examples_are_consistent_with_their_state(document: Document) -> None:
    """A waiting content has no text yet, a handwritten one has no job, and a status has one outcome."""
    queued = example_of(document, "post", "/api/content/generate", 202)
    assert (queued["generationStatus"], queued["generatedText"], queued["attempt"]) == ("pending", "", 0)
    assert queued["dueAt"] > queued["createdAt"]
    unwritten = (None, None, None, 0, 1)
    assert tuple(queued[each] for each in ("words", "checks", "model", "version", "revision")) == unwritten
    by_hand = example_of(document, "post", "/api/content", 201)
    assert {by_hand[name] for name in ("jobId", "generationStatus", "dueAt", "maxAttempts", "model")} == {None}
    finding, text = by_hand["checks"][0], by_hand["generatedText"]
    assert (finding["check"], text[finding["spans"][0]["start"] : finding["spans"][0]["end"]]) == ("keyword", "scans")
    (listed,) = example_of(document, "get", "/api/content", 200)["contents"]
    assert (listed["generationStatus"], "truncated" in listed) == ("completed", False)
    job = example_of(document, "get", "/api/content/job/{job_id}/status", 200)
    assert (job["status"], "failureReason" in job) == ("completed", False)
    assert job["content"]["generatedText"]
    accepted, dry_run = (example_of(document, "post", "/api/batches", status) for status in (202, 200))
    assert (accepted["finishedAt"], "rows" in accepted, "ok" in accepted["counts"]) == (None, False, False)
    assert (dry_run["rows"][0]["errors"], "id" in dry_run, dry_run["counts"]["ok"]) == ([], False, 1)
    (webhook,) = example_of(document, "get", "/api/webhooks", 200)["webhooks"]
    assert (webhook["enabled"], webhook["disabledAt"], webhook["disabledReason"]) == (True, None, None)
    assert "role" not in example_of(document, "post", "/api/auth/register", 201)["user"]


def test_batches_are_described_as_json_and_as_a_file(document: Document) -> None:
    content = document["paths"]["/api/batches"]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/form-data"}
    assert set(content["multipart/form-data"]["schema"]["properties"]) == OF_A_FILE | {"file"}


def test_optional_fields_of_lists_are_not_required(document: Document) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["ListedContent"]["required"] == ["id"]
    assert len(schemas["Content"]["required"]) > 1


def test_operations_document_idempotency_key_and_if_match(document: Document) -> None:
    generate = document["paths"]["/api/content/generate"]["post"]
    assert "`Idempotency-Key`" in generate["description"]
    assert "Idempotency-Replayed" in generate["responses"]["202"]["headers"]
    assert "`If-Match`" in document["paths"]["/api/content/{content_id}"]["put"]["description"]


def test_every_201_and_202_documents_a_location_header(document: Document) -> None:
    """As a response header."""
    for method, path, operation in operations(document):
        for status in {"201", "202"} & operation["responses"].keys():
            assert "Location" in operation["responses"][status]["headers"], (method, path)


def test_every_parameter_of_a_path_is_declared(document: Document) -> None:
    for _, path, operation in operations(document):
        shared = document["paths"][path].get("parameters", [])
        declared = {each.get("name") for each in [*operation["parameters"], *shared] if each.get("in") == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path)), path


def test_a_route_only_has_its_own_methods(new_client: Callable[[], Client], document: Document) -> None:
    """Even if its path also matches another route, as `generate` matches an id."""
    for path, methods in document["paths"].items():
        allowed = new_client().options(path.replace("{name}", "docs.js").replace("{", "").replace("}", "")).headers
        declared = {method.upper() for method in methods} - {"PARAMETERS"}
        assert set(allowed["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == declared, path


def test_the_page_needs_no_other_server(new_client: Callable[[], Client]) -> None:
    """It serves the page, scripts and styles itself, and every file that the page names exists."""
    client = new_client()
    page = client.get("/api/docs").get_data(as_text=True)
    assert client.get("/api/docs/").headers["Location"] == "/api/docs"
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert len(addresses) >= 7
    for address in addresses:
        assert address.startswith(("/api/", "#"))
        assert address.startswith("#") or client.get(address).status_code == 200
    assert client.get("/api/docs/__init__.py").status_code == 404
