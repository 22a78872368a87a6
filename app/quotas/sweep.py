"""Finds holds that nothing stands for: the process died between the hold and the generation that it was for."""

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
"""Which of these holds' jobs there are."""


class QuotaSweep:
    """Safe to run in every worker at once. `known` say which jobs there are, and `to_come` which are still to be made.

    A hold whose job is known is looked at once. One whose job is still to come is looked at again.
    """

    def __init__(self, known: Known, to_come: Known) -> None:
        self._known = known
        self._to_come = to_come

    def keep_sweeping(self, stopping: threading.Event) -> None:
        """Sweeps every 5 s until `stopping` is set, through any outage. Call it in a thread of its own."""
        keep_doing("sweep of quotas", self.sweep, SWEEP_SECONDS, stopping)

    def sweep(self) -> int:
        """Drops the holds that nothing has stood for within 60 s. Returns how many."""
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
