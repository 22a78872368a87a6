"""The servers and processes for a measurement, and their test data."""

from __future__ import annotations

import itertools
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pymongo
import requests
from bson import ObjectId
from pymongo.collection import Collection
from redis import Redis

from app.checks.subject import Reading
from app.clock import utcnow
from app.content.document import COMPLETED, PENDING, Content
from app.content.folding import folded
from app.content.measuring import measure
from tools import ports
from tools.bench.load import Target
from tools.processes import ROOT, StartError, start, wait_until
from tools.system import READY_SECONDS, Servers, System, Web, answers

PASSWORD = "SecurePass123"  # noqa: S105  # of a test user
TEXT = "A sentence of about fifty characters stands here. " * 30
_BATCH = 1000
_REDIS_DATABASES = 16


@dataclass(frozen=True)
class Account:
    """A registered user of a web process."""

    url: str
    email: str
    user_id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def asks(self) -> Target:
        """The generation request."""
        body = {"title": "Bees", "contentType": "social", "prompt": "Write about bees"}
        return Target(f"{self.url}/api/content/generate", self.token, "POST", body)

    def gets(self, path: str) -> Target:
        return Target(f"{self.url}/api{path}", self.token)


@dataclass
class Stage:
    """The servers of a run. `quick` uses a small fraction of the load, to test the benchmark."""

    servers: Servers
    folder: Path
    quick: bool = False
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def amount(self, full: int, quick: int) -> int:
        """Returns `full`, or `quick` in a quick run."""
        return quick if self.quick else full

    @contextmanager
    def system(self, *, workers: int = 0, **settings: str) -> Iterator[System]:
        """Runs the product on an empty database with one web process and `workers` worker processes."""
        number = next(self._numbers)
        usual = {"RATE_LIMIT_ENABLED": "false", "MAX_WAITING_GENERATIONS": "0", "WORKER_STOP_SECONDS": "1", **settings}
        environ = self.servers.environ(f"bench{number}", redis_db=number % _REDIS_DATABASES, **usual)
        Redis.from_url(environ["REDIS_URL"]).flushdb()
        logs = self.folder / f"logs-{number}"
        logs.mkdir()
        command = ["flask", "--app", "app.factory", "ensure-indexes"]
        subprocess.run(command, env=environ, cwd=ROOT, check=True, capture_output=True)
        system = System(environ, logs)
        try:
            system.add_web()
            for _ in range(workers):
                system.add_worker()
            yield system
        finally:
            system.stop()
            self.servers.standin.reset()
            pymongo.MongoClient[dict[str, Any]](environ["MONGO_URI"]).drop_database(f"bench{number}")


def start_baseline(system: System) -> Web:
    """Starts the bare Flask application on the system's databases, with the product's gunicorn settings."""
    port = ports.choose()
    log = system.logs / "baseline.log"
    command = ["gunicorn", "--config", "tools/bench/baseline_gunicorn.py", "tools.bench.baseline_app:app"]
    child = start("web", command, env={**system.environ, "PORT": str(port)}, log=log)
    baseline = Web(child, log, f"http://{ports.LOOPBACK}:{port}")
    system.webs.append(baseline)
    if not wait_until(lambda: answers(f"{baseline.url}/healthz"), READY_SECONDS):
        raise StartError(f"the baseline did not get ready:\n{log.read_text()[-2000:]}")
    return baseline


def register(web: Web) -> Account:
    """Registers a new user."""
    email = f"person{ObjectId()}@example.com"
    body = {"email": email, "password": PASSWORD, "firstName": "José", "lastName": "O'Brien"}
    answer = requests.post(f"{web.url}/api/auth/register", json=body, timeout=30)
    answer.raise_for_status()
    data = answer.json()["data"]
    return Account(web.url, email, data["user"]["id"], data["access_token"])


def ask(account: Account, session: requests.Session, title: str = "Bees") -> dict[str, Any]:
    """Requests a text and returns the data of the 202 response."""
    target = account.asks
    answer = session.post(target.url, json=target.body | {"title": title}, headers=account.headers, timeout=30)
    answer.raise_for_status()
    data: dict[str, Any] = answer.json()["data"]
    return data


