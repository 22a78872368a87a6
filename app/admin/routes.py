"""/api/admin: for operators alone. Who is one is read from the database at each request."""

from __future__ import annotations

from typing import Any

from flask import g, request

from app.admin import people
from app.admin.schemas import (
    AuditSchema,
    GenerationsQuerySchema,
    PageQuerySchema,
    PeopleQuerySchema,
    PeopleSchema,
    PeoplesUsageSchema,
    PersonChangeSchema,
    PersonSchema,
    ProviderSchema,
    QueueSchema,
    RunSchema,
    RunsSchema,
)
from app.admin.service import Operations
from app.auth.standing import is_operator
from app.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from app.http.blueprint import ApiBlueprint
from app.http.fields import NoFieldsSchema
from app.services import service
from app.usage.schemas import PeriodSchema, period

blueprint = ApiBlueprint(
    "admin", __name__, url_prefix="/api/admin", description="For operators alone (403 for everybody else)"
)


@blueprint.before_request  # type: ignore[untyped-decorator]  # flask-smorest does not say its type
def let_operators_in() -> None:
    """Raises Forbidden for everybody else. A browser's preflight carries no token and does nothing."""
    if request.method != "OPTIONS" and not is_operator(g.user_id):
        raise Forbidden("Only operators may do this")


def _operations() -> Operations:
    return service(Operations)


@blueprint.route("/users", methods=["GET"])
@blueprint.arguments(PeopleQuerySchema, location="query")
@blueprint.answers(200, PeopleSchema, "Users retrieved successfully")
def list_people(query: dict[str, Any]) -> dict[str, Any]:
    """The people of this server, newest first. `q`: words that the name or the email has."""
    found, total = people.page_of_people(query["q"], query["page"], query["limit"])
    return {"users": found, "pagination": _pagination(total, **query)}


@blueprint.route("/users/<user_id>", methods=["GET"])
@blueprint.answers(200, PersonSchema, "User retrieved successfully", raises=(NotFound,))
def get_person(user_id: str) -> dict[str, Any]:
    """One person."""
    return people.person(user_id)


@blueprint.route("/users/<user_id>", methods=["PATCH"])
@blueprint.arguments(PersonChangeSchema)
@blueprint.answers(200, PersonSchema, "User updated successfully", raises=(NotFound, Conflict))
def change_person(body: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Disable or enable a person, and give them limits of their own.

    A disabled person cannot log in. Their sessions and sockets end, and their API keys do not work until they are
    enabled again. A limit of null is that of the settings. The last operator stays: 409 `last_operator`.
    """
    if not body:
        raise InvalidInput([FieldError("body", "Give at least one field to change.")])
    return people.change(g.user_id, user_id, disabled=body.get("disabled"), limits=body.get("limits") or {})


@blueprint.route("/generations", methods=["GET"])
@blueprint.arguments(GenerationsQuerySchema, location="query")
@blueprint.answers(200, RunsSchema, "Generations retrieved successfully")
def list_generations(query: dict[str, Any]) -> dict[str, Any]:
    """What failed, last first; or what waits or runs. Without titles, prompts and texts."""
    found, total = _operations().generations(query["status"], query["user_id"], query["page"], query["limit"])
    return {"generations": found, "pagination": _pagination(total, **query)}


@blueprint.route("/generations/<generation_id>/requeue", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, RunSchema, "Generation requeued", raises=(NotFound, Conflict))
def requeue(_body: dict[str, Any], generation_id: str) -> dict[str, Any]:
    """Run a failed generation again, now and with all its attempts. The id is the content's or the job's.

    It counts towards its owner's limit, but no limit holds it back. If it has not failed: 409 `generation_not_failed`.
    """
    return _operations().requeue(g.user_id, generation_id)


@blueprint.route("/queue", methods=["GET"])
@blueprint.answers(200, QueueSchema, "Queue retrieved successfully")
def queue() -> dict[str, Any]:
    """How much waits, runs, is overdue and has failed, and how many workers are alive."""
    return _operations().queue()


@blueprint.route("/usage", methods=["GET"])
@blueprint.arguments(PeriodSchema, location="query")
@blueprint.answers(200, PeoplesUsageSchema, "Usage retrieved successfully")
def usage(query: dict[str, Any]) -> dict[str, Any]:
    """What each person has used, as in GET /usage; who used most tokens comes first, at most 500 people."""
    return _operations().usage(*period(query["first"], query["last"]))


@blueprint.route("/provider/test", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, ProviderSchema, "Provider tested", example={"reason": None, "code": None})
def ask_provider(_body: dict[str, Any]) -> dict[str, Any]:
    """Ask the provider for the model, with this web process's key. That costs no tokens."""
    return _operations().test_provider(g.user_id)


@blueprint.route("/audit", methods=["GET"])
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.answers(200, AuditSchema, "Audit retrieved successfully")
def audit(query: dict[str, int]) -> dict[str, Any]:
    """What operators did, newest first."""
    found, total = _operations().audit(**query)
    return {"acts": found, "pagination": _pagination(total, **query)}


def _pagination(total: int, page: int, limit: int, **_: Any) -> dict[str, int]:
    return {"total": total, "page": page, "limit": limit, "total_pages": -(-total // limit)}
