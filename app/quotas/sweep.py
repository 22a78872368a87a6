"""Drops orphaned holds, whose process died between creating the hold and storing the generation."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence

from app.clock import utcnow
from app.logs import get_logger
from app.periodic import keep_doing
from app.quotas.document import UNSURE, Hold, QuotaDay

log = get_logger(__name__)

SWEEP_SECONDS = 5.0
BATCH = 100

Known = Callable[[Sequence[Hold]], Collection[str]]
"""Returns which of these holds' jobs exist."""


class QuotaSweep:
    """Safe to run in all workers at once.

    `known` returns the jobs that exist; their holds are confirmed. `to_come` returns the jobs that a batch will still
    create; their holds are checked again later.
    """

    def __init__(self, known: Known, to_come: Known) -> None:
        self._known = known
        self._to_come = to_come

    def keep_sweeping(self, stopping: threading.Event) -> None:
        """Sweeps every 5 s until `stopping` is set, also through outages. Run it in a separate thread."""
        keep_doing("sweep of quotas", self.sweep, SWEEP_SECONDS, stopping)

    def sweep(self) -> int:
        """Drops holds whose generation was not stored within 60 s. Returns how many."""
        now, dropped = utcnow(), 0
        for found in QuotaDay.to_check(now, BATCH):
            old = [each for each in found["holds"] if each.get("unsure") and each["at"] <= now - UNSURE]
            holds = [Hold(each["job"], each["content_id"], each.get("batch_id")) for each in old]
            sure = set(self._known(holds))
            waiting = set(self._to_come([each for each in holds if each.job not in sure]))
            gone = {each.job for each in holds} - sure - waiting
            QuotaDay.checked(found, gone, sure, now + UNSURE)
            dropped += len(gone)
            if gone:
                log.warning("holds dropped", user_id=str(found["user_id"]), count=len(gone))
        return dropped
