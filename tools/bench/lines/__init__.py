"""The lines of the table by their name for `--only`, in the order of measurement."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.bench.lines import (
    checks,
    crowd,
    flood,
    growth,
    http,
    library,
    live,
    logins,
    scale,
    searching,
    timing,
    webhooks,
    writing,
)
from tools.bench.measurement import Measurement
from tools.bench.stage import Stage

Line = Callable[[Stage], list[Measurement]]

LINES: Mapping[str, Line] = {
    "generate": http.generate,
    "list": http.list_contents,
    "get": http.get_content,
    "login": logins.login,
    "list-during-logins": logins.list_during_logins,
    "burst": writing.burst,
    "instant": writing.instant,
    "instant-two": writing.two_workers,
    "webhooks": webhooks.beside_generations,
    "web-processes": growth.web_processes,
    "stored-text": growth.stored_text,
    "start": timing.start_after_due,
    "start-crowded": timing.start_after_due_in_a_crowd,
    "delivery": timing.delivery,
    "sockets": crowd.open_sockets,
    "scale": scale.many_documents,
    "deep-page": scale.deep_page,
    "search": searching.search,
    "cursor-page": library.cursor_page,
    "tags": library.tags,
    "batch": library.batch,
    "zip": library.zipped,
    "flood": flood.due_at_once,
    "first-words": live.first_words,
    "streams": live.many_at_once,
    "checks": checks.checks,
}
