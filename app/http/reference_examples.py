"""Builds the examples in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.http.blueprint import LEFT_OUT

Document = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")


def modernise(document: Document) -> None:
    """Replaces OpenAPI 3.0's `example` by `examples`, as in OpenAPI 3.1 (JSON Schema 2020-12)."""
    schemas = [each["schema"] for each in nodes_of(document["paths"]) if "schema" in each]
    for node in nodes_of([document["components"]["schemas"], *schemas]):
        if "example" in node and not isinstance(node["example"], dict):
            node["examples"] = [node.pop("example")]


def add_to_answers(document: Document) -> None:
    """Adds an example with the route's actual message to each successful JSON response."""
    for path in document["paths"].values():
        for method in METHODS:
            for status, answer in path.get(method, {}).get("responses", {}).items():
                message, shown = answer.pop("x-message", None), answer.pop("x-example", {})
                if message is None or "content" not in answer:
                    continue
                content = answer["content"]["application/json"]
                example = example_of(content["schema"], document["components"]["schemas"])
                for where, value in shown.items():
                    _show(example["data"], where.split("."), value)
                content["example"] = example | {"message": message, "statusCode": int(status)}


def example_of(schema: Document, schemas: Document) -> Any:
    """Returns an example value for a schema, assembled from the examples in it."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "properties" in schema:
        return {name: example_of(member, schemas) for name, member in schema["properties"].items()}
    if "anyOf" in schema:  # something, or null
        return example_of(schema["anyOf"][0], schemas)
    return [example_of(schema["items"], schemas)] if "items" in schema else None


def _show(example: Any, path: list[str], value: Any) -> None:
    """Sets the value at a path of names and indexes in an example. LEFT_OUT removes it."""
    name: Any = int(path[0]) if isinstance(example, list) else path[0]
    if len(path) > 1:
        _show(example[name], path[1:], value)
    elif value is LEFT_OUT:
        del example[name]
    else:
        example[name] = value


def nodes_of(value: Any) -> Iterator[Document]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from nodes_of(each)
