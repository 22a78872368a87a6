"""Webhook deliveries: messages, signatures and retries."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import orjson
import pytest
from bson import ObjectId
from flask import Flask
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError
from structlog.testing import capture_logs

from app.batches.maker import BatchMaker
from app.config import Settings
from app.outbox import entries
from app.outbox.entries import Entry
from app.outbox_handlers import relay_of
from app.queueing.schedule import GenerationQueue
from app.redis_client import connect
from app.services import services_of
from app.webhooks import deliveries
from app.webhooks import sending as sender_module
from app.webhooks.connection import Outbound
from app.webhooks.document import Webhook
from app.webhooks.messages import EVENTS
from app.webhooks.sending import FOR_FAILING, OF_ONE_PERSON, OF_ONE_WEBHOOK, PLACES, WebhookSender
from app.webhooks.signatures import new_secret
from tests.docs import readme
from tests.http.answers import data_of
from tests.patience import until
from tests.person import Person
from tests.webhooks.conftest import PRIVATE, happen, make_due, sending, stored, webhook
from tests.webhooks.receiver import Received, Receiver, status

BODY = {"url": "http://127.0.0.1:9/", "events": list(EVENTS)}


def ended() -> bool:
    return all(each["status"] != "pending" for each in stored())


def tried() -> bool:
    """Whether everything was tried and waits or has ended."""
    return all(each["attempts"] and "owner" not in each for each in stored())


def verified(received: Received, *secrets: str) -> Any:
    """The body, once every one of the secrets has verified it."""
    (body,) = {received.body for secret in secrets if Verifier(secret).verify(received.body, received.headers)}
    return orjson.loads(body)


@pytest.mark.parametrize(
    ("kind", "event", "state"),
    [
        (entries.STARTED, "content.generation.started", "processing"),
        (entries.COMPLETED, "content.generation.completed", "completed"),
        (entries.FAILED, "content.generation.failed", "failed"),
        (entries.CANCELLED, "content.generation.cancelled", "cancelled"),
        (entries.VOIDED, "content.generation.cancelled", "cancelled"),
    ],
)
def test_a_message_is_signed_and_contains_no_text(kind: str, event: str, state: str) -> None:
    with Receiver() as receiver, sending():
        hook = webhook(receiver.url)
        entry = happen(hook, kind, title="SECRET", prompt="SECRET", generated_text="SECRET", failure_code="blocked")
        until(ended)
    (received,) = receiver.received
    body = verified(received, hook.secret)
    assert (body["type"], body["data"]["status"], body["data"]["jobId"]) == (event, state, entry.job_id)
    assert set(body) == {"type", "timestamp", "data"}
    assert b"SECRET" not in received.body
    assert received.path == "/hook?x=1"
    assert received.headers["content-type"] == "application/json"
    assert received.id == f"msg_{entry.id}"
    with pytest.raises(WebhookVerificationError):
        Verifier(hook.secret).verify(received.body + b" ", received.headers)


def test_the_message_about_a_finished_batch_has_its_counts() -> None:
    with Receiver() as receiver, sending():
        hook = webhook(receiver.url, events=["batch.finished"])
        happen(hook, entries.COMPLETED)
        batch = {"_id": ObjectId(), "user_id": hook.user_id, "counts": {"total": 3, "completed": 3}}
        entry = Entry(f"{batch['_id']}-done", entries.BATCH_FINISHED, deliveries.utcnow(), ())
        deliveries.announce(entry, batch)
        until(ended)
    (received,) = receiver.received
    assert verified(received, hook.secret)["data"] == {"batchId": str(batch["_id"]), "counts": batch["counts"]}


def test_only_subscribed_webhooks_get_an_event_and_only_once() -> None:
    """The handler may process an entry again, even in two processes at once."""
    with Receiver() as receiver, sending():
        hook = webhook(receiver.url, events=["content.generation.failed"])
        webhook(receiver.url)  # another user's
        webhook(receiver.url, user_id=hook.user_id, enabled=False)
        both = webhook(receiver.url, user_id=hook.user_id)
        happen(hook, entries.COMPLETED)
        entry = Entry.of(entries.FAILED, deliveries.utcnow())
        content = {"_id": ObjectId(), "user_id": hook.user_id}
        threads = [threading.Thread(target=deliveries.announce, args=(entry, content)) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        until(ended)
        deliveries.announce(entry, content)
    assert Counter((str(each["webhook_id"]), each["type"]) for each in stored()) == {
        (str(both.id), "content.generation.completed"): 1,
        (str(both.id), "content.generation.failed"): 1,
        (str(hook.id), "content.generation.failed"): 1,
    }
    assert len(receiver.received) == 3


def test_an_acknowledged_message_is_not_sent_again() -> None:
    with Receiver(status(500, b"busy"), status(204, b"")) as receiver, sending():
        hook = webhook(receiver.url)
        happen(hook, entries.COMPLETED)
        until(tried)
        (waiting,) = stored()
        assert waiting["next_at"] - waiting["attempts"][0]["at"] >= timedelta(seconds=5)
        make_due()
        until(ended)
    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    assert verified(second, hook.secret)
    (delivery,) = stored()
    assert [each["status_code"] for each in delivery["attempts"]] == [500, 204]
    assert (delivery["status"], delivery["attempts"][0]["response"]) == ("delivered", "busy")
    assert "next_at" not in delivery


def test_the_retry_times_match_the_documentation() -> None:
    """After the last one the webhook is disabled, and its owner is notified."""
    disabled: list[Any] = []
    with Receiver(status(302, Location="http://127.0.0.1:1/")) as receiver, sending(on_disabled=disabled.append):
        hook = webhook(receiver.url)
        happen(hook, entries.COMPLETED)
        pauses = []
        for number in range(1, len(deliveries.RETRIES) + 1):
            until(lambda: tried() and len(stored()[0]["attempts"]) == number)  # noqa: B023  # used at once
            (waiting,) = stored()
            pauses.append(waiting["next_at"] - waiting["attempts"][-1]["at"])
            make_due()
        until(ended)
    assert [round(each.total_seconds(), -1) if each > timedelta(minutes=1) else 5 for each in pauses] == [
        5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400,
    ]  # fmt: skip
    assert len(set(receiver.ids)) == 1
    assert len(receiver.ids) == 10
    off = Webhook.objects(id=hook.id).get()
    assert (off.enabled, off.disabled_reason, stored()[0]["status"]) == (False, "not_acknowledged", "failed")
    assert [each["_id"] for each in disabled] == [hook.id]


def test_status_410_disables_a_webhook_at_once() -> None:
    """Waiting deliveries are cancelled, no new ones are stored, and other webhooks are not affected."""
    disabled: list[Any] = []
    with Receiver(status(500), status(410)) as gone, Receiver() as good, sending(on_disabled=disabled.append):
        hook = webhook(gone.url)
        webhook(good.url, user_id=hook.user_id)
        happen(hook, entries.STARTED)
        until(tried)
        happen(hook, entries.COMPLETED)
        until(ended)
        happen(hook, entries.FAILED)
        until(lambda: ended() and len(good.received) == 3)
    assert Counter(each["status"] for each in stored()) == {"delivered": 3, "failed": 2}
    assert len(gone.received) == 2
    off = Webhook.objects(id=hook.id).get()
    assert (off.enabled, off.disabled_reason, len(disabled)) == (False, "gone", 1)


def test_both_secrets_sign_while_they_are_rotated(owner: Person) -> None:
    with Receiver() as receiver, sending():
        made = data_of(owner.call("POST", "/api/webhooks", {"url": receiver.url, "events": list(EVENTS)}), 201, None)
        path = f"/api/webhooks/{made['id']}"
        rotated = data_of(owner.call("POST", f"{path}/rotate"), 200, None)
        assert owner.call("POST", f"{path}/test")[0] == 202
        until(ended)
        past = deliveries.utcnow() - timedelta(seconds=1)
        Webhook.objects(id=made["id"]).update(set__old_secrets__0__until=past)
        assert owner.call("POST", f"{path}/test")[0] == 202
        until(ended)
        assert data_of(owner.call("GET", path), 200, None)["oldSecretUntil"] is None
    first, second = receiver.received
    assert verified(first, made["secret"], rotated["secret"])
    assert len(first.headers["webhook-signature"].split(" ")) == 2
    assert verified(second, rotated["secret"])
    with pytest.raises(WebhookVerificationError):
        verified(second, made["secret"])


def test_the_log_shows_every_attempt_and_another_can_be_requested(owner: Person) -> None:
    with Receiver(status(503, b"x" * 3000), status(200)) as receiver, sending():
        body = {"url": receiver.url, "events": ["batch.finished"]}
        path = f"/api/webhooks/{data_of(owner.call('POST', '/api/webhooks', body), 201, None)['id']}"
        made = data_of(owner.call("POST", f"{path}/test"), 202, None)
        until(tried)
        (logged,) = data_of(owner.call("GET", f"{path}/deliveries"), 200, None)["deliveries"]
        (attempt,) = logged["attempts"]
        assert (logged["id"], logged["status"], logged["nextAttemptAt"] > attempt["at"]) == (
            made["id"],
            "pending",
            True,
        )
        assert (attempt["statusCode"], attempt["response"], attempt["error"]) == (503, "x" * 1024, None)
        for count in (2, 3):  # the second time although it was acknowledged
            assert owner.call("POST", f"{path}/deliveries/{made['id']}/redeliver")[0] == 202
            until(lambda: ended() and len(receiver.received) == count)  # noqa: B023  # used at once
    (logged,) = data_of(owner.call("GET", f"{path}/deliveries"), 200, None)["deliveries"]
    assert [each["statusCode"] for each in logged["attempts"]] == [503, 200, 200]
    assert set(receiver.ids) == {made["messageId"]}
    assert len({each.body for each in receiver.received}) == 1


def test_a_message_in_flight_is_not_sent_a_second_time() -> None:
    going_on, over = threading.Event(), threading.Event()

    def hold(received: Received, handler: Any) -> None:
        going_on.set()
        over.wait(60)
        status(200)(received, handler)

    with Receiver(hold) as receiver, sending():
        hook = webhook(receiver.url)
        happen(hook, entries.COMPLETED)
        assert going_on.wait(60)
        (delivery,) = stored()
        deliveries.again(delivery["_id"], hook.id)
        over.set()
        until(ended)
    assert len(receiver.received) == 1


def test_a_delivery_whose_sender_died_is_taken_over_with_its_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was killed after the response but before recording it."""

    class Killed(BaseException):
        """Simulates SIGKILL."""

    def die(*_: Any) -> None:
        raise Killed

    with Receiver() as receiver:
        hook = webhook(receiver.url)
        happen(hook, entries.COMPLETED)
        with monkeypatch.context() as patch:
            patch.setattr(deliveries, "acknowledged", die)
            with sending(lease=timedelta(seconds=1)):
                until(lambda: receiver.received)
        assert stored()[0]["status"] == "pending"
        with sending():
            until(ended)
    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)


