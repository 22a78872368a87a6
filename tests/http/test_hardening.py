"""Attacks: odd headers, query operators in every field, common passwords, pickles in Redis, socket floods."""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from itertools import product as product_of
from pathlib import Path
from typing import Any

import psutil
import pytest
import websocket
from redis import Redis
from rq.job import Job
from rq.serializers import DefaultSerializer
from werkzeug.test import Client

from app.http.headers import CONTENT_SECURITY_POLICY, is_never_stored
from app.queueing.fair_queue import FairQueue
from app.queueing.schedule import QUEUE_NAME, DelaySchedule
from tests.http.answers import bad_fields
from tests.listener import Listener
from tests.patience import REQUEST_SECONDS
from tests.person import Http, Person, new_email
from tests.product import Product
from tools.system import System

Until = Callable[..., Any]
NewClient = Callable[[], Client]
MESSAGES = (2_000, 10_000)
"""In a short round and a long one."""
LARGEST_GROWTH_BYTES = 25 * 1024 * 1024
LIMIT_BYTES = 64 * 1024
RECONNECT_EVERY = 250

OPERATORS: list[Any] = [
    {"$gt": ""},
    {"$ne": None},
    {"$regex": ".*"},
    {"$where": "sleep(1000)"},
    {"$in": ["a", "b"]},
    {"$or": [{}, {}]},
    ["$gt", ""],
    [{"$ne": 1}],
    {"__raw__": {}},
    True,
    17,
    None,
]
"""Values that a database could interpret as commands. None is a string."""

HOSTILE_TEXTS = [
    "$gt",
    "[$ne]=1",
    "507f1f77bcf86cd799439011' || '1'=='1",
    "../../etc/passwd",
    "%00",
    "{$gt:''}",
    "__proto__",
]

PAGES = [
    "/healthz",
    "/api/content",
    "/api/nowhere",
    "/nowhere",
    "/api/docs",
    "/api/docs/swagger-ui.css",
    "/api/openapi.json",
]


@pytest.mark.parametrize("path", [*PAGES, "/socket.io/?EIO=4&transport=polling"])
def test_every_answer_has_the_security_headers(new_client: NewClient, path: str) -> None:
    """Successes, errors, pages, files and Socket.IO's own responses. There is no HSTS over http."""
    headers = new_client().get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "'unsafe-eval'" not in CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", [*PAGES, "/socket.io/?EIO=4&transport=polling"])
def test_over_https_responses_have_hsts(new_client: NewClient, https: str, path: str) -> None:
    headers = new_client().get(path, base_url=https).headers
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_private_responses_are_not_cached(new_client: NewClient, person: Person) -> None:
    """Successes, errors and redirects; also with extra slashes, which browsers and caches keep as they are."""
    client = new_client()
    answers = [
        client.post("/api/auth/login", json={}),
        client.get("/metrics"),
        client.get("/socket.io/?EIO=4&transport=polling"),
    ]
    for path in ("/api/content", "/api/auth/me", "/api/auth/sessions", "/api/nowhere", "/api"):
        for slashes, headers in product_of(("", "/", "///"), (person.headers, {})):
            given = {"PATH_INFO": slashes + path, "REQUEST_URI": slashes + path}  # a client would take // for a host
            answers += [
                client.open("/", method=method, headers=headers, environ_overrides=given)
                for method in ("GET", "HEAD", "OPTIONS")
            ]
    assert {answer.headers.get("Cache-Control") for answer in answers} == {"no-store"}


@pytest.mark.parametrize(
    ("path", "never"),
    [
        ("/api", True), ("/api/", True), ("//api//content", True), ("/API/content", True), ("api/content", True),
        ("/api/docsx", True), ("/api/openapi.json/x", True), ("/api/docs", False), ("/api/docs/page.js", False),
        ("//api/openapi.json", False), ("/api/asyncapi.json", False), ("/apiary", False), ("/", False),
        ("/socket.io/", True), ("/metrics", True), ("/assets/api/x.js", False), ("/healthz", False),
    ],
)  # fmt: skip
def test_which_responses_are_no_store(path: str, never: bool) -> None:
    assert is_never_stored(path) is never


