"""/api/content: write, generate, list, show, change, delete."""

from __future__ import annotations

from typing import Any, cast

from flask import current_app, g

from app.config import Settings
from app.content.document import Content
from app.content.queries import Shown
from app.content.schemas import (
    ContentPageSchema,
    ContentSchema,
    CreateSchema,
    GenerateSchema,
    JobStatusSchema,
    ListQuerySchema,
    QueuedSchema,
    UpdateSchema,
)
from app.content.service import ContentService
from app.errors import Conflict
from app.http.blueprint import ApiBlueprint

_SHOWN_FIELDS = tuple(ContentSchema().fields)

blueprint = ApiBlueprint("content", __name__, url_prefix="/api/content", description="Contents and their generation")


def _contents() -> ContentService:
    return cast("ContentService", current_app.extensions["content_service"])


@blueprint.route("", methods=["POST"])
@blueprint.arguments(CreateSchema)
@blueprint.answers(201, ContentSchema, "Content created successfully")
def create(body: dict[str, str]) -> Content:
    """Store a piece written by hand."""
    return _contents().create(g.user_id, **body)


@blueprint.route("/generate", methods=["POST"])
@blueprint.arguments(GenerateSchema)
@blueprint.answers(202, QueuedSchema, "Content generation queued successfully")
def generate(body: dict[str, str]) -> Any:
    """Ask for a text. It is generated after the delay; socket events and the job status tell when."""
    content = _contents().request_generation(g.user_id, g.request_id, **body)
    return _queued(content)


@blueprint.route("/job/<job_id>/status", methods=["GET"])
@blueprint.answers(200, JobStatusSchema, "Job status retrieved successfully")
def job_status(job_id: str) -> dict[str, Any]:
    """Where a generation is."""
    return _contents().job_status(g.user_id, job_id)


@blueprint.route("", methods=["GET"])
@blueprint.arguments(ListQuerySchema, location="query")
@blueprint.answers(200, ContentPageSchema, "Contents retrieved successfully")
def list_contents(query: dict[str, Any]) -> dict[str, Any]:
    """A page of your contents, newest first."""
    page = _contents().list_page(g.user_id, **query)
    return {"contents": page.contents, "pagination": page}


@blueprint.route("/<content_id>", methods=["GET"])
@blueprint.answers(200, ContentSchema, "Content retrieved successfully")
def get(content_id: str) -> Shown:
    """One content."""
    return _contents().get(g.user_id, content_id)


@blueprint.route("/<content_id>", methods=["PUT"])
@blueprint.arguments(UpdateSchema)
@blueprint.answers(200, ContentSchema, "Content updated successfully", raises=(Conflict,))
def update(body: dict[str, str], content_id: str) -> Content:
    """Change a content.

    Its text can be changed once it is there: while the generation is pending or processing, a request with
    `generatedText` changes nothing and is answered with 409, `generation_in_progress`.
    """
    return _contents().update(g.user_id, content_id, **body)


@blueprint.route("/<content_id>", methods=["DELETE"])
@blueprint.answers(204)
def delete(content_id: str) -> None:
    """Delete a content; a generation that waits or runs is called off."""
    _contents().delete(g.user_id, content_id)


def _queued(content: Content) -> dict[str, Any]:
    """The content with what the person is told about the wait."""
    settings = cast("Settings", current_app.extensions["settings"])
    seconds = settings.generation_delay_seconds
    shown = {name: getattr(content, name) for name in _SHOWN_FIELDS}
    return shown | {"message": wait_message(seconds), "expected_delay": round(seconds * 1000)}


def wait_message(seconds: float) -> str:
    """What a person is told about a delay, in minutes where it is whole minutes."""
    minutes, rest = divmod(seconds, 60)
    if minutes and not rest:
        amount, unit = minutes, "minute"
    else:
        amount, unit = seconds, "second"
    return f"Content generation queued. It will be processed in {amount:g} {unit}{'' if amount == 1 else 's'}."
