"""/api/batches: create, list, get, pause, resume, cancel, retry and export batches."""

from __future__ import annotations

from typing import Any

from bson import ObjectId
from flask import Response, g, request
from werkzeug.routing import BaseConverter

from app.batches.bodies import OF_A_FILE, OF_A_TABLE, form_of, json_of, order_of
from app.batches.document import CANCELLED, PAUSED, RUNNING
from app.batches.reference_schemas import ACCEPTED, DRY_RUN, ENDED, REQUEST_BODY, TABLE_BODY
from app.batches.schemas import (
    AcceptedSchema,
    BatchPageSchema,
    BatchSchema,
    ExportQuerySchema,
    ItemPageSchema,
    ItemQuerySchema,
    PageQuerySchema,
    TableSchema,
)
from app.batches.service import Batches, Shown
from app.config import Settings
from app.content.export.names import base_name, content_disposition
from app.content.export.service import Exports
from app.content.listing import OLDEST, ListQuery
from app.errors import Conflict, FieldError, InvalidInput, MalformedRequest, NotFound
from app.http.blueprint import ApiBlueprint, Instead, costs, plain
from app.http.fields import NoFieldsSchema
from app.http.idempotency import chosen, idempotent
from app.http.scopes import GENERATE, READ, WRITE
from app.services import service


class BatchIdConverter(BaseConverter):
    """Matches any path segment except `table`, which is a separate route."""

    regex = r"(?!table$)[^/]+"
    part_isolating = True


_BYTES = {"schema": {"type": "string", "format": "binary"}}

_SCOPES = {"GET": READ, "POST": GENERATE, "DELETE": WRITE}

blueprint = ApiBlueprint(
    "batches", __name__, url_prefix="/api/batches", description="Many requests at once", scopes=_SCOPES
)


def _batches() -> Batches:
    return service(Batches)


@blueprint.route("", methods=["POST"])
@blueprint.doc(requestBody=REQUEST_BODY)  # type: ignore[untyped-decorator]  # flask-smorest does not type it
@idempotent
@blueprint.answers(
    202,
    AcceptedSchema,
    "Batch accepted",
    also={200: "Dry run"},
    example=ACCEPTED,
    also_example=DRY_RUN,
    raises=(Conflict, InvalidInput, MalformedRequest, NotFound),
    location="/api/batches/{data[id]}",
)
@costs
def accept() -> Any:
    """Request up to 500 texts at once.

    The body is JSON, `{templateId, items: [variables]}` or `{items: [bodies of POST /content/generate]}`, or
    multipart/form-data with a CSV `file` and the fields templateId, encoding and columns (JSON: variables by column).
    With `dryRun: true` nothing is stored, and the response is 200 with each row's title or error. If a row is invalid,
    the response is 422 with one error for each invalid row (`rows.17.colour`, counted from 1), and nothing is stored.
    """
    is_file = request.mimetype == "multipart/form-data"
    given = form_of(OF_A_FILE) if is_file else json_of()
    order = order_of(given)
    if given.get("dryRun") in (True, "true"):
        return Instead(200, _batches().check(g.user_id, order).shown)
    return _batches().accept(g.user_id, order, chosen(), g.request_id)


@blueprint.route("/table", methods=["POST"])
@blueprint.doc(requestBody=TABLE_BODY)  # type: ignore[untyped-decorator]  # as above
@blueprint.answers(200, TableSchema, "Table read", raises=(InvalidInput,))
def read_table() -> Any:
    """Parse a CSV file of up to 500 rows and return its columns and cells.

    The encoding and the delimiter are detected unless they are given. Nothing is stored or generated.
    """
    given = form_of(OF_A_TABLE) if request.mimetype == "multipart/form-data" else {}
    if "file" not in given:
        raise InvalidInput([FieldError("file", "Send a CSV file as multipart/form-data.")])
    delimiter = given.get("delimiter") or ""
    if len(delimiter) > 1 or delimiter in {'"', "\r", "\n", "\x00"}:
        raise InvalidInput([FieldError("delimiter", "Must be one character, such as a comma.")])
    return _batches().table_in(given["file"], given.get("encoding") or "", delimiter)


