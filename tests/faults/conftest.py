"""Servers and processes that a test may kill, freeze and restart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pymongo import MongoClient
from redis import Redis

from tests.conftest import FAST_BCRYPT, over_http
from tests.memory_folder import memory_folder
from tests.person import Person
from tools.system import Servers, System, Web

DATABASE = "drills"


@dataclass
class Drill:
    """A separate product for fault tests. Its first web process is reused by several tests while it is intact."""

    servers: Servers
    system: System
    said_before: int = field(init=False)
    """The length of the first web process' log at the beginning of this test."""

    def __post_init__(self) -> None:
        self.said_before = len(self.web.log.read_text())

    @property
    def web(self) -> Web:
        return self.system.webs[0]

    def person(self) -> Person:
        return Person.register(over_http(self.web.url), self.web.url)

    def said(self) -> str:
        """What the first web process has logged during this test."""
        return self.web.log.read_text()[self.said_before :]

    def documents(self) -> Any:
        """The contents as stored in MongoDB."""
        return MongoClient(self.system.environ["MONGO_URI"]).get_default_database()["contents"]


@pytest.fixture(scope="session")
def own_servers() -> Iterator[Servers]:
    with memory_folder() as folder:
        started = Servers.start(folder)
        yield started
        started.stop()


@pytest.fixture(scope="session")
def own_system(own_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system whose processes are added by `drill`, which removes those that must not be reused."""
    environ = own_servers.environ(
        DATABASE,
        BCRYPT_ROUNDS=FAST_BCRYPT,
        GENERATION_DELAY_SECONDS="1",
        RATE_LIMIT_ENABLED="false",
        MAX_WAITING_GENERATIONS="0",
    )
    system = System(environ, tmp_path_factory.mktemp("drills"))
    yield system
    kill_all_but(system, None)


@pytest.fixture
def drill(own_servers: Servers, own_system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """One web process, no worker yet, all servers running, and nothing stored. Everything is cleaned up afterwards."""
    own_servers.standin.reset()
    own_system.logs = tmp_path_factory.mktemp("drill")
    empty(own_system)
    if not own_system.webs:
        own_system.add_web()
    generation = incarnations(own_servers, own_system)
    try:
        yield Drill(own_servers, own_system)
    finally:
        for service in (own_servers.mongodb, own_servers.redis):
            service.thaw()
            if not service.running:
                service.restart()
        unharmed = incarnations(own_servers, own_system) == generation
        kill_all_but(own_system, own_system.webs[0] if unharmed else None)


def incarnations(servers: Servers, system: System) -> tuple[int | None, int | None, bool]:
    """Changes if a server was restarted or the first web process has ended."""
    return servers.mongodb.pid, servers.redis.pid, system.webs[0].child.running


def kill_all_but(system: System, kept: Web | None) -> None:
    for process in [*system.webs, *system.workers]:
        if process is not kept:
            process.child.kill()
    system.webs[:] = [kept] if kept else []
    system.workers.clear()


def empty(system: System) -> None:
    """Deletes all stored data except the indexes."""
    with MongoClient[dict[str, Any]](system.environ["MONGO_URI"]) as client:
        database = client.get_default_database()
        for name in database.list_collection_names():
            database[name].delete_many({})
    with Redis.from_url(system.environ["REDIS_URL"]) as redis:
        redis.flushdb()
