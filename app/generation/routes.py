"""/api/content/generate and /api/content/job: request, cancel and start generations, and get their status."""

from __future__ import annotations

from typing import Any

from flask import g

from app.clock import iso
from app.config import Settings
from app.content.queries import Shown
from app.content.schemas import ContentSchema, JobStatusSchema, QueuedSchema
from app.errors import Conflict, NotFound
from app.generation.control import GenerationControl
from app.generation.requests import GenerationRequests
from app.generation.schemas import AgainSchema, GenerateSchema
from app.generation.templated import from_template
from app.http.blueprint import LEFT_OUT, ApiBlueprint, costs
from app.http.conditional import with_etag
from app.http.fields import NoFieldsSchema
from app.http.idempotency import chosen, idempotent
from app.http.scopes import GENERATE, READ
from app.services import service
from app.templates.service import Templates

_AGAIN = {"generationStatus": "pending", "attempt": 0, "position": 0, "updatedAt": "2026-01-31T08:15:00.250Z"}
_NOT_WRITTEN = {"generatedText": "", "words": None, "checks": None, "model": None, "revision": 1, "version": 0}
_WAITING = _AGAIN | _NOT_WRITTEN
_NOW = "2026-01-31T08:15:20.110Z"
_QUEUED = "Content generation queued successfully"
_QUEUED_SENTENCE = "Content generation queued."
_LOCATION = "/api/content/{data[id]}"
_STARTED = _WAITING | {"dueAt": _NOW, "updatedAt": _NOW}
_CANCELLED = _NOT_WRITTEN | {"generationStatus": "cancelled", "attempt": 0, "updatedAt": _NOW}

blueprint = ApiBlueprint(
    "generations",
    __name__,
    url_prefix="/api/content",
    description="Generations of texts",
    scopes={"GET": READ, "POST": GENERATE},
)


def _requests() -> GenerationRequests:
    return service(GenerationRequests)


@blueprint.route("/generate", methods=["POST"])
@idempotent
@blueprint.arguments(GenerateSchema)
@blueprint.answers(202, QueuedSchema, _QUEUED, raises=(NotFound,), example=_WAITING, location=_LOCATION)
@costs
def generate(body: dict[str, Any]) -> dict[str, Any]:
    """Request a text. It is generated at `runAt`, or after the usual delay; follow it by events or the job status.

    If too many of your generations are waiting, the response is 429 `queue_full`.
    """
    request = from_template(service(Templates), g.user_id, body)
    return _queued(_requests().accept(g.user_id, g.request_id, chosen(), **request))


@blueprint.route("/<content:content_id>/generate", methods=["POST"])
@idempotent
@blueprint.arguments(AgainSchema, required=False)
@blueprint.answers(202, QueuedSchema, _QUEUED, raises=(Conflict,), example=_AGAIN, location=_LOCATION)
@costs
def generate_again(body: dict[str, Any], content_id: str) -> dict[str, Any]:
    """Generate the text of a content again.

    The title, prompt and brief that you send replace those of the content. The generation has a new `jobId`; the old
    one remains valid. The current text is shown until the new one is complete, and is kept as a version. If the
    previous generation has not finished, the response is 409 `generation_in_progress`.
    """
    return _queued(_requests().again(g.user_id, content_id, g.request_id, chosen(), **body))


@blueprint.route("/<content:content_id>/cancel", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, ContentSchema, "Generation cancelled", raises=(Conflict,), example=_CANCELLED)
def cancel(_body: dict[str, Any], content_id: str) -> Shown:
    """Cancel a waiting or running generation.

    The response is the same if it was cancelled before. If it has completed or failed, or the content was written by
    hand, the response is 409 `generation_finished`.
    """
    return _tagged(service(GenerationControl).cancel(g.user_id, content_id))


@blueprint.route("/<content:content_id>/run-now", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, ContentSchema, "Generation starts now", raises=(Conflict,), example=_STARTED)
def run_now(_body: dict[str, Any], content_id: str) -> Shown:
    """Start a waiting generation at once, also if its batch is paused.

    If it is not waiting, the response is 409 `generation_not_pending`.
    """
    return _tagged(service(GenerationControl).run_now(g.user_id, content_id))


@blueprint.route("/job/<job_id>/status", methods=["GET"])
@blueprint.answers(
    200,
    JobStatusSchema,
    "Job status retrieved successfully",
    example={"status": "completed", "failureReason": LEFT_OUT},
)
def job_status(job_id: str) -> dict[str, Any]:
    """Get the status of a generation."""
    return _requests().job_status(g.user_id, job_id)


def _queued(content: Shown) -> dict[str, Any]:
    """Adds the message and the expected delay (milliseconds) to the content."""
    _tagged(content)
    if content["due_at"] is None:
        return content | {"message": f"{_QUEUED_SENTENCE} It waits until its batch is resumed.", "expected_delay": 0}
    wait = max(0.0, (content["due_at"] - content["updated_at"]).total_seconds())
    usual = service(Settings).generation_delay_seconds
    if round(wait, 3) == round(usual, 3):
        message = wait_message(usual)
    else:
        when = f"at {iso(content['due_at'])}" if wait else "now"
        message = f"{_QUEUED_SENTENCE} It will be processed {when}."
    return content | {"message": message, "expected_delay": round(wait * 1000)}


def _tagged(content: Shown) -> Shown:
    with_etag(content["revision"])
    return content


def wait_message(seconds: float) -> str:
    """Returns the message about the usual delay, in minutes if it is a whole number of minutes."""
    minutes, rest = divmod(seconds, 60)
    if minutes and not rest:
        amount, unit = minutes, "minute"
    else:
        amount, unit = seconds, "second"
    return f"{_QUEUED_SENTENCE} It will be processed in {amount:g} {unit}{'' if amount == 1 else 's'}."
