"""Sends due deliveries in separate threads, so that slow receivers do not hold up anything else."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from app.clock import utcnow
from app.database import OUTAGES, collection_of
from app.logs import get_logger
from app.outage_grace import OutageGrace
from app.webhooks import deliveries
from app.webhooks.addresses import Target, UnusableUrl
from app.webhooks.connection import Answer, Outbound
from app.webhooks.deliveries import LEASE, Stored
from app.webhooks.document import Webhook
from app.webhooks.signatures import headers_for

log = get_logger(__name__)

LOOK_SECONDS = 0.5
OUTAGE_PAUSE_SECONDS = 0.25
GRACE_SECONDS = 10.0
"""After an outage of MongoDB, senders have this time to record the responses that they received meanwhile."""
PLACES = 32
"""How many deliveries a worker process sends at once."""
OF_ONE_WEBHOOK, OF_ONE_PERSON = 4, 12
FOR_FAILING = PLACES // 2
"""How many slots webhooks that failed last time may take together. Each of them takes at most one."""
GONE = 410
USER_AGENT = "AI-Content-Generator-Webhooks/1"

Disabled = Callable[[Stored], None]
Count = Callable[[str], None]
"""Called with the outcome of each attempt: `delivered`, `later` or `failed`."""


class WebhookSender:
    """Sends deliveries. Safe to run in all workers at once, because each delivery is leased while it is sent."""

    def __init__(
        self,
        outbound: Outbound,
        on_disabled: Disabled,
        lease: timedelta = LEASE,
        count: Count = lambda _: None,
        pause: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`pause` returns the seconds to wait before the next delivery; see Pacing."""
        self._outbound = outbound
        self._on_disabled = on_disabled
        self._count_outcome = count
        self._lease = lease
        self._pause = pause
        self._pool = ThreadPoolExecutor(PLACES, "webhooks")
        self._lock = threading.Lock()
        self._busy: Counter[tuple[Any, Any]] = Counter()
        self._failing: set[Any] = set()
        self._changed = threading.Event()
        self._grace = OutageGrace(GRACE_SECONDS)

    def keep_sending(self, stopping: threading.Event) -> None:
        """Sends until `stopping` is set, also through outages. Then waits for the deliveries being sent."""
        while not stopping.is_set():
            self._changed.clear()
            try:
                sending = self.look()
            except OUTAGES as error:
                log.warning("webhooks postponed", error=str(error)[:200])
                sending = False
            except Exception:
                log.exception("webhook sender crashed, continuing")
                sending = False
            if not sending:
                self._changed.wait(LOOK_SECONDS)
            elif pause := self._pause():
                stopping.wait(pause)
        self._pool.shutdown()

    def look(self) -> bool:
        """Starts sending one due delivery. Returns False if there is none, or no free slot.

        For GRACE_SECONDS after an outage it takes over none whose sender has not recorded a response.
        """
        webhooks, people, full = self._taken()
        claimed_at = time.monotonic()
        if full:
            return False
        with self._grace.watching():
            delivery = deliveries.claim(webhooks, people, self._lease, unclaimed=self._grace.lasts)
        if delivery is None:
            return False
        self._count(delivery, 1)
        self._pool.submit(self._send_and_free, delivery, claimed_at)
        return True

    def _taken(self) -> tuple[set[Any], set[Any], bool]:
        """Returns the webhooks and users that use all their slots, and whether all slots are taken."""
        with self._lock:
            busy, failing = Counter(self._busy), set(self._failing)
        by_webhook, by_person = Counter[Any](), Counter[Any]()
        for (webhook, person), count in busy.items():
            by_webhook[webhook] += count
            by_person[person] += count
        crowded = sum(count for webhook, count in by_webhook.items() if webhook in failing) >= FOR_FAILING
        most = {webhook: 1 if webhook in failing else OF_ONE_WEBHOOK for webhook in by_webhook}
        webhooks = {webhook for webhook, count in by_webhook.items() if count >= most[webhook]}
        people = {person for person, count in by_person.items() if count >= OF_ONE_PERSON}
        return webhooks | failing if crowded else webhooks, people, sum(busy.values()) >= PLACES

    def _count(self, delivery: Stored, change: int) -> None:
        key = (delivery["webhook_id"], delivery["user_id"])
        with self._lock:
            self._busy[key] += change
            if not self._busy[key]:
                del self._busy[key]

    def _send_and_free(self, delivery: Stored, claimed_at: float) -> None:
        try:
            self._send(delivery, claimed_at)
        except OUTAGES as error:
            log.warning("delivery left to a later try", delivery_id=str(delivery["_id"]), error=str(error)[:200])
        except Exception:
            log.exception("delivery crashed", delivery_id=str(delivery["_id"]))
        finally:
            self._count(delivery, -1)
            self._changed.set()

    def _send(self, delivery: Stored, claimed_at: float) -> None:
        """Sends a delivery, unless this process was frozen for so long that another may be sending it."""
        webhook = collection_of(Webhook).find_one({"_id": delivery["webhook_id"]})
        if webhook is None or not webhook["enabled"]:
            deliveries.drop(delivery)
            return
        began, at = time.monotonic(), utcnow()
        if began - claimed_at > self._lease.total_seconds() / 2:
            return
        answer = self._post(webhook, delivery)
        attempt = {"at": at, "status_code": answer.status, "response": answer.text, "error": answer.error}
        attempt["duration_ms"] = round((time.monotonic() - began) * 1000)
        ids = {"webhook_id": str(webhook["_id"]), "delivery_id": str(delivery["_id"])}
        if answer.status is None:
            log.info("webhook not answered", **ids, error=answer.error)
        else:
            log.info("webhook sent", **ids, status=answer.status)
        with self._lock:
            (self._failing.discard if answer.acknowledged else self._failing.add)(webhook["_id"])
        self._persist(lambda: self._note(delivery, answer, attempt))

    def _post(self, webhook: Stored, delivery: Stored) -> Answer:
        body, now = delivery["body"].encode(), utcnow()
        headers = headers_for(delivery["message_id"], now, body, deliveries.signing(webhook, now))
        headers |= {"Content-Type": "application/json", "User-Agent": USER_AGENT, "Connection": "close"}
        try:
            target = Target.of(webhook["url"], self._outbound.reach)
        except UnusableUrl as error:
            return Answer(error=str(error))
        return self._outbound.post(target, headers, body)

    def _note(self, delivery: Stored, answer: Answer, attempt: Stored) -> None:
        if answer.acknowledged:
            deliveries.acknowledged(delivery, attempt)
            self._count_outcome("delivered")
        elif answer.status == GONE:
            deliveries.refused(delivery, attempt)
            self._count_outcome("failed")
            self._disable(delivery["webhook_id"], gone=True)
        elif deliveries.not_acknowledged(delivery, attempt):
            self._count_outcome("later")
        else:
            self._count_outcome("failed")
            self._disable(delivery["webhook_id"], gone=False)

    def _disable(self, webhook_id: Any, *, gone: bool) -> None:
        webhook = deliveries.disable(webhook_id, gone=gone)
        with self._lock:
            self._failing.discard(webhook_id)
        if webhook is not None:
            log.warning("webhook disabled", webhook_id=str(webhook_id), reason=webhook["disabled_reason"])
            self._on_disabled(webhook)

    def _persist(self, note: Callable[[], None]) -> None:
        """Records an outcome, retrying through a MongoDB outage, so that acknowledged deliveries are not sent again."""
        while True:
            try:
                note()
            except OUTAGES as error:
                log.warning("outcome of a delivery not stored yet", error=str(error)[:200])
                time.sleep(OUTAGE_PAUSE_SECONDS)
            else:
                return
