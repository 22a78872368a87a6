"""An application that is closed leaves no thread behind."""

from __future__ import annotations

import threading

from flask import Flask

from app.config import Settings
from app.factory import close, create_app
from app.services import services_of
from tests.patience import until
from tests.person import Person


def test_closing_an_application_ends_its_threads(app: Flask, person: Person) -> None:
    """They receive events, find ended sessions, maintain the sockets and close those that never connect."""
    before = set(threading.enumerate())
    another = create_app(services_of(app).get(Settings))
    another.extensions["socketio"].server.manager.initialize()  # as the first socket does
    assert another.test_client().get("/api/auth/me", headers=person.headers).status_code == 200
    started = set(threading.enumerate()) - before
    assert len(started) == 4
    close(another)
    until(lambda: not started & set(threading.enumerate()))
