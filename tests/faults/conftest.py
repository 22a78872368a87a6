"""Servers and processes that a test may kill, freeze and restart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.conftest import FAST_BCRYPT, over_http
from tests.person import Person
from tools.system import Servers, System, Web


@dataclass
class Drill:
    """A product of its own, to be treated badly."""

    servers: Servers
    system: System

    @property
    def web(self) -> Web:
        return self.system.webs[0]

    def person(self) -> Person:
        return Person.register(over_http(self.web.url), self.web.url)

    def documents(self) -> Any:
        """The contents as MongoDB holds them."""
        return MongoClient(self.system.environ["MONGO_URI"]).get_default_database()["contents"]


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    started = Servers.start(tmp_path_factory.mktemp("servers"))
    yield started
    started.stop()


@pytest.fixture
def drill(own_servers: Servers, tmp_path: Path, topic: str) -> Iterator[Drill]:
    """One web process, no worker yet, and servers that are all up; nothing is left behind."""
    own_servers.standin.reset()
    environ = own_servers.environ(
        topic,
        BCRYPT_ROUNDS=FAST_BCRYPT,
        GENERATION_DELAY_SECONDS="1",
        RATE_LIMIT_ENABLED="false",
        MAX_WAITING_GENERATIONS="0",
    )
    running = Drill(own_servers, System(environ, tmp_path))
    try:
        running.system.add_web()
        yield running
    finally:
        for process in [*running.system.webs, *running.system.workers]:
            process.child.kill()
        for service in (own_servers.mongodb, own_servers.redis):
            service.thaw()
            if not service.running:
                service.restart()