def milliseconds_of(session: requests.Session, target: Target) -> float:
    """Returns the milliseconds of one GET. Raises requests.HTTPError for an error response."""
    headers = {"Authorization": f"Bearer {target.token}"} if target.token else {}
    began = time.perf_counter()
    session.get(target.url, headers=headers, timeout=30).raise_for_status()
    return 1000 * (time.perf_counter() - began)


def contents_of(environ: Mapping[str, str]) -> Collection[dict[str, Any]]:
    """Returns the collection of contents, with plain pymongo and the product's write concern."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(environ["MONGO_URI"], tz_aware=True, journal=True)
    return client.get_default_database()["contents"]


def fill(contents: Collection[dict[str, Any]], user_id: str, count: int, text: str = TEXT) -> None:
    """Stores `count` completed contents of a user, all with this text."""
    _insert(contents, _completed(user_id, text), _earlier_and_earlier(itertools.repeat({}, count)))


def fill_each(
    contents: Collection[dict[str, Any]], user_id: str, texts: Iterable[str], *, tags: Sequence[str] = ()
) -> None:
    """Stores a completed content per text. All have the checks of the first, which take more time than all the rest."""
    known = list(texts)
    template = _completed(user_id, known[0], tags)
    titled = ({"title": f"Text {number}", "generated_text": text} for number, text in enumerate(known))
    _insert(contents, template, _earlier_and_earlier(values | folded(template | values) for values in titled))


def fill_waiting(contents: Collection[dict[str, Any]], user_id: str, count: int, due_at: datetime) -> list[Content]:
    """Stores `count` pending generations due at `due_at`."""
    template = _stored(Content(user_id=user_id, title="Bees", content_type="social", prompt="Write about bees"))
    template |= {"generation_status": PENDING, "max_attempts": 3, "due_at": due_at, "wake_at": due_at}
    template |= {"queue_owner": template["user_id"]}
    ids = _insert(contents, template, ((utcnow(), {}) for _ in range(count)))
    return [
        Content(id=content_id, user_id=user_id, job_id=job_id, due_at=due_at, attempt=0) for content_id, job_id in ids
    ]


def of(account: Account, web: Web) -> Account:
    """Returns the same user at another web process."""
    return replace(account, url=web.url)


def _stored(content: Content) -> dict[str, Any]:
    return dict(content.to_mongo().to_dict())


def _completed(user_id: str, text: str, tags: Sequence[str] = ()) -> dict[str, Any]:
    """Returns a completed content as stored, but without an id and times."""
    values = {"title": "Bees", "content_type": "blog", "prompt": "Write about bees", "tags": list(tags)}
    stored = _stored(Content(user_id=user_id, generated_text=text, **values)) | {"tag_keys": list(tags)}
    stored |= {"generation_status": COMPLETED, "attempt": 1, "max_attempts": 3, "finished_at": utcnow(), "version": 1}
    return stored | folded(stored) | measure(Reading(text), "blog", None)


_Row = tuple[datetime, dict[str, Any]]


def _earlier_and_earlier(rows: Iterable[dict[str, Any]]) -> Iterator[_Row]:
    """Yields each row with a creation time, each a millisecond before the last."""
    now = utcnow()
    return ((now - timedelta(milliseconds=number), row) for number, row in enumerate(rows))


def _insert(
    contents: Collection[dict[str, Any]], template: dict[str, Any], rows: Iterator[_Row]
) -> list[tuple[ObjectId, str]]:
    """Stores a copy of the template with the values of each row, and returns the ids and job ids."""
    made = []
    while some := list(itertools.islice(rows, _BATCH)):
        batch = []
        for moment, values in some:
            ids = {"_id": ObjectId(), "job_id": str(ObjectId())}
            batch.append(template | ids | {"created_at": moment, "updated_at": moment} | values)
        contents.insert_many(batch, ordered=False)
        made += [(stored["_id"], stored["job_id"]) for stored in batch]
    return made
