"""/api/content: create, list, get, update and delete contents."""

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
    """Matches any path segment except the names of sibling routes, so that those keep their own methods."""

    regex = r"(?!(?:generate|tags|bulk|export)$)[^/]+"
    part_isolating = True
    """Werkzeug compares one segment at a time. Otherwise it would try the patterns of 14 routes one after another."""


_WRITTEN_BY_HAND = {
    "jobId": None,
    "generationStatus": None,
    "dueAt": None,
    "attempt": 0,
    "maxAttempts": None,
    "model": None,
    "revision": 1,
    "version": 0,
    "updatedAt": "2026-01-31T08:15:00.250Z",
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
    """Create a content written by hand."""
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
    example={"contents.0.truncated": LEFT_OUT, "contents.0.deletedAt": LEFT_OUT},
)
def list_contents(query: dict[str, Any]) -> dict[str, Any]:
    """List your contents, newest first unless `sort` says otherwise.

    `q` searches title, prompt and text, ignoring case and accents; there is no `total` then. With `cursor` instead of
    `page`, no content is repeated or skipped when others are added meanwhile.
    """
    page = _contents().list_page(g.user_id, **query)
    return {"contents": page.contents, "pagination": page}


@blueprint.route("/tags", methods=["GET"])
@blueprint.answers(200, TagListSchema, "Tags retrieved successfully")
def list_tags() -> dict[str, Any]:
    """List your tags with the number of contents that have each, most used first."""
    return {"tags": _contents().tags(g.user_id)}


@blueprint.route("/<content:content_id>", methods=["GET"])
@blueprint.answers(200, ContentSchema, "Content retrieved successfully")
def get(content_id: str) -> Shown:
    """Get a content."""
    content = _contents().get(g.user_id, content_id)
    with_etag(content["revision"])
    return content


@blueprint.route("/<content:content_id>", methods=["PUT"])
@blueprint.arguments(UpdateSchema)
@blueprint.answers(200, ContentSchema, "Content updated successfully", raises=(Conflict, PreconditionFailed))
def update(body: dict[str, Any], content_id: str) -> Shown:
    """Update a content.

    The text cannot be changed while its generation is pending or processing: a request with `generatedText` is then
    answered with 409 `generation_in_progress` and changes nothing. With `If-Match` the content is changed only if it
    has that revision. The previous text becomes a version if it is from another session or has been edited for ten
    minutes. A published text becomes a version too.
    """
    edit = Edit(g.user_id, content_id, g.principal.session_id, allowed_revisions())
    content = _contents().update(edit, **body)
    with_etag(content["revision"])
    return content


@blueprint.route("/<content:content_id>", methods=["DELETE"])
@blueprint.arguments(DeleteQuerySchema, location="query")
@blueprint.answers(204, raises=(Conflict,))
def delete(query: dict[str, Any], content_id: str) -> None:
    """Move a content to the trash, cancelling a waiting or running generation.

    With `permanent=true`, permanently delete a content that is in the trash, with its versions; if it is not in the
    trash, the response is 409 `not_in_trash`.
    """
    if query["permanent"] == "true":
        service(Trash).erase(g.user_id, content_id)
    else:
        service(Trash).put(g.user_id, content_id)