@pytest.mark.parametrize(
    "password",
    ["Password1", "Password123", "Qwerty123", "Welcome1", "Abc12345", "Iloveyou1", "Passw0rd", "P4ssword", "Letmein1",
     "Zaq12wsx", "1q2w3e4R"],
)  # fmt: skip
def test_common_passwords_are_rejected(http: Http, person: Person, password: str) -> None:
    """At registration and when changing the password, with an error at the field."""
    body = {"email": new_email(), "password": password, "firstName": "Ann", "lastName": "Lee"}
    status, answer = http("POST", "/api/auth/register", body)
    assert (status, [error["field"] for error in answer["errors"]]) == (422, ["password"])
    status, answer = person.call("POST", "/api/auth/password", {"currentPassword": "x", "newPassword": password})
    assert (status, [error["field"] for error in answer["errors"]]) == (422, ["newPassword"])
    assert "easy to guess" in answer["errors"][0]["message"]


@pytest.mark.parametrize(
    "password",
    ["SecurePass123", "Abcdef12", "OwlsFlyAtNight7", "NewSecurePass456", "Ünïcödé-Pässwört-9", "A1" + "a b" * 23],
)
def test_uncommon_passwords_are_accepted(http: Http, password: str) -> None:
    Person.register(http, password=password)


BODIES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "POST",
        "/api/auth/register",
        {"email": "a@example.com", "password": "SecurePass123", "firstName": "A", "lastName": "B"},
    ),
    ("POST", "/api/auth/login", {"email": "a@example.com", "password": "SecurePass123"}),
    ("POST", "/api/auth/password", {"currentPassword": "SecurePass123", "newPassword": "OwlsFlyAtNight7"}),
    ("POST", "/api/auth/refresh", {"refresh_token": "x"}),
    ("POST", "/api/auth/logout", {"refresh_token": "x"}),
    (
        "POST",
        "/api/content",
        {"title": "T", "contentType": "blog", "prompt": "P", "generatedText": "G", "status": "draft"},
    ),
    ("POST", "/api/content/generate", {"title": "T", "contentType": "blog", "prompt": "P"}),
    (
        "PUT",
        "/api/content/{id}",
        {"title": "T", "contentType": "blog", "prompt": "P", "generatedText": "G", "status": "draft"},
    ),
]


@pytest.mark.parametrize(("method", "path", "body"), BODIES, ids=[f"{method} {path}" for method, path, _ in BODIES])
def test_operators_in_bodies(person: Person, method: str, path: str, body: dict[str, Any]) -> None:
    """Every operator in every field: 422 at that field, and nothing is stored."""
    path = path.replace("{id}", person.write()["id"])
    _, before = person.call("GET", "/api/content")
    for field in body:
        for operator in OPERATORS:
            if (field, operator) == ("refresh_token", None):
                continue  # the same as leaving it out
            status, answer = person.call(method, path, body | {field: operator})
            assert status == 422, (field, operator, answer)
            assert [error["field"] for error in answer["errors"]] == [field]
    for name in ("$where", "$set", "__proto__", "_id", "user_id", "userId", "deleted", "role", "id__ne"):
        status, answer = person.call(method, path, body | {name: {"$gt": ""}})
        assert (status, [error["field"] for error in answer["errors"]]) == (422, [name])
    assert person.call("GET", "/api/content")[1]["data"] == before["data"]


