"""GET /api/config: the server's public configuration."""

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
    """`delay` is in milliseconds. `demo` means that texts come from the local fake instead of Gemini."""

    delay: int
    max_attempts: int
    demo: bool
    limits: Mapping[str, int]


class LimitsOfTextsSchema(Schema):
    """Limits in characters. `waitingGenerations` is per user, 0 for no limit."""

    title = fields.Integer(**shown(200))
    prompt = fields.Integer(**shown(10_000))
    text = fields.Integer(**shown(100_000))
    waiting_generations = fields.Integer(data_key="waitingGenerations", **shown(20))


class PublicConfigSchema(Schema):
    delay = fields.Integer(**shown(60_000, description="the default delay of a generation, in milliseconds"))
    max_attempts = fields.Integer(data_key="maxAttempts", **shown(3))
    demo = fields.Boolean(
        required=True,
        metadata={"examples": [False], "description": "whether the local fake is used instead of Gemini"},
    )
    limits = fields.Nested(LimitsOfTextsSchema, required=True)


blueprint = ApiBlueprint("config", __name__, url_prefix="/api/config", description="Public configuration")


@blueprint.route("", methods=["GET"])
@blueprint.answers(200, PublicConfigSchema, "Configuration retrieved successfully")
@public
def config() -> Any:
    """Get the default delay, the limits, and whether this is a demo without Gemini."""
    return service(PublicConfig)
