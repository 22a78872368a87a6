"""The leases of this process: renewed while their attempts run, and released on shutdown."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from mongoengine import Document

from app.content.document import Content
from app.database import OUTAGES
from app.generation import transitions
from app.generation.outcomes import Released
from app.generation.providers.base import StopSignal
from app.generation.transitions import Stored
from app.logs import get_logger

log = get_logger(__name__)

LEASE = timedelta(seconds=10)
RENEW_SECONDS = 3.0


@dataclass
class Lease:
    """A lease of this process. Times are monotonic seconds. `stop` is set once the lease is known to be lost."""

    owner: str
    content_id: str
    ends_at: float
    give_up_at: float
    claimed: bool = False
    stop: StopSignal = field(default_factory=StopSignal)


class Leases:
    """The leases on documents `of` one kind: contents or rewrites. Thread-safe.

    Run `keep` in a separate thread.
    """

    def __init__(self, longest_attempt_seconds: float, of: type[Document] = Content) -> None:
        self._longest = longest_attempt_seconds
        self._of = of
        self._held: dict[str, Lease] = {}
        self._lock = threading.Lock()

    @contextmanager
    def held(self, content_id: str) -> Iterator[Lease]:
        """Context manager for a lease with a new owner token, renewed within the block once the content is claimed.

        A lease is not renewed beyond the longest permitted attempt, so that another worker can take over.
        """
        owner = uuid.uuid4().hex
        now = time.monotonic()
        lease = Lease(owner, content_id, now + LEASE.total_seconds(), now + self._longest)
        with self._lock:
            self._held[owner] = lease
        try:
            yield lease
        finally:
            with self._lock:
                self._held.pop(owner, None)

    def lasts(self, owner: str) -> bool:
        """Whether the lease is certain not to have expired. Check it right before anything that must not happen twice.

        It uses this process's clock, so it detects that the process was frozen and another worker may have taken over.
        """
        with self._lock:
            held = self._held.get(owner)
        return held is not None and time.monotonic() < held.ends_at

    def keep(self, stopping: threading.Event) -> None:
        """Renews the held leases every 3 s until `stopping` is set."""
        while not stopping.wait(RENEW_SECONDS):
            self.renew()

    def renew(self) -> None:
        now = time.monotonic()
        with self._lock:
            renewed = {owner: held for owner, held in self._held.items() if now < held.give_up_at}
        if not renewed:
            return
        try:
            still_held = transitions.renew(renewed.keys(), LEASE, self._of)
        except OUTAGES as error:
            log.warning("leases not renewed", count=len(renewed), error=str(error)[:200])
            return
        except Exception:
            log.exception("leases not renewed")  # continue: without renewal every attempt would run twice
            return
        for owner, lease in renewed.items():
            if owner in still_held:
                lease.ends_at = now + LEASE.total_seconds()
            elif lease.claimed:
                lease.stop.set()

    def stop(self, owner: str) -> None:
        """Stops the attempt of this owner if it runs in this process."""
        with self._lock:
            lease = self._held.get(owner)
        if lease is not None:
            lease.stop.set()

    def count(self) -> int:
        with self._lock:
            return len(self._held)

    def release(self) -> list[Stored]:
        """Releases every lease without counting the attempts. Returns the contents, which are due again."""
        with self._lock:
            mine = [(owner, held.content_id) for owner, held in self._held.items()]
        released = [transitions.settle(content_id, owner, Released(), self._of) for owner, content_id in mine]
        return [content for content in released if content is not None]
