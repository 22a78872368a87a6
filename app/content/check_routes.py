"""/api/checks: checks a text without storing it."""

from __future__ import annotations

from typing import Any

from flask import g

from app.checks.subject import Reading
from app.content.finding_schemas import ChecksRequestSchema, ChecksSchema
from app.content.measuring import Whose, measure
from app.http.blueprint import ApiBlueprint, costs
from app.http.scopes import READ

blueprint = ApiBlueprint(
    "checks", __name__, url_prefix="/api/checks", description="Checks of texts against briefs", scopes={"POST": READ}
)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(ChecksRequestSchema)
@blueprint.answers(200, ChecksSchema, "Text checked")
@costs
def check(body: dict[str, Any]) -> dict[str, Any]:
    """Check a text against a brief. Nothing is stored, and no model is called."""
    return measure(Reading(body["text"]), body["content_type"], body.get("brief"), whose=Whose(g.user_id))
