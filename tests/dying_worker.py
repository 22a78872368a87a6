"""`python -m tests.dying_worker MOMENT`: a worker that kills itself between a write and its consequences.

A moment is `claimed` or `settled` (after the write, before any consequence), `taken over` (after the sweep ended a dead
worker's attempt), `before HANDLER of KIND` and `after HANDLER of KIND` (around one handler of one kind of entry),
`before acknowledging` (after all consequences, before they are recorded), or `answered` (after the receiver of a
webhook has acknowledged its message, before that is recorded).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import worker
from app import worker_process
from app.generation import transitions
from app.generation.outcomes import Expired
from app.outbox.entries import CANCELLED, CHANGED, HANDLERS_OF, TRASHED, VOIDED
from app.outbox.relay import Relay
from app.webhooks import deliveries

OF_THE_WEB = {VOIDED, CHANGED, CANCELLED, TRASHED}
"""Kinds of entries that no worker writes."""
WRITES = ("claimed", "settled", "taken over")
HANDLING = tuple(
    f"{side} {handler} of {kind}"
    for kind, handlers in HANDLERS_OF.items()
    if kind not in OF_THE_WEB
    for handler in handlers
    for side in ("before", "after")
)
ANSWERED = "answered"
MOMENTS = (*WRITES, *HANDLING, "before acknowledging")


def kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(moment: str, die: Callable[[], None] = kill_this_process, patch: Callable[..., None] = setattr) -> None:
    """Makes this process kill itself at the given moment."""
    claim, settle = transitions.claim, transitions.settle

    def dying_claim(*args: Any, **kwargs: Any) -> Any:
        content = claim(*args, **kwargs)
        if content is not None and moment == "claimed":
            die()
        return content

    def dying_settle(content_id: Any, owner: str, outcome: Any, *of: Any) -> Any:
        content = settle(content_id, owner, outcome, *of)
        wanted = "taken over" if isinstance(outcome, Expired) else "settled"
        if content is not None and moment == wanted:
            die()
        return content

    def dying_acknowledge(relay: Any) -> None:
        if relay._done:
            die()

    patch(transitions, "claim", dying_claim)
    patch(transitions, "settle", dying_settle)
    if moment == ANSWERED:
        patch(deliveries, "acknowledged", lambda *_: die())
    if moment == "before acknowledging":
        patch(Relay, "acknowledge", dying_acknowledge)
    if moment in HANDLING:
        relay_of = worker_process.relay_of
        patch(worker_process, "relay_of", lambda *args, **kwargs: _dying(relay_of(*args, **kwargs), moment, die))


def _dying(relay: Relay, moment: str, die: Callable[[], None]) -> Relay:
    side, handler, _, kind = moment.split()
    handle = relay._handlers[handler]

    def dying(entry: Any, document: Any) -> None:
        if entry.kind == kind and side == "before":
            die()
        handle(entry, document)
        if entry.kind == kind:
            die()

    handlers: dict[str, Callable[[Any, Any], None]] = {**relay._handlers, handler: dying}
    relay._handlers = handlers
    return relay


if __name__ == "__main__":
    arm(" ".join(sys.argv[1:]))
    code = worker.main()
    sys.stdout.flush()
    os._exit(code)
