"""Templates: finding and filling variables, and the HTTP interface."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import InvalidInput
from app.templates.builtin import BUILT_IN
from app.templates.variables import filled, problems_with, refuse_other_braces, variables_in
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import Http, Person

BODY = {
    "name": "Ours", "contentType": "product", "title": "{{product_name}}",
    "prompt": "About {{ product_name }}: {{price}}",
    "brief": {"keywords": ["{{keyword}}"], "words": 80},
}  # fmt: skip
VALUES = {"product_name": "Apron", "price": "9 €", "keyword": "linen"}
STORED = {"title": "{{a}}", "prompt": "{{b}} {{a}} {{größe_1}}", "content_type": "blog", "brief": {"points": ["{{c}}"]}}


def test_variables_are_listed_once_in_order() -> None:
    assert variables_in(STORED) == ["a", "b", "größe_1", "c"]


def test_a_value_is_never_interpreted_as_a_template() -> None:
    request = filled(STORED, {"a": "{{b}}", "b": "\\1 \\g<0> {{größe_1}}", "größe_1": "{% x %}", "c": " z "})
    assert request["title"] == "{{b}}"
    assert request["prompt"] == "\\1 \\g<0> {{größe_1}} {{b}} {% x %}"
    assert request["brief"] == {"points": ["z"]}


@pytest.mark.parametrize(
    ("values", "names"),
    [({}, {"a", "b", "größe_1", "c"}), ({"a": "1", "b": " ", "größe_1": "1", "c": "1", "d": "1"}, {"b", "d"})],
)
def test_missing_empty_and_unknown_values_are_named(values: dict[str, str], names: set[str]) -> None:
    assert set(problems_with(STORED, values)) == names


@pytest.mark.parametrize("text", ["{{a b}}", "{{}}", "{{a", "a}}", "{{" + "x" * 41 + "}}", "{{a.b}}"])
def test_braces_that_are_not_a_variable_are_rejected(text: str) -> None:
    with pytest.raises(InvalidInput):
        refuse_other_braces({"title": "t", "prompt": text})


def test_built_in_templates_are_valid() -> None:
    for template in BUILT_IN.values():
        refuse_other_braces(template)
        assert variables_in(template)


def test_a_template_can_be_created_changed_and_deleted(person: Person, http: Http) -> None:
    made = data_of(person.call("POST", "/api/templates", BODY), 201, None)
    assert made["variables"] == ["product_name", "price", "keyword"]
    path = f"/api/templates/{made['id']}"
    assert data_of(person.call("GET", path), 200, None) == made
    listed = data_of(person.call("GET", "/api/templates"), 200, None)["templates"]
    assert [each["builtIn"] for each in listed] == [False] + [True] * len(BUILT_IN)
    changed = data_of(person.call("PUT", path, {"title": "{{x}}"}), 200, None)
    assert changed["variables"] == ["x", "product_name", "price", "keyword"]
    assert bad_fields(person.call("PUT", path, {"prompt": "{{no good}}"})) == ["prompt"]
    stranger = Person.register(http)
    for method, body in (("GET", None), ("PUT", {"name": "n"}), ("DELETE", None)):
        error_of(stranger.call(method, path, body), 404)
    assert person.call("DELETE", path)[0] == 204
    error_of(person.call("GET", path), 404)


def test_a_built_in_template_cannot_be_changed(person: Person) -> None:
    data_of(person.call("GET", "/api/templates/product-short"), 200, None)
    for method, body in (("PUT", {"name": "n"}), ("DELETE", None)):
        assert error_of(person.call(method, "/api/templates/product-short", body), 409)["code"] == "template_built_in"


def generate(person: Person, **body: Any) -> Any:
    return person.call("POST", "/api/content/generate", body)


def test_a_text_is_requested_with_a_template(person: Person) -> None:
    template = data_of(person.call("POST", "/api/templates", BODY), 201, None)["id"]
    content = data_of(generate(person, templateId=template, variables=VALUES, tags=["t"]), 202, None)
    assert (content["title"], content["prompt"], content["contentType"]) == ("Apron", "About Apron: 9 €", "product")
    assert (content["brief"], content["tags"]) == ({"keywords": ["linen"], "words": 80}, ["t"])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"templateId": "product-short", "variables": {"features": " ", "colour": "red"}},
         ["variables.colour", "variables.features", "variables.product_name"]),
        ({"templateId": "product-short", "variables": {"features": "f", "product_name": "x" * 201}}, ["title"]),
        ({"templateId": "product-short", "title": "t"}, ["title"]),
        ({"title": "t", "contentType": "blog", "prompt": "p", "variables": {}}, ["variables"]),
        ({"title": "t"}, ["contentType", "prompt"]),
        ({"templateId": "product-short", "variables": {f"v{n}": "" for n in range(60_000)}}, ["variables"]),
    ],
)  # fmt: skip
def test_invalid_fields_are_named(person: Person, body: Any, fields: list[str]) -> None:
    assert bad_fields(generate(person, **body)) == fields


def test_at_most_twenty_variables_are_named(person: Person) -> None:
    variables = {f"v{number}": "" for number in range(3_000)}
    assert len(bad_fields(generate(person, templateId="product-short", variables=variables))) == 20


def test_an_unknown_template_is_404(person: Person) -> None:
    error_of(generate(person, templateId="5" * 24, variables={}), 404)