@pytest.mark.parametrize("name", ["page", "limit", "contentType", "status", "generationStatus"])
def test_operators_in_filters(person: Person, name: str) -> None:
    """A filter has one of its values, otherwise 422. Brackets and unknown names are rejected, too."""
    person.write()
    for value in ["$gt", "{$ne:1}", "blog' || 1", "%00", "[]", "1e3", "-1"]:
        assert person.http("GET", f"/api/content?{name}={value}", None, person.headers)[0] == 422, value
    for query in (f"{name}[$ne]=x", f"{name}__ne=blog", "user_id=507f1f77bcf86cd799439011", "deleted=true", "$where=1"):
        assert bad_fields(person.call("GET", f"/api/content?{query}")) == [query.partition("=")[0]]


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_operators_in_ids(person: Person, text: str) -> None:
    """Anything that is not a valid id is 404, for every route with an id."""
    for method, path in [("GET", "/api/content/{}"), ("PUT", "/api/content/{}"), ("DELETE", "/api/content/{}"),
                         ("GET", "/api/content/job/{}/status"), ("DELETE", "/api/auth/sessions/{}")]:  # fmt: skip
        status, _ = person.call(method, path.format(text), {"title": "T"} if method == "PUT" else None)
        assert status in {404, 405}, (method, path)
    assert person.call("GET", "/api/auth/me")[0] == 200


