"""DELETE /auth/me: deletes all data of a user, inaccessible at once, and completely even after a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bson import BSON, ObjectId
from flask import Flask
from redis import Redis

from app.account.deletion import LATE_KEY, AccountErasure
from app.account.document import PasswordReset
from app.admin.document import AuditEntry
from app.auth import permissions
from app.auth.closed_accounts import ErasedAccount, close_account, hash_of
from app.auth.models import User
from app.auth.revocation import Revocation
from app.clock import utcnow
from app.config import Settings
from app.content.versions import Version
from app.database import collection_of
from app.erasure import person_erasers_of
from app.generation.stops import CHANNEL
from app.generation.waiting_limit import WaitingTurn
from app.queueing.schedule import GenerationQueue, rq_job_id
from app.quotas.document import StorageHolds
from app.services import services_of
from app.usage.document import UsageRow
from tests.attempts import claim, finish
from tests.http.answers import error_of
from tests.person import PASSWORD, Http, Person

WEBHOOK = {"url": "https://example.com/hooks", "events": ["content.generation.completed"]}
EVERYWHERE = {
    "users", "contents", "versions", "templates", "batches", "rewrites", "usage", "webhooks", "idempotency", "audit",
    "webhook_deliveries", "api_keys", "sessions", "refresh_tokens", "run_history", "password_resets", "quota_days",
    "waiting_turns", "fingerprints",
}  # fmt: skip
"""The collections with user data."""
TEMPLATE = {"name": "Shop", "contentType": "product", "title": "{{name}}", "prompt": "About {{name}}"}


@pytest.fixture
def redis(app: Flask) -> Redis:
    return services_of(app).get(Redis)


@pytest.fixture
def erasure(app: Flask, redis: Redis) -> AccountErasure:
    """An erasure with a worker's services."""
    erasers = person_erasers_of(redis, services_of(app).get(GenerationQueue))
    return AccountErasure(redis, erasers, timedelta(minutes=15))


def delete(person: Person, password: str = PASSWORD) -> tuple[int, Any]:
    return person.call("DELETE", "/api/auth/me", {"password": password})


def live_fully(person: Person, redis: Redis) -> str:
    """Stores something in every collection with user data. Returns the id of a content that is being generated."""
    permissions.set_limits(ObjectId(person.user["id"]), {"daily_generations": 100})
    WaitingTurn.take(ObjectId(person.user["id"]), None)
    StorageHolds.add(person.user["id"], 1)
    text = person.write(title="Bees", generatedText="All about bees, and more about bees.")
    person.call("PUT", f"/api/content/{text['id']}", {"generatedText": "Bees are kind."})
    person.call("POST", f"/api/content/{text['id']}/versions")
    rewrite = {"start": 0, "end": 4, "quote": "Bees", "action": "simplify"}
    assert person.call("POST", f"/api/content/{text['id']}/rewrites", rewrite)[0] == 202
    accepted = person.generate(runAt="now")
    written = accepted["id"]
    claim(written)
    finish(written)
    redis.delete(f"rq:job:{rq_job_id(person.user['id'], accepted['jobId'], 1)}")  # like the worker that claimed it
    again = person.call("POST", f"/api/content/{written}/generate", {})
    assert again[0] == 202, again
    row = {
        "user_id": ObjectId(person.user["id"]),
        "content_id": ObjectId(written),
        "content_type": "blog",
        "attempt": 1,
    }
    UsageRow(id=str(ObjectId()), model="gemini", **row).save()
    assert person.call("POST", "/api/templates", TEMPLATE)[0] == 201
    item = {"title": "A", "contentType": "blog", "prompt": "Write"}
    assert person.call("POST", "/api/batches", {"name": "Shop", "items": [item]})[0] == 202
    key = {"name": "Import", "scopes": ["content:read"]}
    assert person.call("POST", "/api/auth/keys", key)[0] == 201
    made = person.call("POST", "/api/webhooks", WEBHOOK)[1]["data"]
    person.call("POST", f"/api/webhooks/{made['id']}/test")
    person.http("POST", "/api/content", {"title": "B", "contentType": "blog", "prompt": "b"},
                person.headers | {"Idempotency-Key": "once"})  # fmt: skip
    person.call("DELETE", f"/api/content/{text['id']}")
    AuditEntry.note(None, "user.limits", person.user["id"])
    PasswordReset.make(ObjectId(person.user["id"]))
    return str(person.generate("Write about wasps")["id"])


def places_of(person: Person) -> set[str]:
    """The collections with documents that contain the user's id (as ObjectId or string) or email."""
    database = collection_of(User).database
    user_id = ObjectId(person.user["id"])
    signs = (user_id.binary, person.user["id"].encode(), person.email.encode())
    return {
        name
        for name in database.list_collection_names()
        for row in database[name].find()
        if any(sign in BSON.encode(row) for sign in signs)
    }


