"""Provokes each problem in docs/troubleshooting.md and compares the output with the quoted text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import pytest
import requests
import socketio
from pymongo import MongoClient

from app.clock import utcnow
from tests.conftest import FAST_BCRYPT, over_http
from tests.docs import readme
from tests.listener import Listener
from tests.patience import PATIENCE_SECONDS, REQUEST_SECONDS, until
from tests.person import Person
from tools.processes import ROOT
from tools.system import Servers, System, Web, Worker

PREFIX = "seen-"
NOBODY = "127.0.0.1:1"
STRANGE_ORIGIN = "https://elsewhere.example.com"


@dataclass
class Scene:
    """A separate product: two web processes, one worker, and a user."""

    servers: Servers
    system: System
    person: Person

    @property
    def web(self) -> Web:
        return self.system.webs[0]

    @property
    def worker(self) -> Worker:
        return self.system.workers[0]

    def worker_that_refuses(self, **settings: str) -> str:
        """The output of a worker that exits because of these settings."""
        environ = {name: value for name, value in {**self.system.environ, **settings}.items() if value}
        command = [sys.executable, "worker.py"]
        ended = subprocess.run(  # a program of our own
            command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
        assert ended.returncode == 1
        return ended.stderr

    def told(self, method: str, path: str, body: Any = None, token: str | None = None) -> str:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, self.web.url + path, json=body, headers=headers, timeout=REQUEST_SECONDS).text

    def expired_token(self) -> str:
        claims = {"sub": self.person.user["id"], "type": "access", "jti": "x", "fresh": False}
        claims |= {"iat": utcnow(), "nbf": utcnow(), "exp": utcnow() - timedelta(seconds=1)}
        return jwt.encode(claims, self.system.environ["JWT_SECRET"], "HS256")

    def failure_reason(self, topic: str, step: dict[str, Any]) -> str:
        """The reason of a generation that failed because every attempt got this answer."""
        self.servers.standin.script(match=topic, then=step)
        content = self.person.wait_for(self.person.generate(topic, contentType="social")["id"])
        return str(content["failureReason"])


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("troubles")
    servers = Servers.start(folder)
    settings = {"BCRYPT_ROUNDS": FAST_BCRYPT, "GENERATION_DELAY_SECONDS": "0", "JOB_BACKOFF_SECONDS": "0.1"}
    system = System(servers.environ("troubles", RATE_LIMIT_ENABLED="false", **settings), folder)
    try:
        for add in (system.add_web, system.add_web, system.add_worker):
            add()
        yield Scene(servers, system, Person.register(over_http(system.webs[0].url)))
    finally:
        for process in [*system.webs, *system.workers]:
            process.child.kill()
        servers.stop()


def shown_in(process: Worker, *texts: str) -> str:
    """The process's log, once it contains all of these texts."""
    until(lambda: all(text in process.log.read_text() for text in texts))
    return process.log.read_text()


def worker_without_mongodb(scene: Scene) -> str:
    return scene.worker_that_refuses(MONGO_URI=f"mongodb://{NOBODY}/ai-content-generator")


def web_without_mongodb(scene: Scene) -> str:
    scene.servers.mongodb.kill()
    try:
        answer = scene.told("GET", "/api/content", token=scene.person.access_token)
    finally:
        scene.servers.mongodb.restart()
    assert "database unavailable" in shown_in(scene.web, "database unavailable")
    return answer


def worker_without_redis(scene: Scene) -> str:
    return scene.worker_that_refuses(REDIS_URL=f"redis://{NOBODY}/0")


def worker_loses_redis(scene: Scene) -> str:
    scene.servers.redis.kill()
    shown_in(scene.worker, "scheduler waits for redis")
    scene.servers.redis.restart(empty=True)
    return shown_in(scene.worker, "scheduler carries on")


def gemini_refuses(scene: Scene) -> str:
    steps = [{"status": 400, "reason": "API_KEY_INVALID"}, {"status": 404}, {"status": 400}]
    reasons = [scene.failure_reason(f"refusal{number}", step) for number, step in enumerate(steps)]
    assert "gemini refused" in scene.worker.log.read_text()
    return "\n".join(reasons)


