"""Password reset links made by operators: valid once, for an hour; a reset ends all sessions and API keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.account.document import PasswordReset, hash_of
from app.account.password_reset import link_for
from app.auth.models import User
from app.clock import utcnow
from app.config import VITE_ORIGIN, Settings
from app.ops.cli.command import Failed
from app.ops.cli.users import usual_origin
from app.services import services_of
from tests.http.answers import error_of
from tests.person import PASSWORD, Http, Person

NEW = "OwlsFlyAtNight7"


def link_of(person: Person, app: Flask) -> tuple[str, str]:
    answer = app.test_cli_runner().invoke(
        args=["user", "reset-password", person.email, "--origin", "https://texts.example.com/"]
    )
    assert answer.exit_code == 0, answer.output
    address, _, token = answer.output.split()[-1].partition("#")
    return address, token


def reset(http: Http, token: str, password: str = NEW) -> tuple[int, Any]:
    return http("POST", "/api/auth/password/reset", {"token": token, "newPassword": password})


def test_a_link_sets_the_password_and_ends_sessions_and_keys(person: Person, http: Http, app: Flask) -> None:
    key = person.call("POST", "/api/auth/keys", {"name": "Import", "scopes": ["content:read"]})[1]["data"]["key"]
    address, token = link_of(person, app)
    assert address == "https://texts.example.com/reset-password"
    assert PasswordReset.objects(id=hash_of(token)).count() == 1  # and nothing of the token itself
    assert reset(http, token)[0] == 200
    error_of(http("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD}), 401)
    assert http("POST", "/api/auth/login", {"email": person.email, "password": NEW})[0] == 200
    error_of(http("POST", "/api/auth/refresh", {"refresh_token": person.refresh_token}), 401)
    error_of(http("GET", "/api/content", None, {"Authorization": f"Bearer {key}"}), 401)


def expire(token: str) -> None:
    PasswordReset.objects(id=hash_of(token)).update(set__expires_at=utcnow() - timedelta(seconds=1))


def replace_link(token: str) -> None:
    owner = PasswordReset.objects(id=hash_of(token)).get().user_id
    PasswordReset.make(owner)


@pytest.mark.parametrize("spoil", [expire, replace_link])
def test_an_expired_or_replaced_link_does_not_work(
    person: Person, http: Http, app: Flask, spoil: Callable[[str], None]
) -> None:
    token = link_of(person, app)[1]
    spoil(token)
    assert error_of(reset(http, token), 422)["code"] == "reset_link_invalid"
    assert http("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD})[0] == 200


def test_a_link_works_once(person: Person, http: Http, app: Flask) -> None:
    """A rejected password does not use it up."""
    token = link_of(person, app)[1]
    error = error_of(reset(http, token, "password"), 422)
    assert (error["code"], [each["field"] for each in error["errors"]]) == ("validation_failed", ["newPassword"])
    assert reset(http, token)[0] == 200
    error = error_of(reset(http, token, "WolvesHowl77"), 422)
    assert (error["code"], error["errors"][0]["field"]) == ("reset_link_invalid", "token")
    assert http("POST", "/api/auth/login", {"email": person.email, "password": NEW})[0] == 200


def test_a_link_leads_to_the_app_without_an_origin(app: Flask) -> None:
    settings = replace(services_of(app).get(Settings), client_url=(VITE_ORIGIN,), port=3001)
    assert usual_origin(settings) == "http://localhost:3001"
    named = replace(settings, client_url=(VITE_ORIGIN, "https://texts.example.com"))
    assert usual_origin(named) == "https://texts.example.com"
    with pytest.raises(Failed, match="Say where people open the app"):
        usual_origin(replace(settings, app_env="production", client_url=()))


def test_a_link_of_a_deleted_user_does_not_work(person: Person, http: Http, app: Flask) -> None:
    token = link_of(person, app)[1]
    person.call("DELETE", "/api/auth/me", {"password": PASSWORD})
    assert error_of(reset(http, token), 422)["code"] == "reset_link_invalid"
    assert app.test_cli_runner().invoke(args=["user", "reset-password", person.email]).exit_code == 1


def test_the_token_is_only_in_the_fragment_of_the_link(person: Person) -> None:
    user = User.objects(id=person.user["id"]).get()
    address, _, token = link_for(user, "https://texts.example.com").partition("#")
    assert "?" not in address
    assert len(token) >= 40


def test_password_resets_and_deletions_are_rate_limited_like_logins(
    new_app: Callable[[Settings], Flask], person: Person, app: Flask
) -> None:
    settings = services_of(app).get(Settings)
    limited = new_app(replace(settings, rate_limit_enabled=True, rate_limit_login="3/hour")).test_client()
    for path, method, body in (
        ("/api/auth/password/reset", "POST", {"token": "x", "newPassword": NEW}),
        ("/api/auth/me", "DELETE", {"password": "WrongPass123"}),
    ):
        got = [limited.open(path, method=method, json=body, headers=person.headers).status_code for _ in range(4)]
        assert got == [422, 422, 422, 429], path
    assert limited.get("/api/auth/me", headers=person.headers).status_code == 200
