"""Errors of webhooks."""

from __future__ import annotations

from app.errors import Conflict

MOST_WEBHOOKS = 10


class TooManyWebhooks(Conflict):
    code = "too_many_webhooks"
    default_message = f"You have {MOST_WEBHOOKS} webhooks already - delete one first"


class WebhookDisabled(Conflict):
    code = "webhook_disabled"
    default_message = "This webhook is disabled - enable it first"