def no_key(scene: Scene) -> str:
    return scene.worker_that_refuses(APP_ENV="production", GOOGLE_AI_API_KEY="")


def worker_listens(scene: Scene) -> str:
    return scene.worker.log.read_text()


def bad_token(scene: Scene) -> str:
    return scene.told("GET", "/api/content", token="nonsense")


def old_token(scene: Scene) -> str:
    return scene.told("GET", "/api/content", token=scene.expired_token())


def bad_secrets(scene: Scene) -> str:
    return scene.worker_that_refuses(APP_ENV="production", JWT_SECRET="", JWT_REFRESH_SECRET="too short")


def socket_refused(scene: Scene) -> str:
    reasons = []
    for token in (None, "nonsense", scene.expired_token()):
        listener = Listener(scene.web.url, token)
        with pytest.raises(socketio.exceptions.ConnectionError), listener:
            pass
        reasons.append(listener.refusal["message"])
    return "\n".join(reasons)


def origin(scene: Scene) -> str:
    answer = requests.get(_polling(scene.web), headers={"Origin": STRANGE_ORIGIN}, timeout=REQUEST_SECONDS)
    assert answer.status_code == 400
    return answer.text + "\n" + shown_in(scene.web, f"{STRANGE_ORIGIN} is not an accepted origin.")


def events_lost(scene: Scene) -> str:
    scene.servers.standin.script(match="unheard", then={"delayMs": 4000})
    accepted = scene.person.generate("unheard", contentType="social")
    until(lambda: scene.servers.standin.calls("unheard"))
    scene.servers.redis.kill()
    scene.person.wait_for(accepted["id"])
    log = shown_in(scene.worker, "left to the sweep") + shown_in(scene.web, "not listening for events")
    scene.servers.redis.restart(empty=True)
    return log


def sticky(scene: Scene) -> str:
    """A handshake at one web process and the next request at the other."""
    one, other = scene.system.webs
    session = requests.get(_polling(one), timeout=REQUEST_SECONDS).text.partition('"sid":"')[2].partition('"')[0]
    answer = requests.get(f"{_polling(other)}&sid={session}", timeout=REQUEST_SECONDS)
    return f"{answer.status_code} {answer.text}"


def spent_refresh_token(scene: Scene) -> str:
    """A refresh token used twice. The first use is moved back by more than the grace period of 10 s."""
    body = {"refresh_token": Person.register(over_http(scene.web.url)).refresh_token}
    scene.told("POST", "/api/auth/refresh", body)
    tokens = MongoClient(scene.system.environ["MONGO_URI"]).get_default_database()["refresh_tokens"]
    tokens.update_many({"rotated_at": {"$ne": None}}, {"$set": {"rotated_at": utcnow() - timedelta(seconds=11)}})
    return scene.told("POST", "/api/auth/refresh", body)


def quota(scene: Scene) -> str:
    return scene.failure_reason("quota", {"status": 429})


def _polling(web: Web) -> str:
    return f"{web.url}/socket.io/?EIO=4&transport=polling"


PROVOCATIONS: dict[str, Callable[[Scene], str]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        worker_without_mongodb, web_without_mongodb, worker_without_redis, worker_loses_redis, gemini_refuses, no_key,
        worker_listens, bad_token, old_token, bad_secrets, socket_refused, origin, events_lost, sticky,
        spent_refresh_token, quota,
    )
}  # fmt: skip
QUOTED = {block.name.removeprefix(PREFIX): block.text for block in readme.blocks() if block.name.startswith(PREFIX)}


def test_every_quoted_text_can_be_provoked() -> None:
    assert set(QUOTED) == set(PROVOCATIONS)


@pytest.mark.parametrize("trouble", QUOTED)
def test_the_quoted_text_is_printed(scene: Scene, trouble: str) -> None:
    """Line by line."""
    printed = PROVOCATIONS[trouble](scene)
    missing = [line for line in QUOTED[trouble].splitlines() if not readme.pattern(line).search(printed)]
    assert missing == [], printed[-2000:]
