"""Verifies the promises against the stored data, the received events and the calls to the stand-in."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import orjson
from bson import ObjectId
from redis import Redis

from app.content.document import CANCELLED, COMPLETED, FAILED
from app.database import OUTAGES
from app.realtime.event_log import stream_of
from tests.chaos.load import Load

FINISHED = (COMPLETED, FAILED, CANCELLED)
TOLD = {
    "content:generation:completed": COMPLETED,
    "content:generation:failed": FAILED,
    "content:generation:cancelled": CANCELLED,
}
ON_THE_WAY_SECONDS = 1.0
"""How much later a call that was started before the cancellation may reach the endpoint."""


class FinishWatch:
    """Polls MongoDB and records every content whose end was written twice."""

    def __init__(self, documents: Any) -> None:
        self._documents = documents
        self._ended: dict[ObjectId, Any] = {}
        self.twice: set[ObjectId] = set()

    def run(self, stopping: threading.Event) -> None:
        while not stopping.wait(0.2):
            self.look()

    def look(self) -> None:
        try:
            found = list(self._documents.find({"finished_at": {"$exists": True}}, {"finished_at": 1, "ended_by": 1}))
        except OUTAGES:
            return
        for document in found:
            end = (document["finished_at"], document.get("ended_by"))
            if self._ended.setdefault(document["_id"], end) != end:
                self.twice.add(document["_id"])


@dataclass(frozen=True)
class Verdict:
    """The result of the drill. Every value in `broken` must be 0."""

    figures: Mapping[str, Any]
    broken: Mapping[str, int]

    @property
    def kept(self) -> bool:
        return not any(self.broken.values())

    def table(self) -> str:
        rows = [*self.figures.items(), *((f"{name} (must be 0)", count) for name, count in self.broken.items())]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"  {name:<{width}}  {value}" for name, value in rows)


@dataclass(frozen=True)
class Told:
    """The event log in Redis, and when Redis last lost it."""

    redis: Redis
    emptied_at: datetime | None

    def missing(self, stored: Iterable[Any]) -> int:
        """Generations that ended since then without exactly one final event in the log."""
        wrong = 0
        for document in stored:
            finished_at = document.get("finished_at")
            if finished_at and (self.emptied_at is None or finished_at > self.emptied_at):
                wrong += self._final_events(document) != 1
        return wrong

    @staticmethod
    def uncounted(usage: Any, calls: Sequence[Any]) -> int:
        """The number of calls to the stand-in that have no usage row."""
        return max(0, len(calls) - int(usage.count_documents({})))

    @staticmethod
    def open_rows(usage: Any) -> int:
        """The number of model calls whose end was not recorded."""
        return int(usage.count_documents({"outcome": "open"}))

    def _final_events(self, document: Any) -> int:
        events: Any = self.redis.xrange(stream_of(document["user_id"]))
        final = [members for _, members in events if members[b"event"].decode() in TOLD]
        return sum(orjson.loads(members[b"payload"])["jobId"] == document["job_id"] for members in final)


def judge(load: Load, documents: Any, calls: Sequence[Mapping[str, Any]], watch: FinishWatch, told: Told) -> Verdict:
    """Compares the stored data, the events and the calls."""
    watch.look()
    ids = [ObjectId(content["id"]) for content in load.accepted]
    stored = {document["_id"]: document for document in documents.find({"_id": {"$in": ids}})}
    statuses = Counter(document["generation_status"] for document in stored.values())
    received = [event for listener in load.listeners for event in listener.events]
    called = _calls_by_title(calls)
    attempts = sum(document.get("attempt", 0) for document in stored.values())
    figures = {
        "requests refused": load.refused,
        "accepted": len(load.accepted),
        "completed": statuses[COMPLETED],
        "failed": statuses[FAILED],
        "cancelled or deleted by their owner": statuses[CANCELLED],
        "cancels answered": len(load.cancelled),
        "calls to Gemini": len(calls),
        "calls to Gemini beyond one per attempt": max(0, len(calls) - attempts),
        "texts followed, pieces": (len(load.follows.followed), sum(each.pieces for each in load.follows.followed)),
        "slowest recovery, s": round(_longest_wait(stored.values(), called), 1),
    }
    broken = {
        "lost": len(ids) - sum(statuses[status] for status in FINISHED),
        "failed without a reason": sum(
            each["generation_status"] == FAILED and not each["failure_reason"] for each in stored.values()
        ),
        "finished twice": len(watch.twice),
        "left behind by refused requests": documents.count_documents({"_id": {"$nin": ids}}),
        "final events missing": told.missing(stored.values()),
        "consequences left undone": documents.count_documents({"outbox": {"$exists": True}}),
        "calls that no row of usage has": told.uncounted(documents.database["usage"], calls),
        "final events sent twice": _sent_twice(received),
        "cancelled that became completed": sum(
            stored[ObjectId(each)]["generation_status"] != CANCELLED for each in load.cancelled
        ),
        "paid calls after a cancel": _called_after_cancel(stored.values(), called),
        "rows of usage left open": told.open_rows(documents.database["usage"]),
        "final events that differ from the store": _untrue(received, stored),
        "calls to Gemini for finished work": _called_after_end(stored.values(), called),
        "streams that differ from the stored text": load.follows.differing(stored),
        "versions lost": versions_lost(stored.values(), documents.database["versions"]),
    }
    return Verdict(figures, broken)


def versions_lost(stored: Iterable[Any], rows: Any) -> int:
    """Completed texts without a version, and versions without a row."""
    lost = 0
    for document in stored:
        named = [each["row"] for each in document.get("versions") or ()]
        texts = [row["text"] for row in rows.find({"_id": {"$in": named}}, {"text": 1})]
        lost += len(named) - len(texts)
        lost += document["generation_status"] == COMPLETED and document["generated_text"] not in texts
    return lost


def _calls_by_title(calls: Iterable[Mapping[str, Any]]) -> Mapping[str, list[Mapping[str, Any]]]:
    by_title: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for call in calls:
        by_title[call["title"]].append(call)
    return by_title


def _sent_twice(received: Iterable[tuple[str, Any]]) -> int:
    final = Counter(payload["jobId"] for name, payload in received if name in TOLD)
    return sum(count > 1 for count in final.values())


def _untrue(received: Iterable[tuple[str, Any]], stored: Mapping[ObjectId, Any]) -> int:
    """Final events whose status, text or reason differs from the stored one."""
    wrong = 0
    for name, payload in received:
        document = stored.get(ObjectId(payload["contentId"]))
        if name not in TOLD or document is None or document["deleted"]:
            continue
        same = document["generation_status"] == TOLD[name]
        same &= payload.get("generatedText", document["generated_text"]) == document["generated_text"]
        same &= payload.get("failureReason", document.get("failure_reason")) == document.get("failure_reason")
        wrong += not same
    return wrong


def _called_after_end(stored: Iterable[Any], called: Mapping[str, list[Mapping[str, Any]]]) -> int:
    return sum(
        call["at"] > document["finished_at"].timestamp()
        for document in stored
        if document.get("finished_at") and document["generation_status"] != CANCELLED
        for call in called.get(document["title"], [])
    )


def _called_after_cancel(stored: Iterable[Any], called: Mapping[str, list[Mapping[str, Any]]]) -> int:
    return sum(
        call["at"] > document["finished_at"].timestamp() + ON_THE_WAY_SECONDS
        for document in stored
        if document.get("finished_at") and document["generation_status"] == CANCELLED
        for call in called.get(document["title"], [])
    )


def _longest_wait(stored: Iterable[Any], called: Mapping[str, list[Mapping[str, Any]]]) -> float:
    """The longest gap in seconds between the steps of a due generation: due, each call to Gemini, end."""
    longest = 0.0
    for document in stored:
        if document.get("finished_at") and document["generation_status"] != CANCELLED:
            first_due = document["created_at"].timestamp() + 1
            signs = [first_due, *(call["at"] for call in called.get(document["title"], []))]
            signs = sorted([*signs, document["finished_at"].timestamp()])
            longest = max([longest, *(after - before for before, after in pairwise(signs))])
    return longest
