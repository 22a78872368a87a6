"""One refresh token used many times at once: a session keeps one token, and nobody is logged out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import Client

from app.auth.models import RefreshToken
from tests.person import Http, Person

NewClient = Callable[[], Client]
pytestmark = pytest.mark.usefixtures("documents")


def unspent_of(person: Person) -> int:
    return int(RefreshToken.objects(user_id=person.user["id"], rotated_at=None).count())


def refreshed(http: Http, token: str) -> str:
    status, answer = http("POST", "/api/auth/refresh", {"refresh_token": token})
    assert status == 200, answer
    return str(answer["data"]["refresh_token"])


def test_fifty_at_once_leave_one_live_token(new_client: NewClient, http: Http, person: Person) -> None:
    """All are answered with the same new token, which works."""
    start = threading.Barrier(50)

    def spend(_: int) -> str:
        client = new_client()
        start.wait()
        answer = client.post("/api/auth/refresh", json={"refresh_token": person.refresh_token})
        assert answer.status_code == 200, answer.get_json()
        return str(answer.get_json()["data"]["refresh_token"])

    with ThreadPoolExecutor(50) as pool:
        tokens = set(pool.map(spend, range(50)))
    assert len(tokens) == 1
    assert unspent_of(person) == 1
    assert refreshed(http, tokens.pop())
    assert unspent_of(person) == 1


def test_two_tabs_go_on_together(http: Http, person: Person) -> None:
    """The slower one gets the newest token, also when the faster one has refreshed again meanwhile."""
    second = refreshed(http, person.refresh_token)
    third = refreshed(http, second)
    assert refreshed(http, person.refresh_token) == third
    assert refreshed(http, second) == third
    assert unspent_of(person) == 1


def test_a_lost_answer_can_be_asked_for_again(http: Http, person: Person) -> None:
    """A process that died after spending the token had not stored the next one: it is made on the second try."""
    first = refreshed(http, person.refresh_token)
    RefreshToken.objects(user_id=person.user["id"], rotated_at=None).delete()
    assert refreshed(http, person.refresh_token) == first
    assert refreshed(http, first)


def test_each_login_has_a_branch_of_its_own(http: Http, person: Person) -> None:
    """Only uses of the same token share what comes of it."""
    status, answer = http("POST", "/api/auth/login", {"email": person.email, "password": "SecurePass123"})
    assert status == 200
    assert refreshed(http, person.refresh_token) != refreshed(http, answer["data"]["refresh_token"])
    assert unspent_of(person) == 2
