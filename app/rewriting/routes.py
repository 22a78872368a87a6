"""/api/content/:id/rewrites: request the rewrite of a passage, get the result, accept it."""

from __future__ import annotations

from typing import Any

from flask import g

from app.content.editing import Edit
from app.content.queries import Shown
from app.content.schemas import ContentSchema
from app.errors import Conflict, PreconditionFailed
from app.http.blueprint import ApiBlueprint, costs
from app.http.conditional import allowed_revisions, with_etag
from app.http.idempotency import chosen, idempotent
from app.http.scopes import GENERATE, READ, WRITE
from app.rewriting.schemas import AcceptSchema, RewriteRequestSchema, RewriteSchema
from app.rewriting.service import Rewrites
from app.services import service

_WAITING = {"status": "pending", "replacement": None}

blueprint = ApiBlueprint(
    "rewrites",
    __name__,
    url_prefix="/api/content",
    description="Rewriting passages",
    scopes={"GET": READ, "POST": GENERATE},
)


def _rewrites() -> Rewrites:
    return service(Rewrites)


@blueprint.route("/<content:content_id>/rewrites", methods=["POST"])
@idempotent
@blueprint.arguments(RewriteRequestSchema)
@blueprint.answers(
    202,
    RewriteSchema,
    "Rewrite queued successfully",
    raises=(Conflict,),
    example=_WAITING,
    location="/api/content/{content_id}/rewrites/{data[_id]}",
)
@costs
def request_rewrite(body: dict[str, Any], content_id: str) -> dict[str, Any]:
    """Have a passage of the text rewritten. The text itself changes only when the result is accepted.

    `start` and `end` count Unicode code points, and `quote` must be the text between them; otherwise the response is
    409 `text_changed`. The action tone requires `tone`, translate requires `language`, and custom requires
    `instruction`. Every action accepts an instruction.
    """
    return _rewrites().request(g.user_id, content_id, g.request_id, chosen(), **body)


@blueprint.route("/<content:content_id>/rewrites/<rewrite_id>", methods=["GET"])
@blueprint.answers(200, RewriteSchema, "Rewrite retrieved successfully")
def get(content_id: str, rewrite_id: str) -> dict[str, Any]:
    """A rewrite. It has a replacement once it is completed."""
    return _rewrites().get(g.user_id, content_id, rewrite_id)


@blueprint.route("/<content:content_id>/rewrites/<rewrite_id>/accept", methods=["POST"], scope=WRITE)
@idempotent
@blueprint.arguments(AcceptSchema, required=False)
@blueprint.answers(200, ContentSchema, "Rewrite accepted", raises=(Conflict, PreconditionFailed))
def accept(body: dict[str, Any], content_id: str, rewrite_id: str) -> Shown:
    """Replace the passage with the replacement, as a new version. Nothing outside the passage changes.

    Send `start` if the passage has moved because the text before it was edited. If the passage is not at that offset,
    the response is 409 `text_changed`; before the rewrite is completed, it is 409 `rewrite_not_ready`. Accepting a
    rewrite again changes nothing and returns the current content. With `If-Match`, the request fails unless the
    content has that revision.
    """
    edit = Edit(g.user_id, content_id, g.principal.session_id, allowed_revisions())
    content = _rewrites().accept(edit, rewrite_id, body.get("start"))
    with_etag(content["revision"])
    return content