@blueprint.route("", methods=["GET"])
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.answers(200, BatchPageSchema, "Batches retrieved successfully")
def list_batches(query: dict[str, int]) -> dict[str, Any]:
    """List your batches, newest first."""
    batches, total = _batches().page(g.user_id, **query)
    return {"batches": batches, "pagination": _pagination(total, **query)}


@blueprint.route("/<batch:batch_id>", methods=["GET"])
@blueprint.answers(200, BatchSchema, "Batch retrieved successfully")
def get(batch_id: str) -> Shown:
    """Get a batch with its counts."""
    return _batches().get(g.user_id, batch_id)


@blueprint.route("/<batch:batch_id>", methods=["DELETE"])
@blueprint.answers(204, raises=(Conflict,))
def delete(batch_id: str) -> None:
    """Delete a batch that has ended. Its texts stay. If it has not ended: 409 `batch_unfinished`."""
    _batches().delete(g.user_id, batch_id)


@blueprint.route("/<batch:batch_id>/items", methods=["GET"])
@blueprint.arguments(ItemQuerySchema, location="query")
@blueprint.answers(200, ItemPageSchema, "Items retrieved successfully")
def items(query: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """List the rows of a batch in order, optionally only those with a `status`."""
    found, total = _batches().items(g.user_id, batch_id, **query)
    return {"items": found, "pagination": _pagination(total, query["page"], query["limit"])}


@blueprint.route("/<batch:batch_id>/pause", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, BatchSchema, "Batch paused", raises=(Conflict,), example={"state": PAUSED})
def pause(_body: dict[str, Any], batch_id: str) -> Shown:
    """Pause a batch: its texts only start if you request them singly; running ones finish. If it has ended: 409."""
    return _batches().turn(g.user_id, batch_id, PAUSED)


@blueprint.route("/<batch:batch_id>/resume", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, BatchSchema, "Batch resumed", raises=(Conflict,))
def resume(_body: dict[str, Any], batch_id: str) -> Shown:
    """Resume a paused batch."""
    return _batches().turn(g.user_id, batch_id, RUNNING)


@blueprint.route("/<batch:batch_id>/cancel", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, BatchSchema, "Batch cancelled", raises=(Conflict,), example=ENDED)
def cancel(_body: dict[str, Any], batch_id: str) -> Shown:
    """Cancel all unfinished texts of a batch. Idempotent."""
    return _batches().turn(g.user_id, batch_id, CANCELLED)


@blueprint.route("/<batch:batch_id>/retry-failed", methods=["POST"])
@idempotent
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(
    202, BatchSchema, "Failed texts are tried again", raises=(Conflict,), location="/api/batches/{batch_id}"
)
@costs
def retry_failed(_body: dict[str, Any], batch_id: str) -> Shown:
    """Retry every text that failed; in a paused batch, once it is resumed. If none has: 409 `batch_finished`."""
    return _batches().retry_failed(g.user_id, batch_id, service(Settings).job_max_attempts)


@blueprint.route("/<batch:batch_id>/export", methods=["GET"])
@blueprint.arguments(ExportQuerySchema, location="query")
@plain({"text/csv": _BYTES, "application/zip": _BYTES})
def export(query: dict[str, Any], batch_id: str) -> Response:
    """Download the results: a CSV with a line for each row, or a zip of the texts in an export format."""
    batch = _batches().get(g.user_id, batch_id)
    if query["format"] == "csv":
        response = Response(_batches().table(g.user_id, batch_id), content_type="text/csv; charset=utf-8")
    else:
        found = ListQuery(batch_id=ObjectId(batch_id), sort=OLDEST)
        pieces = service(Exports).archive(g.user_id, query["format"], None, found)
        response = Response(pieces, content_type="application/zip")
    ending = "csv" if query["format"] == "csv" else "zip"
    response.headers["Content-Disposition"] = content_disposition(f"{base_name(batch['name'])}.{ending}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _pagination(total: int, page: int, limit: int) -> dict[str, int]:
    return {"total": total, "page": page, "limit": limit, "total_pages": -(-total // limit)}
