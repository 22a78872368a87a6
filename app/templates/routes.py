"""/api/templates: list, create, get, update, delete."""

from __future__ import annotations

from typing import Any

from flask import g

from app.errors import Conflict
from app.http.blueprint import ApiBlueprint
from app.http.idempotency import chosen, idempotent
from app.http.scopes import BY_METHOD
from app.services import service
from app.templates.schemas import TemplateChangeSchema, TemplateCreateSchema, TemplateListSchema, TemplateSchema
from app.templates.service import Shown, Templates

blueprint = ApiBlueprint(
    "templates", __name__, url_prefix="/api/templates", description="Requests with variables", scopes=BY_METHOD
)


def _templates() -> Templates:
    return service(Templates)


@blueprint.route("", methods=["GET"])
@blueprint.answers(200, TemplateListSchema, "Templates retrieved successfully")
def list_templates() -> dict[str, Any]:
    """Your templates by name, followed by the built-in ones."""
    return {"templates": _templates().all_of(g.user_id)}


@blueprint.route("", methods=["POST"])
@idempotent
@blueprint.arguments(TemplateCreateSchema)
@blueprint.answers(
    201,
    TemplateSchema,
    "Template created successfully",
    raises=(Conflict,),
    location="/api/templates/{data[id]}",
)
def create(body: dict[str, Any]) -> Shown:
    """Create a template. The limit is 200 templates."""
    return _templates().create(g.user_id, chosen(), **body)


@blueprint.route("/<template_id>", methods=["GET"])
@blueprint.answers(200, TemplateSchema, "Template retrieved successfully")
def get(template_id: str) -> Shown:
    """One template."""
    return _templates().get(g.user_id, template_id)


@blueprint.route("/<template_id>", methods=["PUT"])
@blueprint.arguments(TemplateChangeSchema)
@blueprint.answers(200, TemplateSchema, "Template updated successfully", raises=(Conflict,))
def update(body: dict[str, Any], template_id: str) -> Shown:
    """Update one of your templates. A built-in template returns 409 `template_built_in`."""
    return _templates().update(g.user_id, template_id, **body)


@blueprint.route("/<template_id>", methods=["DELETE"])
@blueprint.answers(204, raises=(Conflict,))
def delete(template_id: str) -> None:
    """Delete one of your templates."""
    _templates().delete(g.user_id, template_id)
