"""Limits on how many documents a user has hold for concurrent requests too, and documents without a place count."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from app.auth.api_keys import MOST_KEYS, ApiKey, TooManyKeys
from app.clock import utcnow
from app.database import collection_of
from app.idempotency import Chosen
from app.library_errors import TooManyTemplates
from app.rewriting.document import Rewrite
from app.rewriting.service import MOST_UNFINISHED
from app.rewriting.splice import Passage
from app.services import services_of
from app.templates.document import Template
from app.templates.service import MOST_TEMPLATES, Templates
from app.webhooks.document import Webhook
from app.webhooks.errors import MOST_WEBHOOKS, TooManyWebhooks
from app.webhooks.service import Webhooks

LATER = datetime(2999, 1, 1, tzinfo=UTC)
TEMPLATE = {"name": "Ours", "content_type": "blog", "title": "Bees", "prompt": "About bees"}

Create = Callable[[Flask, str], Any]


def new_key(_app: Flask, user_id: str) -> Any:
    return ApiKey.add(user_id, name="k", scopes=["generate"], key_hash=str(ObjectId()), expires_at=LATER)


def new_template(app: Flask, user_id: str) -> Any:
    return services_of(app).get(Templates).create(user_id, Chosen(ObjectId()), **TEMPLATE)


def new_webhook(app: Flask, user_id: str) -> Any:
    return services_of(app).get(Webhooks).create(user_id, url="https://example.com/", events=["batch.finished"])


def new_rewrite(_app: Flask, user_id: str) -> Any:
    about = {"content_id": ObjectId(), "content_type": "blog", "asked": {"action": "shorten"}, "max_attempts": 3}
    rewrite = Rewrite.request(Passage("Bees.", 0, 4), id=ObjectId(), user_id=user_id, **about)
    rewrite.due_at = rewrite.wake_at = LATER  # so that no sweep takes it
    return rewrite.store(MOST_UNFINISHED)


@pytest.fixture
def user_id() -> str:
    return str(ObjectId())


@pytest.mark.parametrize(
    ("kind", "create", "most"),
    [
        (ApiKey, new_key, MOST_KEYS),
        (Template, new_template, MOST_TEMPLATES),
        (Webhook, new_webhook, MOST_WEBHOOKS),
        (Rewrite, new_rewrite, MOST_UNFINISHED),
    ],
)
def test_concurrent_requests_take_the_last_places_once(
    app: Flask, user_id: str, kind: Any, create: Create, most: int
) -> None:
    """The others were stored by an earlier release, which knew no places."""
    older = {"user_id": ObjectId(user_id), "expires_at": LATER, "wake_at": LATER}
    collection_of(kind).insert_many([{**older, "key_hash": str(ObjectId())} for _ in range(most - 3)])

    def accepted(_: int) -> bool:
        try:
            return create(app, user_id) is not None
        except (TooManyKeys, TooManyTemplates, TooManyWebhooks):
            return False

    try:
        with ThreadPoolExecutor(6) as requests:
            assert sum(requests.map(accepted, range(12))) == 3
        assert kind.objects(user_id=user_id).count() == most
    finally:
        kind.objects(user_id=user_id).delete()


def test_a_key_that_has_expired_leaves_its_place(app: Flask, user_id: str) -> None:
    """Even before MongoDB removes it."""
    first, *_ = [new_key(app, user_id) for _ in range(MOST_KEYS)]
    ApiKey.objects(id=first.id).update(set__expires_at=utcnow() - timedelta(seconds=1))
    assert new_key(app, user_id).id
    with pytest.raises(TooManyKeys):
        new_key(app, user_id)


def test_a_rewrite_that_has_ended_leaves_its_place(app: Flask, user_id: str) -> None:
    first, *_ = [new_rewrite(app, user_id) for _ in range(MOST_UNFINISHED)]
    assert new_rewrite(app, user_id) is None
    Rewrite.objects(id=first["_id"]).update(unset__wake_at=True)
    assert new_rewrite(app, user_id)
    Rewrite.objects(user_id=user_id).delete()
