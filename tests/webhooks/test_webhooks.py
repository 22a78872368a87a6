"""/api/webhooks: create, change, rotate; isolation between users; the secret is shown once."""

from __future__ import annotations

from typing import Any

import pytest
from bson import ObjectId

from app.webhooks.addresses import Reach
from app.webhooks.document import Webhook
from app.webhooks.errors import MOST_WEBHOOKS
from app.webhooks.messages import EVENTS
from app.webhooks.service import Webhooks, erase_of
from tests.http.answers import bad_fields, data_of, error_of
from tests.person import Http, Person
from tests.webhooks.conftest import stored

BODY = {"url": "https://example.com/hooks", "events": ["content.generation.completed"], "description": "Shop"}


def make(person: Person, **changes: Any) -> Any:
    return data_of(person.call("POST", "/api/webhooks", BODY | changes), 201, "Webhook created successfully")


def test_a_webhook_can_be_created_changed_and_deleted(person: Person) -> None:
    made = make(person)
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert made == BODY | {"id": made["id"], "enabled": True} | {
        name: made[name] for name in ("createdAt", "updatedAt", "disabledAt", "disabledReason", "oldSecretUntil")
    }
    path = f"/api/webhooks/{made['id']}"
    assert data_of(person.call("GET", path), 200, None) == made
    assert data_of(person.call("GET", "/api/webhooks"), 200, None) == {"webhooks": [made]}
    changed = data_of(person.call("PUT", path, {"events": list(EVENTS), "description": None}), 200, None)
    assert (changed["events"], changed["description"], changed["url"]) == (list(EVENTS), None, BODY["url"])
    assert person.call("DELETE", path)[0] == 204
    error_of(person.call("GET", path), 404)


def test_the_secret_is_only_shown_when_it_is_created(person: Person) -> None:
    path = f"/api/webhooks/{make(person)['id']}"
    rotated = data_of(person.call("POST", f"{path}/rotate"), 200, "Secret rotated")
    assert rotated["oldSecretUntil"] > rotated["updatedAt"]
    secrets = [rotated["secret"], *(old["secret"] for old in Webhook.objects(id=rotated["id"]).get().old_secrets)]
    assert len(set(secrets)) == 2
    answers = [person.call("GET", path), person.call("GET", "/api/webhooks"),
               person.call("PUT", path, {"enabled": True}),
               person.call("POST", f"{path}/test"), person.call("GET", f"{path}/deliveries")]  # fmt: skip
    assert not any(secret in str(answer) for secret in secrets for answer in answers)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://127.0.0.1/"}, "url"), ({"url": "https://0x7f.1/"}, "url"), ({"url": "no url"}, "url"),
        ({"url": "https://a:b@example.com/"}, "url"), ({"url": "https://[::ffff:10.0.0.1]/"}, "url"),
        ({"url": 7}, "url"),
        ({"events": []}, "events"), ({"events": ["content.changed"]}, "events.0"),
        ({"events": [EVENTS[0]] * 2}, "events"),
        ({"events": "batch.finished"}, "events"), ({"description": "x" * 201}, "description"),
        ({"secret": "x"}, "secret"),
        ({"enabled": "yes"}, "enabled"),
    ],
)  # fmt: skip
def test_invalid_fields_are_named(person: Person, changes: dict[str, Any], field: str) -> None:
    made = make(person)
    assert bad_fields(person.call("PUT", f"/api/webhooks/{made['id']}", changes)) == [field]
    assert bad_fields(person.call("POST", "/api/webhooks", BODY | changes)) == [field]
    assert len(data_of(person.call("GET", "/api/webhooks"), 200, None)["webhooks"]) == 1


