"""The official JavaScript client, with the connection example of the original README."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import over_http
from tests.person import Person
from tests.product import Product
from tools.processes import ROOT

Until = Callable[..., Any]
Events = list[tuple[str, dict[str, Any]]]

PACKAGE = ROOT / "app" / "ui" / "package.json"


@contextmanager
def listening(url: str, token: str, transport: str) -> Iterator[Events]:
    """What a Node process with the official client receives, in order."""
    node = shutil.which("node")
    if not node or not (PACKAGE.parent / "node_modules" / "socket.io-client").is_dir():
        reason = "the official JavaScript client needs Node and app/ui/node_modules: run `make ui`"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    script = Path(__file__).with_name("listen.mjs")
    command = [node, str(script), str(PACKAGE), url, token, transport]
    events: Events = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:

        def read() -> None:
            for line in process.stdout or ():
                events.append(tuple(json.loads(line)))

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        try:
            yield events
        finally:
            process.kill()
            reader.join()


@pytest.mark.parametrize("transport", ["websocket", "polling", "both"])
def test_the_official_client_gets_its_events(product: Product, resident: Person, transport: str, until: Until) -> None:
    """Started and completed arrive. Another user, at the other web process, receives neither."""
    stranger = Person.register(over_http(product.urls[1]))
    with (
        listening(product.urls[0], resident.access_token, transport) as events,
        listening(product.urls[1], stranger.access_token, transport) as nothing,
    ):
        until(lambda: events and nothing)
        assert events[0] == ("connect", {"transport": "polling" if transport == "polling" else "websocket"})
        accepted = resident.generate("Write about rivers")
        until(lambda: "completed" in [name for name, _ in events])
        assert [name for name, _ in events] == ["connect", "started", "completed"]
        assert {data["jobId"] for name, data in events[1:]} == {accepted["jobId"]}
        own = stranger.generate("Write about hills")
        until(lambda: "completed" in [name for name, _ in nothing])
        assert {data["jobId"] for _, data in nothing[1:]} == {own["jobId"]}


def test_the_official_client_gets_the_reason_for_its_rejection(product: Product, until: Until) -> None:
    with listening(product.urls[0], "nonsense", "websocket") as events:
        until(lambda: events)
        assert events[0] == ("connect_error", {"message": "Invalid token"})
