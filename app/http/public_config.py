"""GET /api/config: what a client may know of this server before anybody logs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from app.http.blueprint import ApiBlueprint, public
from app.http.fields import shown
from app.services import service


@dataclass(frozen=True)
class PublicConfig:
    """`delay` is in milliseconds. `demo`: texts come from the local stand-in, not from Gemini."""

    delay: int
    max_attempts: int
    demo: bool
    limits: Mapping[str, int]


class LimitsOfTextsSchema(Schema):
    """In characters; `waitingGenerations` of one person, 0 for any number."""

    title = fields.Integer(**shown(200))
    prompt = fields.Integer(**shown(10_000))
    text = fields.Integer(**shown(100_000))
    waiting_generations = fields.Integer(data_key="waitingGenerations", **shown(20))


class PublicConfigSchema(Schema):
    delay = fields.Integer(**shown(60_000, description="milliseconds until a generation begins, by default"))
    max_attempts = fields.Integer(data_key="maxAttempts", **shown(3))
    demo = fields.Boolean(
        required=True,
        metadata={"examples": [False], "description": "whether the local stand-in answers in place of Gemini"},
    )
    limits = fields.Nested(LimitsOfTextsSchema, required=True)


blueprint = ApiBlueprint("config", __name__, url_prefix="/api/config", description="What this server does by default")


@blueprint.route("", methods=["GET"])
@blueprint.answers(200, PublicConfigSchema, "Configuration retrieved successfully")
@public
def config() -> Any:
    """The default delay, the limits, and whether this is a demo without Gemini."""
    return service(PublicConfig)
