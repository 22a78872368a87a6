"""Rate limits: each limit, whom it counts, and its behaviour while Redis is unavailable."""

from __future__ import annotations

import json
import math
import re
import threading
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo import MongoClient
from werkzeug.test import TestResponse

from app.config import Settings, load_settings
from app.content.document import PENDING
from app.content.insertion import THREAD_NAME
from app.http import error_answers, rate_limits
from app.services import services_of
from tests.patience import REQUEST_SECONDS
from tests.person import PASSWORD, new_email
from tools.servers import Service, start_redis
from tools.system import Servers

Build = Callable[..., Flask]
Until = Callable[..., Any]
LOGIN = "/api/auth/login"
SLOWEST_SECONDS = REQUEST_SECONDS / 4
"""Without a timeout, a request would wait for a frozen Redis forever."""


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A Redis used only by these tests, which can be stopped."""
    service = start_redis(tmp_path_factory.mktemp("redis"))
    yield service
    service.stop()


@pytest.fixture
def build(app: Flask, new_app: Callable[[Settings], Flask], servers: Servers, redis: Service) -> Build:  # noqa: ARG001  # it makes the indexes
    """Creates an application with limits, on the database of the in-process one. All counts are zero."""
    numbers = iter(range(16))

    def with_settings(**settings: str) -> Flask:
        environ = servers.environ("in-process", BCRYPT_ROUNDS="4", SOCKETIO_ASYNC_MODE="threading")
        address = f"{redis.url.rpartition('/')[0]}/{next(numbers)}"
        return new_app(load_settings(environ | {"REDIS_URL": address} | settings))

    return with_settings


@pytest.fixture(autouse=True)
def patient_limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives Redis more time: on a busy machine, more than 150 ms pass, and requests would be counted in memory."""
    if "outage" not in request.fixturenames:
        for name in ("socket_timeout", "socket_connect_timeout"):
            monkeypatch.setitem(rate_limits._REDIS_OPTIONS, name, REQUEST_SECONDS)


@pytest.fixture(autouse=True)
def fresh_counts(redis: Service) -> Iterator[None]:
    """Resets the counts before every test."""
    import redis as library  # noqa: PLC0415  # the fixture has its name

    yield
    client = library.Redis.from_url(redis.url)
    client.flushall()
    client.close()


class Caller:
    """Sends requests from one address as one user."""

    def __init__(self, app: Flask, remote: str = "192.0.2.1") -> None:
        self.client = app.test_client()
        self.remote = remote
        self.headers: dict[str, str] = {}
        self.user_id = ""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        given = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            path, method=method, json=body, headers=given, environ_overrides={"REMOTE_ADDR": self.remote}
        )

    def register(self) -> Caller:
        body = {"email": new_email(), "password": PASSWORD, "firstName": "Ann", "lastName": "Lee"}
        answer = self.call("POST", "/api/auth/register", body)
        assert answer.status_code == 201, answer.get_json()
        data = answer.get_json()["data"]
        self.headers, self.user_id = {"Authorization": f"Bearer {data['access_token']}"}, data["user"]["id"]
        return self

    def login(self, email: str, **headers: str) -> TestResponse:
        return self.call("POST", LOGIN, {"email": email, "password": "Wrong12345"}, **headers)

    def generate(self) -> TestResponse:
        return self.call("POST", "/api/content/generate", {"title": "T", "contentType": "blog", "prompt": "P"})


def check_refusal(answer: TestResponse, longest: int, code: str = "rate_limited") -> int:
    """Checks the 429 envelope and that Retry-After is in whole seconds, and returns them."""
    assert answer.status_code == 429
    body = answer.get_json()
    assert (body["success"], body["statusCode"], body["code"]) == (False, 429, code)
    assert body["requestId"] == answer.headers["X-Request-ID"]
    seconds = int(answer.headers["Retry-After"])
    assert 1 <= seconds <= longest
    return seconds


