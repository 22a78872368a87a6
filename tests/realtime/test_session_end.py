"""The end of a socket: its token expires, its session is revoked, its owner is disabled."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import requests
import socketio
from pymongo import MongoClient

from app.clock import utcnow
from tests.conftest import over_http
from tests.listener import Listener
from tests.patience import REQUEST_SECONDS
from tests.person import PASSWORD, Person
from tests.product import Product
from tools.servers import Service, start_redis
from tools.system import Servers, System

Until = Callable[..., Any]
LIFETIME_SECONDS = 10
TRANSPORTS = ["websocket", "polling"]


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A Redis that only this module's web processes use."""
    service = start_redis(tmp_path_factory.mktemp("redis"))
    yield service
    service.stop()


@pytest.fixture(scope="module")
def shortly(servers: Servers, redis: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Two web processes whose access tokens expire after ten seconds."""
    lifetime = f"{LIFETIME_SECONDS}s"
    environ = servers.environ("session-end", BCRYPT_ROUNDS="4", RATE_LIMIT_ENABLED="false", JWT_EXPIRATION=lifetime)
    running = System(environ | {"REDIS_URL": redis.url}, tmp_path_factory.mktemp("logs"))
    running.add_web()
    running.add_web()
    yield Product.of(running)
    running.stop()


def newcomer(product: Product) -> Person:
    return Person.register(over_http(product.urls[0]), product.urls[0])


def fresh_token(person: Person) -> str:
    status, answer = person.http("POST", "/api/auth/login", {"email": person.email, "password": PASSWORD})
    assert status == 200
    return str(answer["data"]["access_token"])


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_an_expired_token_closes_its_socket(shortly: Product, until: Until, transport: str) -> None:
    """Warned once at half of the token's lifetime, with its expiry, and closed after that."""
    began = time.time()
    person = newcomer(shortly)
    registered = time.time()
    with Listener(person.url, person.access_token, transport) as listener:
        warning = listener.wait_for("auth:expiring")
        warned_after = time.time() - began
        expires_at = datetime.fromisoformat(warning["expiresAt"]).timestamp()
        until(lambda: not listener.connected)
        assert time.time() >= expires_at
    assert warned_after >= LIFETIME_SECONDS / 2 - 1, "an expiry is in whole seconds"
    assert began + LIFETIME_SECONDS - 1 <= expires_at <= registered + LIFETIME_SECONDS
    assert len(listener.events) == 1


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_new_token_keeps_the_socket(shortly: Product, transport: str) -> None:
    """Sent over the socket itself: it stays open past the first expiry, and is warned of the second."""
    person = newcomer(shortly)
    with Listener(person.url, person.access_token, transport) as listener:
        first = listener.wait_for("auth:expiring")["expiresAt"]
        answer = listener.ask("auth:token", {"token": fresh_token(person)})
        assert answer["ok"] is True
        assert answer["expiresAt"] > first
        listener.wait_for("auth:expiring", expiresAt=answer["expiresAt"])
        assert time.time() > datetime.fromisoformat(first).timestamp()
        assert listener.connected


def test_an_invalid_new_token(shortly: Product, until: Until) -> None:
    """Rejected with a reason; the socket still closes when its own token expires."""
    person, stranger = newcomer(shortly), newcomer(shortly)
    with Listener(person.url, person.access_token) as listener:
        other = {"ok": False, "message": "This token belongs to somebody else"}
        assert listener.ask("auth:token", {"token": stranger.access_token}) == other
        assert listener.ask("auth:token", {"token": person.refresh_token})["message"] == "Invalid token"
        for nothing in ([], ["x"], [None], [{"token": {"$gt": ""}}], [{}]):
            answer = listener.ask("auth:token", *nothing)
            assert answer == {"ok": False, "message": "Authentication required"}
        assert listener.ask("auth:token", {"token": "x"}, "more", 3)["ok"] is False
        until(lambda: not listener.connected)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_revoked_session_closes_its_sockets_everywhere(product: Product, until: Until, transport: str) -> None:
    """It is revoked at one web process and closed at both. The user's other session keeps its socket."""
    person = newcomer(product)
    other = fresh_token(person)
    with (
        Listener(product.urls[0], person.access_token, transport) as here,
        Listener(product.urls[1], person.access_token, transport) as there,
        Listener(product.urls[1], other, transport) as kept,
    ):
        assert person.http("POST", "/api/auth/logout", {"refresh_token": person.refresh_token})[0] == 200
        until(lambda: not here.connected and not there.connected)
        assert kept.connected
        assert kept.ask("auth:token", {"token": person.access_token})["ok"] is False


def test_a_revoked_key_closes_its_sockets_everywhere(product: Product, until: Until) -> None:
    """A key with read access can open sockets until it is revoked; one without cannot."""
    person = newcomer(product)

    def key(scope: str) -> dict[str, Any]:
        status, answer = person.call("POST", "/api/auth/keys", {"name": "Socket", "scopes": [scope]})
        assert status == 201
        made: dict[str, Any] = answer["data"]
        return made

    reader = key("content:read")
    with Listener(product.urls[0], reader["key"]) as here, Listener(product.urls[1], reader["key"]) as there:
        assert person.call("DELETE", f"/api/auth/keys/{reader['id']}")[0] == 204
        until(lambda: not here.connected and not there.connected)
    refused = Listener(product.urls[0], key("generate")["key"])
    with pytest.raises(socketio.exceptions.ConnectionError), refused:
        pass
    assert refused.refusal["message"] == "This API key may not do this - it needs the scope content:read"


def test_a_deleted_account_closes_all_its_sockets(product: Product, until: Until) -> None:
    """Those of every session and key, at every web process. Other users' sockets stay open."""
    person, stranger = newcomer(product), newcomer(product)
    status, answer = person.call("POST", "/api/auth/keys", {"name": "Socket", "scopes": ["content:read"]})
    assert status == 201
    with (
        Listener(product.urls[0], fresh_token(person)) as here,
        Listener(product.urls[1], person.access_token) as there,
        Listener(product.urls[1], answer["data"]["key"]) as of_a_key,
        Listener(product.urls[1], stranger.access_token) as kept,
    ):
        assert person.call("DELETE", "/api/auth/me", {"password": PASSWORD})[0] == 204
        until(lambda: not here.connected and not there.connected and not of_a_key.connected)
        assert kept.connected


def test_a_revoked_session_while_redis_hangs(shortly: Product, redis: Service, until: Until) -> None:
    person = newcomer(shortly)
    token = fresh_token(person)
    with Listener(shortly.urls[1], token) as listener:
        redis.freeze()
        try:
            assert person.call("DELETE", "/api/auth/sessions")[0] == 204
            until(lambda: not listener.connected)
        finally:
            redis.thaw()


def test_a_polling_client_of_a_closed_socket_is_rejected(product: Product, until: Until) -> None:
    """Like one with an unknown socket id."""
    person = newcomer(product)
    address = f"{person.url}/socket.io/?EIO=4&transport=polling"
    address += "&sid=" + json.loads(requests.get(address, timeout=REQUEST_SECONDS).text[1:])["sid"]

    def speak(packet: str) -> int:
        return requests.post(address, data=packet, timeout=REQUEST_SECONDS).status_code

    assert speak("40" + json.dumps({"token": person.access_token})) == 200
    person.http("POST", "/api/auth/logout", {"refresh_token": person.refresh_token})
    assert until(lambda: [status for status in [speak("3")] if status != 200]) == [400]
    assert speak("3") == 400


def test_a_changed_password_closes_the_other_sockets(product: Product, until: Until) -> None:
    person = newcomer(product)
    with (
        Listener(product.urls[1], fresh_token(person)) as other,
        Listener(product.urls[0], person.access_token) as own,
    ):
        body = {"currentPassword": PASSWORD, "newPassword": "OwlsFlyAtNight7"}
        assert person.call("POST", "/api/auth/password", body)[0] == 200
        until(lambda: not other.connected)
        assert own.connected


def test_a_disabled_user_loses_their_sockets(product: Product, until: Until) -> None:
    person = newcomer(product)
    client: MongoClient[dict[str, Any]] = MongoClient(product.settings.mongo_uri)
    with Listener(product.urls[0], person.access_token) as listener:
        client.get_default_database()["users"].update_one({"email": person.email}, {"$set": {"disabled_at": utcnow()}})
        until(lambda: not listener.connected)
    client.close()


def test_a_revoked_token_opens_no_socket(product: Product, until: Until) -> None:
    person = newcomer(product)
    person.http("POST", "/api/auth/logout", {"refresh_token": person.refresh_token})
    until(lambda: person.call("GET", "/api/auth/me")[0] == 401)
    listener = Listener(product.urls[0], person.access_token)
    with pytest.raises(socketio.exceptions.ConnectionError), listener:
        pass
    assert listener.refusal == {"message": "The session has ended - please log in again"}
