"""Sessions: listing them, ending them, and the password change that ends the others."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from werkzeug.test import Client

from app.auth.models import RefreshToken, Session, User
from app.clock import utcnow
from tests.patience import REQUEST_SECONDS
from tests.person import PASSWORD, Http, Person

Until = Callable[..., Any]
NEW_PASSWORD = "OwlsFlyAtNight7"


def log_in(http: Http, person: Person, password: str = PASSWORD, **headers: str) -> Person:
    """Logs the same user in with another session."""
    status, answer = http("POST", "/api/auth/login", {"email": person.email, "password": password}, headers)
    assert status == 200, answer
    data = answer["data"]
    return Person(http, person.email, data["user"], data["access_token"], data["refresh_token"])


def sessions_of(person: Person) -> list[dict[str, Any]]:
    status, answer = person.call("GET", "/api/auth/sessions")
    assert status == 200
    return answer["data"]["sessions"]  # type: ignore[no-any-return]


def refresh(person: Person, token: str | None = None) -> tuple[int, Any]:
    return person.http("POST", "/api/auth/refresh", {"refresh_token": token or person.refresh_token})


def access_ends(person: Person, until: Until) -> bool:
    """Whether the access token stops working, at both web processes if requests alternate."""
    return bool(until(lambda: {person.call("GET", "/api/auth/me")[0] for _ in range(2)} == {401}))


def test_the_list_of_sessions(http: Http, person: Person) -> None:
    """Device, address and times of each login, without other users' sessions. `current` marks the caller's."""
    laptop = log_in(http, person, **{"User-Agent": "Laptop/1.0"})
    Person.register(http)
    first, second = sessions_of(laptop)
    assert set(first) == {"id", "device", "address", "createdAt", "lastUsedAt", "current"}
    assert (first["device"], first["address"], first["current"]) == ("Laptop/1.0", "127.0.0.1", True)
    assert second["current"] is False
    assert abs((datetime.fromisoformat(first["createdAt"]) - utcnow()).total_seconds()) < REQUEST_SECONDS
    assert [each["current"] for each in sessions_of(person)] == [False, True]


def test_a_refresh_updates_the_session(http: Http, person: Person) -> None:
    """It keeps the session, and updates its last use and its device."""
    (before,) = sessions_of(person)
    assert (
        http("POST", "/api/auth/refresh", {"refresh_token": person.refresh_token}, {"User-Agent": "Newer/2"})[0] == 200
    )
    (after,) = sessions_of(person)
    assert after["id"] == before["id"]
    assert after["lastUsedAt"] > before["lastUsedAt"]
    assert (after["device"], after["createdAt"]) == ("Newer/2", before["createdAt"])


def test_ending_a_session(http: Http, person: Person, until: Until) -> None:
    """Its refresh token stops working at once, its access token within a moment. Other sessions are not affected."""
    phone = log_in(http, person)
    (lost,) = [each["id"] for each in sessions_of(person) if not each["current"]]
    assert person.call("DELETE", f"/api/auth/sessions/{lost}") == (204, None)
    assert refresh(phone)[0] == 401
    assert access_ends(phone, until)
    assert [each["current"] for each in sessions_of(person)] == [True]
    assert person.call("DELETE", f"/api/auth/sessions/{lost}")[0] == 404


@pytest.mark.parametrize("session_id", ["nonsense", "0" * 32, "507f1f77bcf86cd799439011", "$ne"])
def test_ending_an_unknown_session_is_404(person: Person, session_id: str) -> None:
    status, answer = person.call("DELETE", f"/api/auth/sessions/{session_id}")
    assert (status, answer["message"]) == (404, "Session not found")


def test_another_users_session_cannot_be_ended(http: Http, person: Person) -> None:
    stranger = Person.register(http)
    (own,) = sessions_of(person)
    assert stranger.call("DELETE", f"/api/auth/sessions/{own['id']}")[0] == 404
    assert refresh(person)[0] == 200


def test_log_out_everywhere(http: Http, person: Person, until: Until) -> None:
    """All sessions end, including the caller's. A new login works."""
    phone = log_in(http, person)
    assert person.call("DELETE", "/api/auth/sessions") == (204, None)
    for each in (person, phone):
        assert refresh(each)[0] == 401
        assert access_ends(each, until)
    assert len(sessions_of(log_in(http, person))) == 1