def test_login_by_address(build: Build) -> None:
    """Ten a minute from one address, for all accounts together. Another address has its own ten."""
    app = build()
    here, elsewhere = Caller(app), Caller(app, "192.0.2.2")
    began = time.monotonic()
    assert [here.login(new_email()).status_code for _ in range(10)] == [401] * 10
    assert check_refusal(here.login(new_email()), 60) >= 60 - math.ceil(time.monotonic() - began)
    assert elsewhere.login(new_email()).status_code == 401


@pytest.mark.parametrize(
    "addresses",
    [
        [f"2001:db8:1:2:{number:x}::{number:x}" for number in range(11)],
        ["192.0.2.7", "::ffff:192.0.2.7"] * 5 + ["::ffff:c000:207"],
    ],
    ids=["inside one /64", "IPv4 as IPv6"],
)
def test_addresses_of_one_network_share_a_count(build: Build, addresses: list[str]) -> None:
    """A neighbouring network has a separate count."""
    app = build()
    assert [Caller(app, each).login(new_email()).status_code for each in addresses] == [401] * 10 + [429]
    assert Caller(app, "2001:db8:1:3::1").login(new_email()).status_code == 401


@pytest.mark.parametrize("token", ["", "Bearer x", "Bearer {}", "Basic e", "Bearer \xff"])
def test_no_request_resets_the_counts(build: Build, token: str) -> None:
    """Other requests neither reset the count of attempts nor add to it."""
    app = build()
    person, guesser = Caller(app).register(), Caller(app)
    given = token.replace("{}", person.headers["Authorization"].split()[1])
    for method in islice(cycle(["OPTIONS", "HEAD", "TRACE", "PROPFIND"]), 10):
        assert guesser.login(new_email()).status_code == 401
        for path in ("/api/content", "/api/auth/me", "/api/nowhere"):
            assert guesser.call(method, path, Authorization=given).status_code < 429
    check_refusal(guesser.login(new_email()), 60)


def test_an_options_request_does_not_count_as_a_login(build: Build) -> None:
    """CORS preflights do not use up the ten logins, and are not rejected after them."""
    browser = Caller(build())
    for _ in range(10):
        asked = browser.call("OPTIONS", LOGIN, Origin="http://localhost:5173", Access_Control_Request_Method="POST")
        assert asked.status_code == 200
        assert browser.login(new_email()).status_code == 401
    check_refusal(browser.login(new_email()), 60)
    assert browser.call("OPTIONS", LOGIN).status_code == 200


def test_the_token_of_an_ended_session_counts_by_address(build: Build, until: Until) -> None:
    """A thief's requests do not use up the owner's limit."""
    app = build(RATE_LIMIT_DEFAULT="30/minute")
    owner = Caller(app, "192.0.2.9").register()
    assert owner.call("DELETE", "/api/auth/sessions").status_code == 204

    def has_ended() -> bool:
        time.sleep(0.2)
        return owner.call("GET", "/api/auth/me").status_code == 401

    until(has_ended)
    for place in ("198.51.100.9", "198.51.100.10"):
        thief = Caller(app, place)
        thief.headers = owner.headers
        assert [thief.call("GET", "/api/auth/me").status_code for _ in range(31)] == [401] * 30 + [429]


def test_a_bug_does_not_count_as_an_outage(servers: Servers, redis: Service) -> None:
    """An error while the client is determined: 500, logged, and Redis continues to count."""
    settings = load_settings(servers.environ("in-process", REDIS_URL=redis.url, RATE_LIMIT_LOGIN="3/minute"))
    app = Flask(__name__)
    error_answers.init_app(app)

    def fail() -> str:
        raise RuntimeError("a bug")

    rate_limits.init_app(app, settings, fail)
    caller = Caller(app)
    for _ in range(3):
        assert caller.call("GET", "/api/anything").status_code == 500
        assert caller.login(new_email()).status_code == 404
    assert caller.login(new_email()).status_code == 429