def test_another_users_webhook_is_not_found(person: Person, http: Http) -> None:
    mine = make(person)["id"]
    delivery = data_of(person.call("POST", f"/api/webhooks/{mine}/test"), 202, "Test event queued")["id"]
    stranger = Person.register(http)
    theirs = make(stranger)["id"]
    for webhook, message in ((mine, delivery), ("nonsense", delivery), (str(ObjectId()), delivery)):
        for method, path in (
            ("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/test"), ("GET", "/deliveries"),
            ("POST", f"/deliveries/{message}/redeliver"),
        ):  # fmt: skip
            body = {"enabled": True} if method == "PUT" else None
            error_of(stranger.call(method, f"/api/webhooks/{webhook}{path}", body), 404)
    for message in (delivery, "nonsense", str(ObjectId())):
        error_of(stranger.call("POST", f"/api/webhooks/{theirs}/deliveries/{message}/redeliver"), 404)
    assert len(data_of(person.call("GET", "/api/webhooks"), 200, None)["webhooks"]) == 1


def test_a_user_has_at_most_ten_webhooks(person: Person) -> None:
    made = [make(person) for _ in range(MOST_WEBHOOKS)]
    assert error_of(person.call("POST", "/api/webhooks", BODY), 409)["code"] == "too_many_webhooks"
    assert person.call("DELETE", f"/api/webhooks/{made[0]['id']}")[0] == 204
    make(person)


def test_production_only_accepts_https(person: Person) -> None:
    make(person, url="http://example.com/")  # the tests run in development
    webhooks = Webhooks(Reach(allow_http=False, allow_private=False))
    with pytest.raises(Exception, match="Validation failed"):
        webhooks.create(person.user["id"], url="http://example.com/", events=[EVENTS[0]])


def test_a_disabled_webhook_is_not_tested(person: Person) -> None:
    path = f"/api/webhooks/{make(person)['id']}"
    delivery = data_of(person.call("POST", f"{path}/test"), 202, None)
    assert (delivery["status"], delivery["type"], delivery["attempts"]) == ("pending", "webhook.test", [])
    off = data_of(person.call("PUT", path, {"enabled": False}), 200, None)
    assert (off["enabled"], off["disabledReason"]) == (False, None)
    (logged,) = data_of(person.call("GET", f"{path}/deliveries"), 200, None)["deliveries"]
    assert (logged["status"], logged["nextAttemptAt"]) == ("failed", None)
    for action in ("test", f"deliveries/{delivery['id']}/redeliver"):
        assert error_of(person.call("POST", f"{path}/{action}"), 409)["code"] == "webhook_disabled"
    assert data_of(person.call("PUT", path, {"enabled": True}), 200, None)["enabled"]
    again = data_of(person.call("POST", f"{path}/deliveries/{delivery['id']}/redeliver"), 202, "Delivery queued again")
    assert (again["id"], again["messageId"], again["status"]) == (delivery["id"], delivery["messageId"], "pending")


def test_the_log_is_paged_newest_first(person: Person) -> None:
    path = f"/api/webhooks/{make(person)['id']}"
    made = [data_of(person.call("POST", f"{path}/test"), 202, None)["id"] for _ in range(5)]
    page = data_of(person.call("GET", f"{path}/deliveries?limit=2&page=2"), 200, None)
    assert [each["id"] for each in page["deliveries"]] == made[::-1][2:4]
    assert page["pagination"] == {"total": 5, "page": 2, "totalPages": 3, "limit": 2}
    assert bad_fields(person.call("GET", f"{path}/deliveries?limit=0")) == ["limit"]


def test_deleted_users_and_webhooks_leave_no_data(person: Person, http: Http) -> None:
    other = Person.register(http)
    for each in (person, other):
        each.call("POST", f"/api/webhooks/{make(each)['id']}/test")
    erase_of(person.user["id"])
    assert [str(each.user_id) for each in Webhook.objects] == [other.user["id"]]
    assert [str(each["user_id"]) for each in stored()] == [other.user["id"]]
    (left,) = Webhook.objects
    assert other.call("DELETE", f"/api/webhooks/{left.id}")[0] == 204
    assert stored() == []
