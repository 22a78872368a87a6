"""/api/webhooks: list, create, get, update, delete, rotate and test webhooks; list and redeliver deliveries."""

from __future__ import annotations

from typing import Any

from flask import g

from app.errors import Conflict
from app.http.blueprint import ApiBlueprint
from app.http.fields import NoFieldsSchema
from app.services import service
from app.webhooks.schemas import (
    DeliveryListQuerySchema,
    DeliveryPageSchema,
    DeliverySchema,
    NewWebhookSchema,
    SecretWebhookSchema,
    WebhookChangeSchema,
    WebhookListSchema,
    WebhookSchema,
)
from app.webhooks.service import Shown, Webhooks

blueprint = ApiBlueprint("webhooks", __name__, url_prefix="/api/webhooks", description="Events sent to your servers")
_DUE = {"status": "pending", "nextAttemptAt": "2026-01-31T08:15:00.250Z"}
_QUEUED = _DUE | {"type": "webhook.test", "attempts": []}
_DELIVERIES = "/api/webhooks/{webhook_id}/deliveries"


def _webhooks() -> Webhooks:
    return service(Webhooks)


@blueprint.route("", methods=["GET"])
@blueprint.answers(200, WebhookListSchema, "Webhooks retrieved successfully")
def list_webhooks() -> dict[str, Any]:
    """List your webhooks, newest first, without their secrets."""
    return {"webhooks": _webhooks().all_of(g.user_id)}


@blueprint.route("", methods=["POST"])
@blueprint.arguments(NewWebhookSchema)
@blueprint.answers(
    201,
    SecretWebhookSchema,
    "Webhook created successfully",
    raises=(Conflict,),
    location="/api/webhooks/{data[id]}",
)
def create(body: dict[str, Any]) -> Shown:
    """Create a webhook that sends events to a public https URL. You can have 10; the next is 409 `too_many_webhooks`.

    Messages are signed as Standard Webhooks. The secret is only in this response.
    """
    return _webhooks().create(g.user_id, **body)


@blueprint.route("/<webhook_id>", methods=["GET"])
@blueprint.answers(200, WebhookSchema, "Webhook retrieved successfully")
def get(webhook_id: str) -> Shown:
    """Get a webhook."""
    return _webhooks().get(g.user_id, webhook_id)


@blueprint.route("/<webhook_id>", methods=["PUT"])
@blueprint.arguments(WebhookChangeSchema)
@blueprint.answers(200, WebhookSchema, "Webhook updated successfully")
def update(body: dict[str, Any], webhook_id: str) -> Shown:
    """Update a webhook, or enable a disabled one. Events that occur while it is disabled are not sent later."""
    return _webhooks().update(g.user_id, webhook_id, **body)


@blueprint.route("/<webhook_id>", methods=["DELETE"])
@blueprint.answers(204)
def delete(webhook_id: str) -> None:
    """Delete a webhook and its log. Pending messages are not sent."""
    _webhooks().delete(g.user_id, webhook_id)


@blueprint.route("/<webhook_id>/rotate", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(200, SecretWebhookSchema, "Secret rotated", example={"oldSecretUntil": "2026-02-01T08:15:00.250Z"})
def rotate(_body: dict[str, Any], webhook_id: str) -> Shown:
    """Rotate the secret. For 24 hours messages are also signed with the old one."""
    return _webhooks().rotate(g.user_id, webhook_id)


@blueprint.route("/<webhook_id>/test", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(202, DeliverySchema, "Test event queued", raises=(Conflict,), example=_QUEUED, location=_DELIVERIES)
def test(_body: dict[str, Any], webhook_id: str) -> Shown:
    """Send a test message of type `webhook.test`. If the webhook is disabled: 409 `webhook_disabled`."""
    return _webhooks().test(g.user_id, webhook_id)


@blueprint.route("/<webhook_id>/deliveries", methods=["GET"])
@blueprint.arguments(DeliveryListQuerySchema, location="query")
@blueprint.answers(
    200,
    DeliveryPageSchema,
    "Deliveries retrieved successfully",
    example={"deliveries.0.status": "delivered"},
)
def deliveries(query: dict[str, int], webhook_id: str) -> dict[str, Any]:
    """List the deliveries of the last 30 days, newest first, with all attempts and the beginning of each response."""
    page = _webhooks().page(g.user_id, webhook_id, **query)
    return {"deliveries": page.deliveries, "pagination": page}


@blueprint.route("/<webhook_id>/deliveries/<delivery_id>/redeliver", methods=["POST"])
@blueprint.arguments(NoFieldsSchema, required=False)
@blueprint.answers(
    202,
    DeliverySchema,
    "Delivery queued again",
    raises=(Conflict,),
    example=_DUE,
    location=_DELIVERIES,
)
def redeliver(_body: dict[str, Any], webhook_id: str, delivery_id: str) -> Shown:
    """Send a message again, with the same `webhook-id` and the same body, whether it was acknowledged or not."""
    return _webhooks().redeliver(g.user_id, webhook_id, delivery_id)