def test_login_by_account(build: Build) -> None:
    """Ten a minute for one account, from all addresses, in all spellings of its email."""
    app = build()
    email = new_email()
    spellings = [email, email.upper(), f" {email}{' ' * 300}"]
    for number in range(10):
        assert Caller(app, f"192.0.2.{number}").login(spellings[number % 3]).status_code == 401
    check_refusal(Caller(app, "198.51.100.1").login(email), 60)
    assert Caller(app, "198.51.100.1").login(new_email()).status_code == 401


def test_login_by_account_for_all_forms_of_its_email(build: Build) -> None:
    """Another form of the domain, or a byte-order mark before the body, gives no additional attempts."""
    app = build()
    spellings = ["ann@b\u00fccher.example", "ann@xn--bcher-kva.example", "Ann@BU\u0308CHER.example"]

    def guess(number: int) -> TestResponse:
        body = json.dumps({"email": spellings[number % 3], "password": "Wrong12345"}).encode()
        return app.test_client().post(
            LOGIN,
            data=(BOM_UTF8 if number % 2 else b"") + body,
            content_type="application/json",
            environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"},
        )

    assert [guess(number).status_code for number in range(10)] == [401] * 10
    for number in range(10, 16):
        check_refusal(guess(number), 60)


def test_register(build: Build) -> None:
    """Twenty an hour from one address."""
    app = build()
    began = time.monotonic()
    for _ in range(20):
        Caller(app).register()
    refused = Caller(app).call("POST", "/api/auth/register", {})
    assert check_refusal(refused, 3600) >= 3600 - math.ceil(time.monotonic() - began)


def test_both_paths_of_refresh_share_a_count(build: Build) -> None:
    caller = Caller(build())
    for path in ("refresh", "refresh-token") * 30:
        assert caller.call("POST", f"/api/auth/{path}", {"refresh_token": "x"}).status_code == 401
    check_refusal(caller.call("POST", "/api/auth/refresh", {"refresh_token": "x"}), 60)


def test_generate(build: Build) -> None:
    """Sixty a minute for one user. Other users have their own, even at the same address."""
    app = build(MAX_WAITING_GENERATIONS="0")
    person, other = Caller(app).register(), Caller(app).register()
    assert [person.generate().status_code for _ in range(60)] == [202] * 60
    check_refusal(person.generate(), 60)
    assert other.generate().status_code == 202
    assert person.call("GET", "/api/content").status_code == 200


def test_regenerating_counts_like_a_new_text(build: Build) -> None:
    person = Caller(build(RATE_LIMIT_GENERATE="2/minute")).register()
    again = "/api/content/507f1f77bcf86cd799439011/generate"
    assert person.generate().status_code == 202
    assert person.call("POST", again).status_code == 404
    check_refusal(person.call("POST", again), 60)
    check_refusal(person.generate(), 60)
    assert person.call("POST", again.replace("generate", "cancel")).status_code == 404


def test_waiting_generations(build: Build) -> None:
    """Twenty may wait. The next is rejected with a reason and stores nothing; a started one frees a place."""
    person = Caller(build()).register()
    accepted = [person.generate().get_json()["data"] for _ in range(20)]
    refused = person.generate()
    assert check_refusal(refused, 60, "queue_full") == 60
    assert refused.get_json()["message"].startswith("20 generations are waiting already")
    assert person.call("GET", "/api/content").get_json()["data"]["pagination"]["total"] == 20
    assert person.call("DELETE", f"/api/content/{accepted[0]['id']}").status_code == 204
    assert person.generate().status_code == 202


def generate_at_once(person: Caller, number: int = 20) -> list[int]:
    """Sends concurrent requests of one user, and returns their statuses."""
    callers = [Caller(person.client.application) for _ in range(number)]
    for caller in callers:
        caller.headers = person.headers
    with ThreadPoolExecutor(len(callers)) as pool:
        return [answer.status_code for answer in pool.map(Caller.generate, callers)]


