"""/api/content/generate and /api/content/job: ask for a text, and where it is."""

from __future__ import annotations

from typing import Any

from flask import g

from app.config import Settings
from app.content.document import Content
from app.content.queries import Shown
from app.content.schemas import ContentSchema, GenerateSchema, JobStatusSchema, QueuedSchema
from app.errors import Conflict
from app.generation.control import GenerationControl
from app.generation.requests import GenerationRequests
from app.http.blueprint import LEFT_OUT, ApiBlueprint
from app.http.fields import NoFieldsSchema
from app.services import service

_SHOWN_FIELDS = tuple(ContentSchema().fields)
_WAITING = {"generationStatus": "pending", "generatedText": "", "attempt": 0, "dueAt": "2026-01-31T08:16:00.250Z"}
_CANCELLED = {"generationStatus": "cancelled", "generatedText": "", "updatedAt": "2026-01-31T08:15:20.110Z"}
_COMPLETED = {"dueAt": "2026-01-31T08:16:00.250Z", "updatedAt": "2026-01-31T08:16:09.730Z"}

blueprint = ApiBlueprint("generations", __name__, url_prefix="/api/content", description="Generations of texts")


def _requests() -> GenerationRequests:
    return service(GenerationRequests)


@blueprint.route("/generate", methods=["POST"])
@blueprint.arguments(GenerateSchema)
@blueprint.answers(202, QueuedSchema, "Content generation queued successfully", example=_WAITING)
def generate(body: dict[str, Any]) -> Any:
    """Ask for a text. It is generated after the delay; socket events and the job status tell when."""
    content = _requests().accept(g.user_id, g.request_id, **body)
    return _queued(content)


@blueprint.route("/<content:content_id>/cancel", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, ContentSchema, "Generation cancelled", raises=(Conflict,), example=_CANCELLED)
def cancel(_body: dict[str, Any], content_id: str) -> Shown:
    """Call off a generation that waits or runs; nothing is written or paid for any more.

    A generation that was cancelled before is answered alike. One that has completed or failed, and a piece written by
    hand, are answered with 409, `generation_finished`.
    """
    return service(GenerationControl).cancel(g.user_id, content_id)


@blueprint.route("/job/<job_id>/status", methods=["GET"])
@blueprint.answers(
    200,
    JobStatusSchema,
    "Job status retrieved successfully",
    example={"status": "completed", "failureReason": LEFT_OUT, **{f"content.{k}": v for k, v in _COMPLETED.items()}},
)
def job_status(job_id: str) -> dict[str, Any]:
    """Where a generation is."""
    return _requests().job_status(g.user_id, job_id)


def _queued(content: Content) -> dict[str, Any]:
    """The content with what the person is told about the wait."""
    seconds = service(Settings).generation_delay_seconds
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