class Canary:
    """Creates a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_pickled_job_is_never_unpickled(product: Product, resident: Person, tmp_path: Path, until: Until) -> None:
    """An attacker puts pickles into the schedule and the queue in Redis: no worker loads them, and all continue."""
    redis = Redis.from_url(product.settings.redis_url)
    queue = FairQueue(QUEUE_NAME, connection=redis)
    ids = ["evil_queued_1", "evil_scheduled_1"]
    for job_id in ids:
        job = Job.create(
            "os.getcwd", args=[Canary(tmp_path / job_id)], id=job_id, connection=redis, serializer=DefaultSerializer
        )
        job.save()
    assert b"Path" in Job.fetch(ids[0], connection=redis, serializer=DefaultSerializer).data
    queue.push_job_id(ids[0])
    redis.zadd(DelaySchedule.scheduled_jobs_key, {ids[1]: 0})
    until(lambda: not queue.get_job_ids() and redis.zscore(DelaySchedule.scheduled_jobs_key, ids[1]) is None)
    assert resident.wait_for(resident.generate()["id"])["generationStatus"] == "completed"
    assert list(tmp_path.iterdir()) == []
    redis.close()


class RawSocket:
    """A Socket.IO connection over a bare websocket, to send messages that no client library would send."""

    def __init__(self, person: Person) -> None:
        self._address = person.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        self._token = person.access_token
        self.connections = 0
        self._socket: websocket.WebSocket | None = None
        self._sent = 0

    def connect(self) -> websocket.WebSocket:
        self.connections += 1
        opened = websocket.create_connection(self._address, timeout=REQUEST_SECONDS)
        assert str(opened.recv()).startswith("0{")
        opened.send("40" + json.dumps({"token": self._token}))
        assert str(opened.recv()).startswith("40{")
        return opened

    def send(self, message: str | bytes) -> None:
        """Sends a message, and reconnects if the server closed the connection, and from time to time."""
        self._sent += 1
        if self._sent % RECONNECT_EVERY == 0:
            self.close()
        for _ in range(2):
            try:
                self._socket = self._socket or self.connect()
                if isinstance(message, bytes):
                    self._socket.send_binary(message)
                else:
                    self._socket.send(message)
            except (OSError, websocket.WebSocketException):
                self.close()
            else:
                return

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close(timeout=1)
        self._socket = None


def test_a_large_message_is_rejected(resident: Person, until: Until) -> None:
    """Just under 64 KB is accepted. Above, the socket is closed; other sockets are not affected."""
    with Listener(resident.url, resident.access_token) as bystander:
        raw = RawSocket(resident)
        small, large = (f'421["x","{"a" * size}"]' for size in (LIMIT_BYTES - 100, LIMIT_BYTES + 1))
        passing = raw.connect()
        passing.send(small)
        passing.send('422["auth:token",{}]')
        assert str(passing.recv()).startswith("432[")
        passing.send(large)
        until(lambda: hung_up(passing))
        assert bystander.ask("auth:token", {"token": resident.access_token})["ok"] is True


def hung_up(connection: websocket.WebSocket) -> bool:
    """Reads what has arrived. Returns whether the connection was closed."""
    try:
        return not connection.recv()
    except (OSError, websocket.WebSocketException):
        return True


def random_value(source: random.Random, depth: int = 0) -> Any:
    kind = source.randrange(9 if depth < 3 else 6)
    if kind == 0:
        return source.choice([None, True, False, 0, -1, 1e308, 2**63, "", "$gt", "__proto__"])
    if kind < 3:
        return source.randint(-(10**12), 10**12)
    if kind < 6:
        return "".join(source.choices(string.printable + "é李\u0000🦉", k=source.randrange(40)))
    if kind < 8:
        return {str(random_value(source, 3))[:20]: random_value(source, depth + 1) for _ in range(source.randrange(4))}
    return [random_value(source, depth + 1) for _ in range(source.randrange(4))]


def random_message(source: random.Random, room: str) -> str | bytes:  # noqa: PLR0911  # one for each kind
    """An event with a random name and arguments, and sometimes a malformed or binary packet, or another type."""
    names = [
        "auth:token",
        "join",
        "join_room",
        "connect",
        "disconnect",
        "message",
        "content:generation:completed",
        room,
    ]
    event = [source.choice([*names, random_value(source)]), *(random_value(source) for _ in range(source.randrange(4)))]
    kind = source.randrange(100)
    if kind < 80:
        return f"42{source.choice(['', '1', '77'])}{json.dumps(event)}"
    if kind < 88:
        return "42" + json.dumps([source.choice(names), {"room": room, "token": room, "to": room}])
    if kind < 90:
        return "42/other," + json.dumps(event)
    if kind < 92:
        return "43" + str(source.randrange(99)) + json.dumps(event)
    if kind < 94:
        return source.choice(["3", "2probe", "6", "40", "42[", "42{}", "42", "4", "451-[]", '40{"token":1}'])
    if kind < 96:
        return source.randbytes(source.randrange(200))
    return "4" + "".join(source.choices(string.printable, k=source.randrange(60)))


def memory_of(system: System) -> int:
    """The resident memory of the first web process and its children, in bytes."""
    process = psutil.Process(system.webs[0].child.pid)
    return sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))


def test_lifecycle_events_cannot_be_sent(resident: Person, until: Until) -> None:
    """A `disconnect` or `connect` event sent by a client does not exempt its socket from the session checks."""
    stranger = Person.register(resident.http)
    raw = RawSocket(resident).connect()
    for event in (["disconnect"], ["connect", {"token": stranger.access_token}], ["disconnect", "x"]):
        raw.send("42" + json.dumps(event))
    raw.send("40" + json.dumps({"token": stranger.access_token}))
    raw.send('421["auth:token",{}]')
    assert str(raw.recv()).startswith("431[")
    assert resident.call("DELETE", "/api/auth/sessions")[0] == 204
    assert raw.recv() == "41"
    until(lambda: hung_up(raw))


def test_random_socket_messages(system: System, resident: Person, rounds: Callable[[int, int], int]) -> None:
    """Thousands of them: the server survives, its memory does not grow, and nobody else receives anything."""
    messages = rounds(*MESSAGES)
    source = random.Random(20260122)  # the same messages every time
    attacker = Person.register(resident.http, resident.url)
    room = f"user:{resident.user['id']}"
    with Listener(resident.url, resident.access_token) as victim:
        raw = RawSocket(attacker)
        for _ in range(messages // 5):
            raw.send(random_message(source, room))
        warm = memory_of(system)
        for _ in range(messages - messages // 5):
            raw.send(random_message(source, room))
        raw.close()
        assert attacker.write()["title"] == "Bees"
        grown = memory_of(system) - warm
        print(f"\n{messages} messages over {raw.connections} connections; memory grew by {grown / 2**20:.1f} MiB")
        assert grown < LARGEST_GROWTH_BYTES
        assert victim.ask("auth:token", {"token": resident.access_token})["ok"] is True
        assert victim.events == []
    assert "Traceback" not in system.webs[0].log.read_text()