def waiting_of(person: Caller) -> int:
    """The number of this user's waiting generations in MongoDB, by a connection that the application does not use."""
    waiting = {"user_id": ObjectId(person.user_id), "generation_status": PENDING}
    with MongoClient[Any](services_of(person.client.application).get(Settings).mongo_uri) as client:
        return client.get_default_database()["contents"].count_documents(waiting)


def test_waiting_generations_under_a_race(build: Build, rounds: Callable[[int, int], int]) -> None:
    """Concurrent requests neither exceed the limit together nor all back off: every place is taken."""
    app = build(MAX_WAITING_GENERATIONS="5", RATE_LIMIT_REGISTER="1000/hour")
    for _ in range(rounds(2, 100)):
        person = Caller(app).register()
        statuses = generate_at_once(person)
        assert (statuses.count(202), statuses.count(429)) == (5, 15), statuses
        assert waiting_of(person) == 5


def test_one_of_two_concurrent_requests_gets_the_last_place(build: Build, rounds: Callable[[int, int], int]) -> None:
    """Every time."""
    app = build(MAX_WAITING_GENERATIONS="1", RATE_LIMIT_REGISTER="1000/hour")
    for _ in range(rounds(10, 100)):
        person = Caller(app).register()
        statuses = generate_at_once(person, 2)
        assert sorted(statuses) == [202, 429]
        assert waiting_of(person) == 1


def test_a_request_over_the_limit_that_cannot_be_undone(build: Build, servers: Servers, until: Until) -> None:
    """MongoDB fails between insert and removal: 503, and it is removed once MongoDB works again."""
    app = build(MAX_WAITING_GENERATIONS="1", RATE_LIMIT_REGISTER="1000/hour")

    def crowd() -> tuple[Caller, list[int]] | None:
        person = Caller(app).register()
        with failing(servers, "delete"):
            statuses = generate_at_once(person)
            assert set(statuses) <= {202, 429, 503}
            if 503 not in statuses:
                return None
            assert waiting_of(person) > statuses.count(202)
        return person, statuses

    person, statuses = until(crowd)
    until(lambda: THREAD_NAME not in {thread.name for thread in threading.enumerate()})
    assert waiting_of(person) == statuses.count(202)


@contextmanager
def failing(servers: Servers, command: str) -> Iterator[None]:
    """Makes MongoDB drop the connection of any client that sends this command, inside its `with` block."""
    with MongoClient[Any](servers.mongodb.url) as client:
        dropped = {"failCommands": [command], "closeConnection": True}
        client.admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=dropped)
        try:
            yield
        finally:
            client.admin.command("configureFailPoint", "failCommand", mode="off")


def test_all_other_requests_share_the_default_limit(build: Build) -> None:
    """Per user over all routes together, and per address for anonymous clients. Health checks are unlimited."""
    app = build(RATE_LIMIT_DEFAULT="30/minute")
    person = Caller(app).register()
    for path in ("/api/content", "/api/auth/me", "/api/nowhere") * 10:
        assert person.call("GET", path).status_code != 429
    check_refusal(person.call("GET", "/api/content"), 60)
    stranger = Caller(app)
    assert [stranger.call("GET", "/api/auth/me").status_code for _ in range(31)] == [401] * 30 + [429]
    assert stranger.login(new_email()).status_code == 401
    assert {stranger.call("GET", "/healthz").status_code for _ in range(60)} == {200}


def test_a_forged_address_has_no_effect(build: Build) -> None:
    """Without a trusted proxy, X-Forwarded-For changes nothing."""
    caller = Caller(build(RATE_LIMIT_LOGIN="3/minute"))
    for number in range(3):
        assert caller.login(new_email(), X_Forwarded_For=f"203.0.113.{number}").status_code == 401
    check_refusal(caller.login(new_email(), X_Forwarded_For="203.0.113.99"), 60)


