"""/api/content/:id/versions: list, save, get, compare and restore versions."""

from __future__ import annotations

from typing import Any

from flask import g

from app.content.editing import Edit
from app.content.queries import Shown
from app.content.schemas import ContentSchema
from app.content.version_history import VersionHistory
from app.content.version_schemas import (
    DiffSchema,
    VersionListQuerySchema,
    VersionPageSchema,
    VersionSchema,
    WholeVersionSchema,
)
from app.errors import Conflict, PreconditionFailed
from app.http.blueprint import ApiBlueprint, Instead
from app.http.conditional import allowed_revisions, with_etag
from app.http.fields import NoFieldsSchema
from app.http.idempotency import idempotent
from app.http.scopes import BY_METHOD
from app.services import service

blueprint = ApiBlueprint(
    "versions", __name__, url_prefix="/api/content", description="Versions of texts", scopes=BY_METHOD
)


def _history() -> VersionHistory:
    return service(VersionHistory)


@blueprint.route("/<content:content_id>/versions", methods=["GET"])
@blueprint.arguments(VersionListQuerySchema, location="query")
@blueprint.answers(200, VersionPageSchema, "Versions retrieved successfully")
def list_versions(query: dict[str, int], content_id: str) -> dict[str, Any]:
    """List the versions of a content's text, newest first."""
    page = _history().page(g.user_id, content_id, **query)
    return {"versions": page.versions, "pagination": page}


@blueprint.route("/<content:content_id>/versions", methods=["POST"])
@idempotent
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(
    201,
    VersionSchema,
    "Version saved",
    also={200: "Nothing new to save"},
    raises=(Conflict,),
    location="/api/content/{content_id}/versions/{data[number]}",
)
def save(_body: dict[str, Any], content_id: str) -> Any:
    """Save the current text as a version.

    If the newest version already has this text, the response is 200 with that version. If there is no text, it is 409
    `nothing_to_save`.
    """
    version, is_new = _history().save(Edit(g.user_id, content_id, g.principal.session_id))
    return version if is_new else Instead(200, version)


@blueprint.route("/<content:content_id>/versions/<number>", methods=["GET"])
@blueprint.answers(200, WholeVersionSchema, "Version retrieved successfully")
def get(content_id: str, number: str) -> dict[str, Any]:
    """Get a version with its text and the request that the model was given."""
    return _history().get(g.user_id, content_id, number)


@blueprint.route("/<content:content_id>/versions/<a>/diff/<b>", methods=["GET"])
@blueprint.answers(200, DiffSchema, "Versions compared")
def diff(content_id: str, a: str, b: str) -> dict[str, Any]:
    """Compare version `a` with version `b`, by words, or by characters in scripts without spaces.

    The equal and deleted pieces make up exactly the text of `a`, the equal and inserted ones that of `b`.
    """
    return {"changes": _history().diff(g.user_id, content_id, a, b)}


@blueprint.route("/<content:content_id>/versions/<number>/restore", methods=["POST"])
@idempotent
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, ContentSchema, "Version restored", raises=(Conflict, PreconditionFailed))
def restore(_body: dict[str, Any], content_id: str, number: str) -> Shown:
    """Restore the text of a version, as a new version.

    The replaced text is saved as a version first, unless it is one. Older versions never change. While a generation is
    pending or processing, the response is 409 `generation_in_progress`. With `If-Match` nothing happens unless the
    content has that revision.
    """
    edit = Edit(g.user_id, content_id, g.principal.session_id, allowed_revisions())
    content = _history().restore(edit, number)
    with_etag(content["revision"])
    return content