def test_log_out_ends_the_access_token(http: Http, person: Person, until: Until) -> None:
    assert http("POST", "/api/auth/logout", {"refresh_token": person.refresh_token})[0] == 200
    assert access_ends(person, until)
    assert person.call("GET", "/api/auth/me")[1]["message"] == "The session has ended - please log in again"


@pytest.mark.usefixtures("documents")
def test_a_stolen_refresh_token_ends_its_session(person: Person) -> None:
    """A used token is used again after the grace period: the session ends, for thief and owner alike."""
    _, answer = refresh(person)
    (session,) = sessions_of(person)
    long_ago = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    RefreshToken.objects(family_id=session["id"], rotated_at__ne=None).update(set__rotated_at=long_ago)
    assert refresh(person)[0] == 401
    assert refresh(person, answer["data"]["refresh_token"])[0] == 401


def test_ending_while_refreshing_leaves_no_valid_token(
    new_client: Callable[[], Client], http: Http, rounds: Callable[[int, int], int]
) -> None:
    """Refreshes race with `log out everywhere`: no token that they return works afterwards."""

    def send(person: Person, ends: bool) -> str | None:
        client = new_client()
        if ends:
            client.delete("/api/auth/sessions", headers=person.headers)
            return None
        answer = client.post("/api/auth/refresh", json={"refresh_token": person.refresh_token}).get_json()
        return str(answer["data"]["refresh_token"]) if answer["success"] else None

    for _ in range(rounds(8, 100)):
        person = Person.register(http)
        with ThreadPoolExecutor(5) as pool:
            tokens = list(pool.map(send, [person] * 5, [False, False, True, False, False]))
        assert {refresh(person, token)[0] for token in tokens if token} <= {401}


def test_password_change(http: Http, person: Person, until: Until) -> None:
    """The old password and the other sessions stop working; this session continues."""
    phone = log_in(http, person)
    body = {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    assert person.call("POST", "/api/auth/password", body)[0] == 200
    assert refresh(phone)[0] == 401
    assert access_ends(phone, until)
    assert refresh(person)[0] == 200
    assert person.call("GET", "/api/auth/me")[0] == 200
    assert http("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD})[0] == 401
    log_in(http, person, NEW_PASSWORD)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"currentPassword": "Wrong12345", "newPassword": NEW_PASSWORD}, "currentPassword"),
        ({"currentPassword": PASSWORD, "newPassword": "short1A"}, "newPassword"),
        ({"currentPassword": PASSWORD, "newPassword": "Aa1" + "x" * 70}, "newPassword"),
        ({"currentPassword": PASSWORD}, "newPassword"),
        ({"currentPassword": {"$gt": ""}, "newPassword": NEW_PASSWORD}, "currentPassword"),
    ],
)
def test_invalid_password_changes_are_rejected(http: Http, person: Person, body: dict[str, Any], field: str) -> None:
    """Each with an error at its field, and nothing changes."""
    phone = log_in(http, person)
    status, answer = person.call("POST", "/api/auth/password", body)
    assert (status, [error["field"] for error in answer["errors"]]) == (422, [field])
    assert refresh(phone)[0] == 200
    log_in(http, person)


@pytest.mark.usefixtures("documents")
def test_a_disabled_users_access_ends(person: Person, until: Until) -> None:
    User.objects(id=person.user["id"]).update(set__disabled_at=utcnow())
    assert access_ends(person, until)
    assert refresh(person)[0] == 401


@pytest.mark.usefixtures("documents")
def test_ended_sessions_are_found_by_an_index(person: Person) -> None:
    """The query that every web process sends each second reads no more than it returns."""
    plan = Session.objects(revoked_at__gte=utcnow()).explain()
    assert "IXSCAN" in str(plan["queryPlanner"]["winningPlan"])
    assert sessions_of(person)