def test_behind_a_proxy(build: Build) -> None:
    """With one trusted proxy, its own entry is used. Entries before it, written by the client, are ignored."""
    app = build(RATE_LIMIT_LOGIN="3/minute", TRUSTED_PROXIES="1")
    proxy = Caller(app, "10.0.0.1")
    for number in range(3):
        forged = f"203.0.113.{number}, 198.51.100.7"
        assert proxy.login(new_email(), X_Forwarded_For=forged).status_code == 401
    check_refusal(proxy.login(new_email(), X_Forwarded_For="198.51.100.7"), 60)
    assert proxy.login(new_email(), X_Forwarded_For="198.51.100.8").status_code == 401


def test_https_is_only_detected_behind_a_trusted_proxy(build: Build) -> None:
    """X-Forwarded-Proto of a trusted proxy, and nothing else, enables HSTS and a Secure cookie."""
    body = {"email": new_email(), "password": PASSWORD, "firstName": "Ann", "lastName": "Lee"}
    headers = {"X_Forwarded_Proto": "https", "X_Auth_Transport": "cookie"}
    direct = Caller(build()).call("POST", "/api/auth/register", body, **headers)
    proxied = Caller(build(TRUSTED_PROXIES="1")).call(
        "POST", "/api/auth/register", body | {"email": new_email()}, **headers
    )
    assert "Strict-Transport-Security" not in direct.headers
    assert "; Secure" not in direct.headers["Set-Cookie"]
    assert proxied.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "; Secure" in proxied.headers["Set-Cookie"]


def test_responses_have_the_rate_limit_headers(build: Build) -> None:
    """For the limits that have counted the request, in the format of the draft. Without a limit, no header."""
    app = build(RATE_LIMIT_LOGIN="3/minute", RATE_LIMIT_GENERATE="2/hour")
    person = Caller(app).register()
    answer = person.call("GET", "/api/auth/me")
    assert answer.headers["RateLimit-Policy"] == '"default";q=300;w=60'
    assert re.fullmatch(r'"default";r=299;t=(60|59)', answer.headers["RateLimit"])
    stands = [person.generate().headers["RateLimit"].partition(";t=")[0] for _ in range(3)]
    assert stands == ['"generate";r=1', '"generate";r=0', '"generate";r=0']
    login = person.login(new_email())
    assert login.headers["RateLimit-Policy"] == '"login-by-address";q=3;w=60, "login-by-account";q=3;w=60'
    assert "RateLimit" not in person.call("GET", "/healthz").headers


def test_rate_limits_can_be_disabled(build: Build) -> None:
    app = build(RATE_LIMIT_ENABLED="false", RATE_LIMIT_LOGIN="1/day")
    person = Caller(app).register()
    assert [person.login(new_email()).status_code for _ in range(5)] == [401] * 5


def test_the_waiting_limit_is_not_a_rate_limit(build: Build) -> None:
    """It also applies with rate limits disabled, and has a separate setting."""
    limited = build(RATE_LIMIT_ENABLED="false", MAX_WAITING_GENERATIONS="1")
    person = Caller(limited).register()
    assert [person.generate().status_code for _ in range(3)] == [202, 429, 429]
    free = build(RATE_LIMIT_ENABLED="false", MAX_WAITING_GENERATIONS="0")
    other = Caller(free).register()
    assert [other.generate().status_code for _ in range(25)] == [202] * 25


@pytest.mark.parametrize("outage", ["stopped", "frozen"])
def test_limits_without_redis(build: Build, redis: Service, outage: str, until: Until) -> None:
    """They are counted in memory, and no request fails or waits. Once Redis is back it counts again."""
    app = build(RATE_LIMIT_LOGIN="5/minute")
    assert Caller(app).login(new_email()).status_code == 401
    redis.freeze() if outage == "frozen" else redis.stop()
    try:
        statuses, slowest = [], 0.0
        for _ in range(8):
            began = time.perf_counter()
            statuses.append(Caller(app).login(new_email()).status_code)
            slowest = max(slowest, time.perf_counter() - began)
        assert statuses == [401] * 5 + [429] * 3
        assert slowest < SLOWEST_SECONDS
    finally:
        redis.thaw() if outage == "frozen" else redis.restart()
    until(lambda: Caller(app, "192.0.2.9").login(new_email()).status_code == 429)
