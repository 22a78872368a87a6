"""/api/admin: for operators only. The role is read from the database on each request."""

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
from app.auth.permissions import is_operator
from app.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from app.http.blueprint import ApiBlueprint
from app.http.fields import NoFieldsSchema
from app.services import service
from app.usage.schemas import PeriodSchema, period

blueprint = ApiBlueprint(
    "admin", __name__, url_prefix="/api/admin", description="For operators only (403 for other users)"
)
_REQUEUED = {"status": "pending", "attempt": 0, "finishedAt": None, "failureReason": None, "failureCode": None}


@blueprint.before_request  # type: ignore[untyped-decorator]  # flask-smorest does not type it
def let_operators_in() -> None:
    """Raises Forbidden unless the user is an operator. A browser's preflight carries no token and is allowed."""
    if request.method != "OPTIONS" and not is_operator(g.user_id):
        raise Forbidden("Only operators may do this")


def _operations() -> Operations:
    return service(Operations)


@blueprint.route("/users", methods=["GET"])
@blueprint.arguments(PeopleQuerySchema, location="query")
@blueprint.answers(200, PeopleSchema, "Users retrieved successfully")
def list_people(query: dict[str, Any]) -> dict[str, Any]:
    """List the users, newest first. `q` searches words in names and emails."""
    found, total = people.page_of_people(query["q"], query["page"], query["limit"])
    return {"users": found, "pagination": _pagination(total, **query)}


@blueprint.route("/users/<user_id>", methods=["GET"])
@blueprint.answers(200, PersonSchema, "User retrieved successfully", raises=(NotFound,))
def get_person(user_id: str) -> dict[str, Any]:
    """Get a user."""
    return people.person(user_id)


@blueprint.route("/users/<user_id>", methods=["PATCH"])
@blueprint.arguments(PersonChangeSchema)
@blueprint.answers(200, PersonSchema, "User updated successfully", raises=(NotFound, Conflict))
def change_person(body: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Disable or enable a user, and set their own limits.

    A disabled user cannot log in. Their sessions and sockets end, and their API keys do not work until they are enabled
    again. A limit of null restores the default. The last operator cannot be disabled: 409 `last_operator`.
    """
    if not body:
        raise InvalidInput([FieldError("body", "Give at least one field to change.")])
    return people.change(g.user_id, user_id, disabled=body.get("disabled"), limits=body.get("limits") or {})


@blueprint.route("/generations", methods=["GET"])
@blueprint.arguments(GenerationsQuerySchema, location="query")
@blueprint.answers(200, RunsSchema, "Generations retrieved successfully")
def list_generations(query: dict[str, Any]) -> dict[str, Any]:
    """List failed (latest first), waiting or running generations, without titles, prompts and texts."""
    found, total = _operations().generations(query["status"], query["user_id"], query["page"], query["limit"])
    return {"generations": found, "pagination": _pagination(total, **query)}


@blueprint.route("/generations/<generation_id>/requeue", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, RunSchema, "Generation requeued", raises=(NotFound, Conflict), example=_REQUEUED)
def requeue(_body: dict[str, Any], generation_id: str) -> dict[str, Any]:
    """Run a failed generation again, now and with all its attempts. The id is the content's or the job's.

    It counts towards its owner's quota but is not limited by it. If it has not failed: 409 `generation_not_failed`.
    """
    return _operations().requeue(g.user_id, generation_id)


@blueprint.route("/queue", methods=["GET"])
@blueprint.answers(200, QueueSchema, "Queue retrieved successfully")
def queue() -> dict[str, Any]:
    """Get the numbers of waiting, running, overdue and failed generations, and of live workers."""
    return _operations().queue()


@blueprint.route("/usage", methods=["GET"])
@blueprint.arguments(PeriodSchema, location="query")
@blueprint.answers(200, PeoplesUsageSchema, "Usage retrieved successfully")
def usage(query: dict[str, Any]) -> dict[str, Any]:
    """Get the usage of each user, as in GET /usage: at most 500 users, most tokens first."""
    return _operations().usage(*period(query["first"], query["last"]))


@blueprint.route("/provider/test", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, ProviderSchema, "Provider tested", example={"reason": None, "code": None})
def ask_provider(_body: dict[str, Any]) -> dict[str, Any]:
    """Check the model with this web process's API key. Costs no tokens."""
    return _operations().test_provider(g.user_id)


@blueprint.route("/audit", methods=["GET"])
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.answers(200, AuditSchema, "Audit retrieved successfully")
def audit(query: dict[str, int]) -> dict[str, Any]:
    """List the actions of operators, newest first."""
    found, total = _operations().audit(**query)
    return {"acts": found, "pagination": _pagination(total, **query)}


def _pagination(total: int, page: int, limit: int, **_: Any) -> dict[str, int]:
    return {"total": total, "page": page, "limit": limit, "total_pages": -(-total // limit)}
