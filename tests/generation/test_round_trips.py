"""The number of MongoDB and Redis round trips. Each costs about a third of a millisecond of processor time.

A change that needs another one updates the number here and in docs/speed.md.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from bson import ObjectId
from flask import Flask
from redis import Redis

from app.checks import markdown
from app.config import Settings, load_settings
from app.content.document import COMPLETED, Content
from app.generation.backlog import next_attempt
from app.queueing.jobs import current_attempts
from app.queueing.schedule import DelaySchedule, GenerationQueue
from app.queueing.thread_worker import ThreadWorker
from app.services import services_of
from tests.fake_provider import TEXT, FakeProvider
from tests.generation.test_killed_between import Process, redis, requested
from tests.person import Person
from tests.round_trips import Asked, counted
from tools.system import Servers

__all__ = ["redis"]

ACCEPTED = (2, 1)
"""MongoDB: reading the user, and the insert. Redis: the job."""
ACCEPTED_IN_A_LIMITED_LINE = (3, 1)
"""Taking a place is a further write."""
REFUSED = (1, 0)
"""A request over the limit stores nothing."""
SHOWN = (1, 0)
SHOWN_WHILE_IT_WAITS = (2, 0)
"""Including the count for its position."""
COUNTED = 2
"""Redis, for any request with rate limits: counting the request, and reading the remaining counts."""
HANDED_OVER = (0, 2)
"""For any number of due jobs."""
WRITTEN = (12, 6)
"""One text, from the queue to its end, including a separate acknowledgement of its outbox."""
GENERATIONS = 4


@pytest.fixture
def limited(servers: Servers, new_app: Callable[[Settings], Flask]) -> Flask:
    """An application that allows two waiting generations per user."""
    environ = servers.environ("in-process", redis_db=1, RATE_LIMIT_ENABLED="false", MAX_WAITING_GENERATIONS="2")
    return new_app(load_settings(environ | {"SOCKETIO_ASYNC_MODE": "threading"}))


@pytest.fixture
def counting(servers: Servers, new_app: Callable[[Settings], Flask]) -> Flask:
    """An application with rate limits."""
    environ = servers.environ("in-process", redis_db=1, RATE_LIMIT_ENABLED="true", MAX_WAITING_GENERATIONS="0")
    return new_app(load_settings(environ | {"SOCKETIO_ASYNC_MODE": "threading"}))


def test_accepting_a_request(person: Person) -> None:
    person.generate()
    with counted() as asked:
        person.generate()
    assert asked.counts == ACCEPTED, str(asked)


def test_accepting_a_request_with_a_waiting_limit(person: Person, limited: Flask) -> None:
    client = limited.test_client()
    body = {"title": "Owls", "contentType": "social", "prompt": "Write about owls"}

    def ask() -> tuple[int, Asked]:
        with counted() as asked:
            status = client.post("/api/content/generate", json=body, headers=person.headers).status_code
        return status, asked

    ask()
    for status, budget in ((202, ACCEPTED_IN_A_LIMITED_LINE), (429, REFUSED)):
        answered, asked = ask()
        assert (answered, asked.counts) == (status, budget), str(asked)


def test_showing_a_content(person: Person) -> None:
    content_id = person.generate()["id"]
    with counted() as asked:
        person.content(content_id)
    assert asked.counts == SHOWN_WHILE_IT_WAITS, str(asked)
    Content.objects(id=content_id).update(generation_status=COMPLETED)
    with counted() as asked:
        person.content(content_id)
    assert asked.counts == SHOWN, str(asked)


def test_requests_with_rate_limits(person: Person, counting: Flask) -> None:
    client = counting.test_client()
    content_id = person.generate()["id"]
    Content.objects(id=content_id).update(generation_status=COMPLETED)
    body = {"title": "Owls", "contentType": "social", "prompt": "Write about owls"}

    def ask(method: str, path: str, body: object = None) -> tuple[int, int]:
        with counted() as asked:
            answer = client.open(f"/api/content/{path}", method=method, json=body, headers=person.headers)
        assert answer.status_code in {200, 202}, answer.text
        return asked.counts

    ask("POST", "generate", body)  # connections are made, and scripts sent to Redis, once
    assert ask("GET", content_id) == (SHOWN[0], SHOWN[1] + COUNTED)
    assert ask("POST", "generate", body) == (ACCEPTED[0], ACCEPTED[1] + COUNTED)


def test_writing_a_text(app: Flask, redis: Redis) -> None:
    """The cost of each further text for a thread that writes several in succession."""
    work = Work(redis, services_of(app).get(Settings))
    work.on(1)  # sends Redis the scripts that it does not have yet
    one, several = work.on(1), work.on(1 + GENERATIONS)
    more = zip(one.counts, several.counts, strict=True)
    assert tuple((after - before) / GENERATIONS for before, after in more) == WRITTEN, str(one)


@pytest.mark.parametrize("text", [TEXT, "Owls hunt at night. Regards, [Your Name]"], ids=["good", "refused"])
def test_a_text_is_parsed_once(app: Flask, redis: Redis, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """The quality rules and the checks share one parsed text."""
    read: list[str] = []
    monkeypatch.setattr(markdown, "read", lambda given, reading=markdown.read: read.append(given) or reading(given))
    Process(redis, FakeProvider(text), services_of(app).get(Settings)).work(requested().id)
    assert read == [text]


def test_moving_due_jobs_to_the_queue(app: Flask, redis: Redis) -> None:
    jobs = Work(redis, services_of(app).get(Settings)).schedule(3)
    schedule = DelaySchedule(redis)
    schedule.hand_over(jobs[:1])  # RQ asks for Redis' version once
    with counted() as asked:
        schedule.hand_over(jobs[1:])
    assert asked.counts == HANDED_OVER, str(asked)


class Work:
    """Runs attempts like a worker thread, and stops after the given number of jobs."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self._redis = redis
        self._queue = GenerationQueue(redis, settings)
        self._process = Process(redis, FakeProvider(), settings)
        self._stopping = threading.Event()
        self._left = 0

    def schedule(self, amount: int) -> list[str]:
        """Creates the given number of requests, and returns their jobs."""
        due = [next_attempt(requested().document) for _ in range(amount)]
        for each in due:
            self._queue.must_schedule(each)
        return [each.rq_job_id for each in due]

    def on(self, amount: int) -> Asked:
        """The round trips while the given number of texts is written."""
        DelaySchedule(self._redis).hand_over(self.schedule(amount))
        self._left = amount
        self._stopping.clear()
        current_attempts.set(self)
        with counted() as asked:
            ThreadWorker(self._redis, f"thread-{ObjectId()}", self._stopping).serve()
        return asked

    def run(self, content_id: str, number: int) -> None:
        self._process.attempts.run(content_id, number)
        self._process.relay.acknowledge()
        self._left -= 1
        if not self._left:
            self._stopping.set()