def test_a_sender_frozen_past_its_lease_sends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may have sent the message in the meantime. Here the same process takes it again."""
    moments = iter([0.0, deliveries.LEASE.total_seconds()])
    frozen = SimpleNamespace(monotonic=lambda: next(moments))
    with Receiver() as receiver:
        happen(webhook(receiver.url), entries.COMPLETED)
        sender = WebhookSender(Outbound(PRIVATE), lambda _: None)
        with monkeypatch.context() as patch:
            patch.setattr(sender_module, "time", frozen)
            assert sender.look()
            sender._pool.shutdown()
        assert receiver.received == []
        assert stored()[0]["status"] == "pending"


def test_an_outage_while_a_response_is_recorded_sends_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = iter([True, True])
    note = deliveries.acknowledged

    def away(*args: Any) -> None:
        if next(failing, False):
            raise sender_module.OUTAGES[0]("away")
        note(*args)

    monkeypatch.setattr(deliveries, "acknowledged", away)
    with Receiver() as receiver, sending():
        happen(webhook(receiver.url), entries.COMPLETED)
        until(ended)
    assert len(receiver.received) == 1


@pytest.mark.parametrize(
    ("seconds_since_outage", "sent"), [(sender_module.GRACE_SECONDS - 1, 0), (sender_module.GRACE_SECONDS, 1)]
)
def test_a_lease_that_expired_in_an_outage_is_not_taken_over_at_once(
    monkeypatch: pytest.MonkeyPatch, seconds_since_outage: float, sent: int
) -> None:
    """Its sender may be about to record the response. Deliveries that nobody has claimed are sent meanwhile."""
    now = 1000.0
    with Receiver() as receiver:
        hook = webhook(receiver.url)
        happen(hook, entries.COMPLETED)
        claimed = deliveries.claim((), (), timedelta(seconds=-1))
        assert claimed
        happen(hook, entries.FAILED)
        sender = WebhookSender(Outbound(PRIVATE), lambda _: None)
        monkeypatch.setattr("app.outage_grace.time", SimpleNamespace(monotonic=lambda: now))
        with monkeypatch.context() as away:
            away.setattr(deliveries, "claim", Mock(side_effect=sender_module.OUTAGES[0]("away")))
            with pytest.raises(sender_module.OUTAGES):
                sender.look()
        now += seconds_since_outage
        while sender.look():
            pass
        sender._pool.shutdown()
        assert receiver.ids.count(claimed["message_id"]) == sent
        assert len(receiver.received) == sent + 1


def test_deliveries_of_deleted_and_disabled_webhooks_are_not_sent() -> None:
    with Receiver() as receiver:
        deleted, disabled = webhook(receiver.url), webhook(receiver.url)
        for each in (deleted, disabled):
            happen(each, entries.COMPLETED)
        deleted.delete()
        Webhook.objects(id=disabled.id).update(set__enabled=False)
        with sending():
            until(ended)
    assert receiver.received == []
    assert [each["webhook_id"] for each in stored()] == [disabled.id]


def test_an_address_that_became_private_is_not_reached(app: Flask) -> None:  # noqa: ARG001  # it has the connection
    """The address is checked when connecting, and both logs show the reason in words."""
    happen(webhook("http://169.254.169.254/latest/meta-data"), entries.COMPLETED)
    with capture_logs() as logged, sending():
        until(tried)
    (attempt,) = stored()[0]["attempts"]
    assert (attempt["status_code"], attempt["error"]) == (
        None,
        "Must be a public address: this one is private, local or reserved.",
    )
    said = [line for line in logged if line["event"].startswith("webhook")]
    assert [(line["event"], line["error"]) for line in said] == [("webhook not answered", attempt["error"])]


def test_a_receiver_that_never_answers_delays_no_other() -> None:
    """Slots are limited per webhook (fewer after a failure), per owner, and for all failing webhooks together."""
    assert OF_ONE_WEBHOOK < OF_ONE_PERSON < PLACES
    assert FOR_FAILING < PLACES
    over = threading.Event()
    with Receiver(lambda *_: over.wait(60)) as silent, Receiver() as good, sending(seconds=60):
        dead = [webhook(silent.url) for _ in range(5)]
        for each in dead:
            for _ in range(20):
                happen(each, entries.COMPLETED)
        hook = webhook(good.url)
        for _ in range(20):
            happen(hook, entries.COMPLETED)
        until(lambda: len(good.received) == 20)
        per_webhook = Counter(each["webhook_id"] for each in stored() if "owner" in each)
        assert max(per_webhook.values()) <= OF_ONE_WEBHOOK
        over.set()
        deliveries._deliveries().delete_many({"webhook_id": {"$in": [each.id for each in dead]}, "owner": None})


def test_a_cancelled_generation_is_sent_to_webhooks(app: Flask, owner: Person) -> None:
    """From the request through the outbox to the delivery. The same entry is processed a second time."""
    made = data_of(
        owner.call("POST", "/api/webhooks", {"url": "http://127.0.0.1:9/", "events": list(EVENTS)}), 201, None
    )
    content = owner.generate()
    assert owner.call("POST", f"/api/content/{content['id']}/cancel")[0] == 200
    (delivery,) = stored()
    body = orjson.loads(delivery["body"])
    assert (str(delivery["webhook_id"]), body["type"]) == (made["id"], "content.generation.cancelled")
    assert body["data"] == {
        "contentId": content["id"], "jobId": content["jobId"], "status": "cancelled", "contentType": "blog",
        "batchId": None,
    }  # fmt: skip
    settings = services_of(app).get(Settings)
    redis = connect(settings, 2.0)
    entry = Entry(delivery["message_id"].removeprefix("msg_"), entries.CANCELLED, deliveries.utcnow(), ("webhooks",))
    document = {"_id": ObjectId(content["id"]), "user_id": ObjectId(owner.user["id"]), "outbox": [entry.stored()]}
    relay_of(redis, GenerationQueue(redis, settings)).carry(document)
    assert len(stored()) == 1


def test_a_finished_batch_is_sent_to_webhooks_once(open_app: Flask, owner: Person) -> None:
    """However often it is checked."""
    data_of(owner.call("POST", "/api/webhooks", BODY | {"events": ["batch.finished"]}), 201, None)
    item = {"title": "Bees", "contentType": "blog", "prompt": "About bees"}
    batch = data_of(owner.call("POST", "/api/batches", {"items": [item, item]}), 202, None)["id"]
    maker = services_of(open_app).get(BatchMaker)
    maker.look()
    assert stored() == []
    assert owner.call("POST", f"/api/batches/{batch}/cancel")[0] == 200
    for _ in range(3):
        maker.look()
    (delivery,) = stored()
    data = orjson.loads(delivery["body"])["data"]
    assert (data["batchId"], data["counts"]["total"], data["counts"]["cancelled"]) == (batch, 2, 2)


PROGRAMS = {"verify.py": (sys.executable, "from verify import verify"),
            "verify.mjs": ("node", "import { verify } from './verify.mjs'")}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_documentation_shows_how_to_verify(tmp_path: Path, name: str) -> None:
    """The functions in docs/webhooks.md accept a sent message and no other."""
    program, load = PROGRAMS[name]
    if shutil.which(program) is None:
        pytest.skip("Node.js was not found")
    (block,) = readme.blocks(name)
    (tmp_path / name).write_text(block.text)
    with Receiver() as receiver, sending():
        hook = webhook(
            receiver.url, old_secrets=[{"secret": new_secret(), "until": deliveries.utcnow() + timedelta(1)}]
        )
        happen(hook, entries.COMPLETED)
        until(ended)
    (received,) = receiver.received
    names, old = json.dumps(dict(received.headers)), hook.old_secrets[0]["secret"]
    late, odd, bare = (
        json.dumps(received.headers | {"webhook-timestamp": "1700000000"}),
        json.dumps(received.headers | {"webhook-timestamp": "²", "webhook-signature": "v1,ü"}),
        json.dumps({"host": "example.com"}),
    )
    body = received.body.decode()
    tries = [(hook.secret, names, body), (old, names, body), (new_secret(), names, body),
             (hook.secret, names, body + " "), *((hook.secret, each, body) for each in (late, odd, bare))]  # fmt: skip
    if name.endswith(".py"):
        calls = [f"print(verify({secret!r}, {headers}, {text.encode()!r}))" for secret, headers, text in tries]
    else:
        calls = [
            f"console.log(verify({json.dumps(secret)}, {headers}, Buffer.from({json.dumps(text)})))"
            for secret, headers, text in tries
        ]
    script = tmp_path / f"main{Path(name).suffix}"
    script.write_text("\n".join([load, *calls]))
    printed = subprocess.run([program, str(script)], check=True, capture_output=True, text=True).stdout
    assert printed.lower().split() == ["true"] * 2 + ["false"] * 5


SHORT, LONG = 20, 1000


def test_every_working_receiver_gets_every_event_once(rounds: Callable[[int, int], int]) -> None:
    """Ten receivers: one never answers, one answers 500 twice, one 410, one redirects, and six work."""
    events = rounds(SHORT, LONG)
    over = threading.Event()
    behaviours = [[lambda *_: over.wait(60)], [status(500), status(500), status(200)], [status(410)],
                  [status(307, Location="http://127.0.0.1:9/")], *[[status(200)]] * 6]  # fmt: skip
    receivers = [Receiver(*each) for each in behaviours]
    first = webhook(receivers[0].url)
    hooks = [first, *(webhook(each.url, user_id=first.user_id) for each in receivers[1:])]
    for each in receivers:
        each.__enter__()
    with sending(seconds=0.5):
        ids = {f"msg_{happen(first, entries.COMPLETED).id}" for _ in range(events)}
        done = lambda: all(len(set(each.ids)) == events for each in receivers[4:])  # noqa: E731  # said once, used once
        until(done)
        until(lambda: sum(each["status"] == "delivered" for each in stored()) >= 6 * events)
        retried = {"webhook_id": hooks[1].id, "status": "pending", "owner": None}
        while deliveries._deliveries().count_documents(retried | {"status": "pending"}):
            deliveries._deliveries().update_many(retried, {"$set": {"next_at": deliveries.utcnow()}})
            threading.Event().wait(0.02)
        deliveries.call_off(hooks[0].id)
        deliveries.call_off(hooks[3].id)
        over.set()
    for receiver, hook in zip(receivers[4:], hooks[4:], strict=True):
        assert Counter(receiver.ids) == dict.fromkeys(ids, 1)
        assert all(verified(each, hook.secret)["type"] == "content.generation.completed" for each in receiver.received)
    counts = Counter(receivers[1].ids)
    assert (set(counts), sum(counts.values())) == (ids, events + 2)
    assert len(receivers[2].ids) <= OF_ONE_WEBHOOK
    assert not Webhook.objects(id=hooks[2].id).get().enabled
    assert all(orjson.loads(each["body"])["type"] == "content.generation.completed" for each in stored())
    for each in receivers:
        each.__exit__()
