"""What the reference says about the batch routes beyond their schemas: bodies and examples."""

from __future__ import annotations

from typing import Any

from app.batches.encodings import ENCODINGS
from app.batches.schemas import LONGEST_NAME, MOST_LISTED
from app.content.schemas import PieceSchema
from app.http.blueprint import LEFT_OUT
from app.http.fields import VISIBLE_PATTERN

_OF_A_DRY_RUN = ("rows", "encoding", "delimiter", "ignoredColumns")
_OF_A_BATCH = ("id", "name", "templateId", "state", "createdAt", "finishedAt")
ACCEPTED = {
    **dict.fromkeys(_OF_A_DRY_RUN, LEFT_OUT),
    "counts": {"total": 60, "pending": 60, "processing": 0, "completed": 0, "failed": 0, "cancelled": 0},
}
DRY_RUN = {
    **dict.fromkeys(_OF_A_BATCH, LEFT_OUT),
    "counts": {"total": 1, "ok": 1, "bad": 0},
    "rows": [{"row": 1, "ok": True, "errors": [], "title": "Linen apron"}],
}
ENDED = {
    "state": "cancelled",
    "counts": {"total": 60, "pending": 0, "processing": 0, "completed": 10, "failed": 2, "cancelled": 48},
    "finishedAt": "2026-01-31T08:17:00.000Z",
}


def _body(items: Any, *required: str, **more: Any) -> dict[str, Any]:
    rows = {"type": "array", "minItems": 1, "maxItems": MOST_LISTED, "items": items}
    name = {"type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_NAME, "pattern": VISIBLE_PATTERN}
    return {
        "type": "object",
        "required": ["items", *required],
        "properties": {"name": name, "items": rows, "dryRun": {"enum": [False]}, **more},
        "additionalProperties": False,
    }


_TEMPLATE = {"type": "string", "minLength": 1, "pattern": r"\S"}
_NO_TEMPLATE = {"type": "null"}
_ENCODING = {
    "enum": list(ENCODINGS),
    "description": "Other names of these encodings, such as `Windows-1252`, are accepted too.",
}
REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "anyOf": [
                    _body(PieceSchema, templateId=_NO_TEMPLATE),
                    _body(
                        {"type": "object", "additionalProperties": {"type": "string"}},
                        "templateId",
                        templateId=_TEMPLATE,
                    ),
                    _body({}, "dryRun", dryRun={"const": True}, templateId={"anyOf": [_TEMPLATE, _NO_TEMPLATE]}),
                ]
            }
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "templateId"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "CSV, at most 5 MiB"},
                    "templateId": _TEMPLATE,
                    "name": {"type": "string", "maxLength": LONGEST_NAME, "pattern": f"^$|{VISIBLE_PATTERN}"},
                    "dryRun": {"enum": ["true", "false"]},
                    "encoding": _ENCODING,
                    "columns": {
                        "type": "string",
                        "contentMediaType": "application/json",
                        "description": 'Variables by column, if they differ: `{"Product": "product_name"}`.',
                    },
                },
                "additionalProperties": False,
            }
        },
    },
}
"""The body of POST /batches in the reference: requests, a template with values for its variables, or a dry run.

A dry run accepts any rows: its response has the errors of each. A file needs a template.
"""


TABLE_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "encoding": _ENCODING,
                    "delimiter": {"type": "string", "pattern": r'^[^"\r\n\x00]?$'},
                },
                "additionalProperties": False,
            }
        }
    },
}
"""The body of POST /batches/table in the reference."""
