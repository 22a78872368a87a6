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


def test_fifty_concurrent_refreshes_leave_one_valid_token(new_client: NewClient, http: Http, person: Person) -> None:
    """All get the same new token, which works."""
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


def test_two_tabs_with_the_same_token_both_stay_logged_in(http: Http, person: Person) -> None:
    """The slower one gets the newest token, even if the faster one has refreshed again in the meantime."""
    second = refreshed(http, person.refresh_token)
    third = refreshed(http, second)
    assert refreshed(http, person.refresh_token) == third
    assert refreshed(http, second) == third
    assert unspent_of(person) == 1


def test_a_refresh_can_be_repeated_if_its_response_was_lost(http: Http, person: Person) -> None:
    """If a process died after it used the token, the next token was not stored: the second try creates it."""
    first = refreshed(http, person.refresh_token)
    RefreshToken.objects(user_id=person.user["id"], rotated_at=None).delete()
    assert refreshed(http, person.refresh_token) == first
    assert refreshed(http, first)


def test_logins_do_not_share_successors(http: Http, person: Person) -> None:
    """Only uses of the same token share a successor."""
    status, answer = http("POST", "/api/auth/login", {"email": person.email, "password": "SecurePass123"})
    assert status == 200
    assert refreshed(http, person.refresh_token) != refreshed(http, answer["data"]["refresh_token"])
    assert unspent_of(person) == 2
