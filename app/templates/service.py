"""A user's templates, and the generation requests built from them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument

from app.clock import utcnow
from app.database import collection_of
from app.errors import FieldError, InvalidInput, NotFound
from app.idempotency import Chosen
from app.library_errors import BuiltInTemplate, TooManyTemplates
from app.places import insert_in_place
from app.templates.builtin import BUILT_IN
from app.templates.document import Template
from app.templates.variables import filled, problems_with, refuse_other_braces, variables_in

MOST_TEMPLATES = 200
MOST_NAMED = 20
"""The maximum number of errors of a request's variables."""

Shown = dict[str, Any]


class Templates:
    """Every method sees one user's templates and the built-in ones."""

    def create(self, user_id: str, chosen: Chosen, **values: Any) -> Shown:
        """Raises InvalidInput for double braces that are not a variable, TooManyTemplates above 200."""
        refuse_other_braces(values)
        own = {"user_id": ObjectId(user_id)}
        if made := _templates().find_one(own | {"_id": chosen.id}):
            return _shown(made)
        template = Template(id=chosen.id, user_id=user_id, **values)
        template.validate()
        document = dict(template.to_mongo())
        if not insert_in_place(Template, document, own, MOST_TEMPLATES):
            raise TooManyTemplates
        return _shown(document)

    def all_of(self, user_id: str) -> list[Shown]:
        """Returns the user's own by name, followed by the built-in ones."""
        own = _templates().find({"user_id": ObjectId(user_id)}, sort=[("name", 1), ("_id", 1)])
        return [*map(_shown, own), *map(_built_in, BUILT_IN)]

    def get(self, user_id: str, template_id: str) -> Shown:
        """Raises NotFound."""
        if template_id in BUILT_IN:
            return _built_in(template_id)
        found = _templates().find_one(_own(user_id, template_id))
        if found is None:
            raise NotFound("Template not found")
        return _shown(found)

    def update(self, user_id: str, template_id: str, **changes: Any) -> Shown:
        """Raises NotFound, BuiltInTemplate, and InvalidInput as `create` does or for an empty change."""
        if not changes:
            raise InvalidInput([FieldError("body", "Give at least one field to change.")])
        refuse_other_braces(changes)
        if template_id in BUILT_IN:
            raise BuiltInTemplate
        changed = _templates().find_one_and_update(
            _own(user_id, template_id),
            {"$set": changes | {"updated_at": utcnow()}},
            return_document=ReturnDocument.AFTER,
        )
        if changed is None:
            raise NotFound("Template not found")
        return _shown(changed)

    def delete(self, user_id: str, template_id: str) -> None:
        """Raises NotFound, BuiltInTemplate."""
        if template_id in BUILT_IN:
            raise BuiltInTemplate
        if not _templates().delete_one(_own(user_id, template_id)).deleted_count:
            raise NotFound("Template not found")

    def request(self, user_id: str, template_id: str, values: Mapping[str, str]) -> dict[str, Any]:
        """Returns the body of a generation request as a client would send it. Lengths are not checked yet.

        Raises NotFound, and InvalidInput listing up to 20 values that are missing, empty or unknown.
        """
        template = self.get(user_id, template_id)
        if problems := problems_with(template, values):
            named = islice(problems.items(), MOST_NAMED)
            raise InvalidInput([FieldError(f"variables.{name}", text) for name, text in named])
        return filled(template, values)


def _own(user_id: str, template_id: str) -> dict[str, Any]:
    if not ObjectId.is_valid(template_id):
        raise NotFound("Template not found")
    return {"_id": ObjectId(template_id), "user_id": ObjectId(user_id)}


def _shown(document: Mapping[str, Any]) -> Shown:
    return {
        "brief": None,
        **document,
        "id": str(document["_id"]),
        "built_in": False,
        "variables": variables_in(document),
    }


def _built_in(template_id: str) -> Shown:
    template = BUILT_IN[template_id]
    dates = {"created_at": None, "updated_at": None}
    return {**template, **dates, "id": template_id, "built_in": True, "variables": variables_in(template)}


def _templates() -> Any:
    return collection_of(Template)
