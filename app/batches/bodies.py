"""Parses the bodies of requests for batches: JSON, or a form with a CSV file."""

from __future__ import annotations

from typing import Any

import orjson
from flask import request
from marshmallow import ValidationError

from app.batches.schemas import LONGEST_NAME
from app.batches.service import Order
from app.batches.spreadsheet import MOST_COLUMNS
from app.errors import FieldError, InvalidInput, MalformedRequest
from app.http.fields import Text
from app.http.json_bodies import read_object, whole_body

_FIELDS = {"name", "templateId", "items", "dryRun"}
OF_A_FILE = {"name", "templateId", "dryRun", "encoding", "columns"}
OF_A_TABLE = {"encoding", "delimiter"}
_NAME = Text(LONGEST_NAME, allow_none=True)


def json_of() -> dict[str, Any]:
    """Returns the JSON object of the request, with its fields checked except for the items."""
    if not request.is_json:
        raise MalformedRequest("Send a JSON object, or multipart/form-data with a CSV file")
    given = read_object(whole_body(request))
    _refuse_unknown(given, _FIELDS)
    if not isinstance(given.get("items"), list):
        raise InvalidInput([FieldError("items", "Must be a list of items.")])
    if not isinstance(given.get("dryRun", False), bool):
        raise InvalidInput([FieldError("dryRun", "Must be true or false.")])
    template = given.get("templateId")
    if template is not None and not (isinstance(template, str) and template.strip()):
        raise InvalidInput([FieldError("templateId", "Must be the id of a template.")])
    return given


def form_of(known: set[str]) -> dict[str, Any]:
    """Returns the form of the request with its file, which may have these fields."""
    given: dict[str, Any] = request.form.to_dict()
    _refuse_unknown(given, known)
    if "file" not in request.files:
        raise InvalidInput([FieldError("file", "Send a CSV file.")])
    if given.get("dryRun", "false") not in {"true", "false"}:
        raise InvalidInput([FieldError("dryRun", "Must be true or false.")])
    given["name"] = given.get("name") or None
    given["file"] = request.files["file"].read()
    if columns := given.get("columns"):
        given["columns"] = _columns(columns)
    return given


def order_of(given: dict[str, Any]) -> Order:
    """Returns the order in a body."""
    try:
        name = _NAME.deserialize(given.get("name"))
    except ValidationError as error:
        raise InvalidInput([FieldError("name", str(error.messages[0]))]) from None
    return Order(
        template_id=given.get("templateId") or None,
        items=given.get("items") or (),
        file=given.get("file"),
        encoding=given.get("encoding") or "",
        columns=given.get("columns"),
        name=name or "",
    )


def _columns(text: str) -> dict[str, str]:
    example = '{"Product": "product_name"}'
    refused = InvalidInput(
        [FieldError("columns", f"Must be JSON such as {example}, of at most {MOST_COLUMNS} columns.")]
    )
    try:
        columns = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise refused from None
    if (
        not isinstance(columns, dict)
        or len(columns) > MOST_COLUMNS
        or not all(isinstance(each, str) for each in columns.values())
    ):
        raise refused
    return columns


def _refuse_unknown(given: dict[str, Any], known: set[str]) -> None:
    if unknown := [name for name in given if name not in known][:20]:
        raise InvalidInput([FieldError(name[:100], "Unknown field.") for name in unknown])
