"""/api/content: write, list, show, change, delete."""

from __future__ import annotations

from typing import Any

from flask import g
from werkzeug.routing import BaseConverter

from app.content.editing import Edit
from app.content.list_schemas import ContentPageSchema, DeleteQuerySchema, ListQuerySchema
from app.content.queries import Shown
from app.content.schemas import (
    ContentSchema,
    CreateSchema,
    UpdateSchema,
)
from app.content.service import ContentService
from app.content.tag_schemas import TagListSchema
from app.content.trash import Trash
from app.errors import Conflict, PreconditionFailed
from app.http.blueprint import LEFT_OUT, ApiBlueprint
from app.http.conditional import allowed_revisions, with_etag
from app.http.idempotency import chosen, idempotent
from app.http.scopes import BY_METHOD
from app.services import service


class ContentIdConverter(BaseConverter):
    """Matches any path segment that is not the name of a neighbouring route, so each route has only its methods."""

    regex = r"(?!(?:generate|tags|bulk|export)(?:/|$))[^/]+"


_WRITTEN_BY_HAND = {
    "jobId": None,
    "generationStatus": None,
    "dueAt": None,
    "attempt": 0,
    "maxAttempts": None,
}
_COMPLETED = {"dueAt": "2026-01-31T08:16:00.250Z", "updatedAt": "2026-01-31T08:16:09.730Z"}
_LISTED = {
    "contents.0.truncated": LEFT_OUT,
    "contents.0.deletedAt": LEFT_OUT,
    **{f"contents.0.{name}": value for name, value in _COMPLETED.items()},
}

blueprint = ApiBlueprint(
    "content", __name__, url_prefix="/api/content", description="Contents and their generation", scopes=BY_METHOD
)


def _contents() -> ContentService:
    return service(ContentService)


@blueprint.route("", methods=["POST"])
@idempotent
@blueprint.arguments(CreateSchema)
@blueprint.answers(
    201, ContentSchema, "Content created successfully", example=_WRITTEN_BY_HAND, location="/api/content/{data[id]}"
)
def create(body: dict[str, Any]) -> Shown:
    """Store a piece written by hand."""
    content = _contents().create(g.user_id, chosen(), **body)
    with_etag(content["revision"])
    return content


@blueprint.route("", methods=["GET"])
@blueprint.arguments(ListQuerySchema, location="query")
@blueprint.answers(
    200,
    ContentPageSchema,
    "Contents retrieved successfully",
    raises=(Conflict,),
    example={
        "contents.0.truncated": LEFT_OUT,
        "contents.0.deletedAt": LEFT_OUT,
        **{f"contents.0.{k}": v for k, v in _COMPLETED.items()},
    },
)
def list_contents(query: dict[str, Any]) -> dict[str, Any]:
    """A page of your contents: the newest first, unless `sort` says otherwise.

    `q` searches title, prompt and text without regard to case and accents; then there is no `total`. With `cursor`
    instead of `page`, nothing is listed twice or left out while others are written.
    """
    page = _contents().list_page(g.user_id, **query)
    return {"contents": page.contents, "pagination": page}


@blueprint.route("/tags", methods=["GET"])
@blueprint.answers(200, TagListSchema, "Tags retrieved successfully")
def list_tags() -> dict[str, Any]:
    """Your tags, the most used first, with how many contents have each."""
    return {"tags": _contents().tags(g.user_id)}


@blueprint.route("/<content:content_id>", methods=["GET"])
@blueprint.answers(200, ContentSchema, "Content retrieved successfully", example=_COMPLETED)
def get(content_id: str) -> Shown:
    """One content."""
    content = _contents().get(g.user_id, content_id)
    with_etag(content["revision"])
    return content


@blueprint.route("/<content:content_id>", methods=["PUT"])
@blueprint.arguments(UpdateSchema)
@blueprint.answers(
    200, ContentSchema, "Content updated successfully", raises=(Conflict, PreconditionFailed), example=_COMPLETED
)
def update(body: dict[str, Any], content_id: str) -> Shown:
    """Change a content.

    The text can be changed once it is complete: while the generation is pending or processing, a request with
    `generatedText` changes nothing and is answered with 409 `generation_in_progress`. With `If-Match` the content is
    changed only if it has that revision. The previous text becomes a version first if it is from another session or has
    been worked on for ten minutes. A text that is published becomes one as well.
    """
    edit = Edit(g.user_id, content_id, g.principal.session_id, allowed_revisions())
    content = _contents().update(edit, **body)
    with_etag(content["revision"])
    return content


@blueprint.route("/<content:content_id>", methods=["DELETE"])
@blueprint.arguments(DeleteQuerySchema, location="query")
@blueprint.answers(204, raises=(Conflict,))
def delete(query: dict[str, Any], content_id: str) -> None:
    """Put a content into the trash; a generation that waits or runs is called off.

    With `permanent=true`, remove for good what is there already, with its versions; else 409 `not_in_trash`.
    """
    if query["permanent"] == "true":
        service(Trash).erase(g.user_id, content_id)
    else:
        service(Trash).put(g.user_id, content_id)