def keys_of(person: Person, redis: Redis) -> set[bytes]:
    """The Redis keys that contain the user's id, except for short-lived request counters."""
    return {each for each in redis.keys(f"*{person.user['id']}*") if not each.startswith(b"LIMITS")}


def test_all_data_of_a_deleted_user_is_erased(person: Person, http: Http, redis: Redis) -> None:
    other = Person.register(http)
    for each in (person, other):
        live_fully(each, redis)
    full = places_of(person)
    assert EVERYWHERE - full == set()
    assert delete(person)[0] == 204
    assert places_of(person) == set()
    assert keys_of(person, redis) == set()
    assert places_of(other) == full


def test_a_wrong_password_deletes_nothing(person: Person) -> None:
    error = error_of(delete(person, "WrongPass123"), 422)
    assert [each["field"] for each in error["errors"]] == ["password"]
    assert person.call("GET", "/api/auth/me")[0] == 200


def test_an_api_key_cannot_delete_or_export_an_account(person: Person) -> None:
    key = {"name": "Import", "scopes": ["content:read", "content:write", "generate"]}
    text = person.call("POST", "/api/auth/keys", key)[1]["data"]["key"]
    headers = {"Authorization": f"Bearer {text}"}
    assert (
        error_of(person.http("DELETE", "/api/auth/me", {"password": PASSWORD}, headers), 403)["code"]
        == "insufficient_scope"
    )
    assert error_of(person.http("GET", "/api/auth/me/export", None, headers), 403)["code"] == "insufficient_scope"


def test_the_email_is_free_again_and_the_old_password_does_not_work(person: Person, http: Http) -> None:
    delete(person)
    error_of(http("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD}), 401)
    error_of(http("POST", "/api/auth/refresh", {"refresh_token": person.refresh_token}), 401)
    assert Person.register(http, email=person.email).user["id"] != person.user["id"]


def test_access_tokens_of_a_deleted_account_do_not_work(person: Person, settings: Settings) -> None:
    """Neither in a process that was already running nor in one that starts afterwards."""
    delete(person)
    started = Revocation(settings)
    started.refresh()
    claims = type("Asking", (), {"session_id": "any", "user_id": person.user["id"]})
    assert started.covers(claims)  # type: ignore[arg-type]  # what is asked of a Principal
    assert hash_of(person.user["id"]) in ErasedAccount.recent()


def test_a_running_generation_is_stopped(person: Person, redis: Redis) -> None:
    content_id = person.generate(runAt="now")["id"]
    claim(content_id, owner="the worker")
    with redis.pubsub() as channel:  # type: ignore[no-untyped-call]  # redis-py does not type it
        channel.subscribe(CHANNEL)
        delete(person)
        heard = [
            message for _ in range(2) if (message := channel.get_message(timeout=5)) and message["type"] == "message"
        ]
    assert [each["data"] for each in heard] == [b"the worker"]
    assert finish(content_id, owner="the worker") is None


@pytest.fixture
def dying(app: Flask, redis: Redis) -> Callable[[int], AccountErasure]:
    """An erasure whose process dies before the eraser with this index."""
    erasers = person_erasers_of(redis, services_of(app).get(GenerationQueue))

    def die(_user_id: ObjectId) -> None:
        raise KeyboardInterrupt

    def make(number: int) -> AccountErasure:
        names = list(erasers)
        return AccountErasure(redis, {**erasers, names[number]: die}, timedelta(minutes=15))

    return make


def test_the_sweep_finishes_an_interrupted_deletion(
    person: Person, http: Http, redis: Redis, erasure: AccountErasure, dying: Callable[[int], AccountErasure]
) -> None:
    """Wherever it was interrupted, the account is closed at once, and nothing is left afterwards."""
    live_fully(person, redis)
    user = User.with_id(person.user["id"])
    assert user is not None
    assert close_account(user)
    for number in (0, 4, 8):
        with pytest.raises(KeyboardInterrupt):
            dying(number).erase(user.id)
        error_of(http("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD}), 401)
    erasure.sweep()
    assert "users" in places_of(person)  # it may still be in progress
    User.objects(id=user.id).update(set__deleting_at=utcnow() - timedelta(minutes=1))
    erasure.sweep()
    assert places_of(person) == set()


def test_data_written_after_a_deletion_is_erased_too(person: Person, erasure: AccountErasure, redis: Redis) -> None:
    """An attempt still running must store nothing, because it would never be seen or erased."""
    user_id = ObjectId(person.user["id"])
    delete(person)
    Version(id="late", content_id=ObjectId(), user_id=user_id, source="generated", title="Bees").save()
    redis.zadd(LATE_KEY, {person.user["id"]: 0})
    erasure.sweep()
    assert places_of(person) == set()
    assert redis.zscore(LATE_KEY, person.user["id"]) is None
