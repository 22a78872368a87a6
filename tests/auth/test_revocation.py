"""A newly started web process knows all revoked sessions before it accepts requests."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.auth.models import User
from app.auth.principal import Principal
from app.auth.revocation import Revocation
from app.clock import utcnow
from app.config import Settings
from app.errors import Unauthenticated, Unavailable
from app.factory import create_app
from app.services import services_of
from tests.http.test_rate_limits import failing
from tests.person import Http, Person
from tools.system import Servers

Start = Callable[[], Flask]


@pytest.fixture
def start(app: Flask) -> Start:
    """Creates an application that has not read any revocation yet, like a process that has just started."""
    return lambda: create_app(services_of(app).get(Settings))


def log_out(person: Person) -> None:
    assert person.http("POST", "/api/auth/logout", {"refresh_token": person.refresh_token})[0] == 200


def test_a_new_process_rejects_a_revoked_session_from_its_first_request(start: Start, person: Person) -> None:
    """Both with concurrent and with successive requests."""
    log_out(person)
    fresh = start()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(fresh.test_client().get, "/api/auth/me", headers=person.headers) for _ in range(8)]
        assert {each.result().status_code for each in asked} == {401}
    answer = start().test_client().get("/api/auth/me", headers=person.headers)
    assert answer.get_json()["message"] == "The session has ended - please log in again"


def test_a_logged_in_user_is_accepted_at_once(start: Start, person: Person) -> None:
    assert start().test_client().get("/api/auth/me", headers=person.headers).status_code == 200


def test_a_disabled_user_is_rejected_at_once(start: Start, person: Person) -> None:
    User.objects(id=person.user["id"]).update(set__disabled_at=utcnow())
    assert start().test_client().get("/api/auth/me", headers=person.headers).status_code == 401


def test_no_request_is_accepted_before_revocations_are_known(start: Start, http: Http, servers: Servers) -> None:
    """While MongoDB does not respond: 503, even for valid sessions. Afterwards each gets its correct response."""
    ended, live = Person.register(http), Person.register(http)
    log_out(ended)
    fresh = start().test_client()
    with failing(servers, "find"):
        for person in (ended, live):
            answer = fresh.get("/api/auth/me", headers=person.headers)
            assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
            assert int(answer.headers["Retry-After"]) > 0
        assert fresh.get("/healthz").status_code == 200
        assert fresh.get("/api/auth/me").status_code == 401


def test_revocations_are_known_as_soon_as_mongodb_responds(
    app: Flask, person: Person, servers: Servers, until: Callable[..., object]
) -> None:
    revocation = Revocation(services_of(app).get(Settings))
    principal = Principal(person.user["id"], "no such session")
    log_out(person)
    with failing(servers, "find"), pytest.raises(Unavailable):
        revocation.refuse(principal)

    def let_in() -> bool:
        try:
            revocation.refuse(principal)
        except Unavailable:
            return False
        return True

    until(let_in)


@pytest.mark.usefixtures("app")
def test_old_revocations_are_removed_from_memory(app: Flask, person: Person) -> None:
    """No access token of such a session is valid any more."""
    settings = services_of(app).get(Settings)
    revocation = Revocation(settings)
    revocation.refresh()
    ended = Principal("nobody", "ended")
    revocation._sessions["ended"] = utcnow()
    with pytest.raises(Unauthenticated):
        revocation.refuse(ended)
    revocation._sessions["ended"] = utcnow() - settings.jwt_expiration * 2
    revocation.refresh()
    revocation.refuse(ended)
    assert not revocation.covers(Principal(person.user["id"], "x"))
