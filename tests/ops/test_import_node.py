"""`flask import-node`: converts the Node version's documents, as written by Mongoose."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import bcrypt
import pytest
from bson import ObjectId, encode
from bson.datetime_ms import DatetimeMS
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.database import Database

from app.content.document import Content
from tests.conftest import over_http
from tests.ops.conftest import Command
from tests.patience import until
from tests.person import PASSWORD, Http, new_email
from tools.system import Servers, System

THEN = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
HASH = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()


@pytest.fixture
def original(servers: Servers) -> Iterator[Database[dict[str, Any]]]:
    """An empty database for the documents of the original Node version."""
    with MongoClient[dict[str, Any]](servers.mongodb.url) as client:
        database = client[f"node-{uuid.uuid4().hex[:8]}"]
        yield database
        client.drop_database(database.name)


def source(servers: Servers, original: Database[dict[str, Any]]) -> str:
    return f"{servers.mongodb.url.rpartition('/')[0]}/{original.name}"


def a_user(**changes: Any) -> dict[str, Any]:
    user = {"_id": ObjectId(), "email": new_email(), "password": HASH, "firstName": "Ada", "lastName": "Lovelace"}
    return user | {"createdAt": THEN, "updatedAt": THEN, "__v": 0} | changes


def a_content(owner: dict[str, Any], **changes: Any) -> dict[str, Any]:
    content = {
        "_id": ObjectId(),
        "userId": owner["_id"],
        "title": "Bees",
        "contentType": "social",
        "prompt": "Write about bees",
        "generatedText": "A text about bees.",
        "status": "published",
        "jobId": uuid.uuid4().hex[:8],
        "generationStatus": "completed",
        "failureReason": None,
        "isDeleted": False,
        "createdAt": THEN,
        "updatedAt": THEN + timedelta(minutes=2),
        "__v": 0,
    }
    return content | changes


def log_in(http: Http, email: str) -> dict[str, str]:
    status, answer = http("POST", "/api/auth/login", {"email": email, "password": PASSWORD})
    assert status == 200, answer
    return {"Authorization": f"Bearer {answer['data']['access_token']}"}


@pytest.mark.parametrize("prefix", ["$2a$", "$2b$"])
def test_users_log_in_with_their_old_passwords(
    flask_command: Command, http: Http, servers: Servers, original: Database[dict[str, Any]], prefix: str
) -> None:
    """bcryptjs writes $2a$ (2.x) or $2b$ (3.x). The email is now case-insensitive, and the texts are kept."""
    email = new_email()
    user = a_user(email=email.replace("person", "Person"), password=prefix + HASH[4:])
    text, draft = a_content(user), a_content(user, generationStatus=None, jobId=None, status="draft")
    original.users.insert_one(user)
    original.contents.insert_many([text, draft])
    ran = flask_command("import-node", source(servers, original), "--json")
    assert ran.code == 0, ran
    headers = log_in(http, email)
    _, answer = http("GET", f"/api/content/{text['_id']}", headers=headers)
    shown = answer["data"]
    assert (shown["generatedText"], shown["status"]) == ("A text about bees.", "published")
    assert (shown["jobId"], shown["generationStatus"]) == (text["jobId"], "completed")
    assert shown["createdAt"] == "2025-03-01T12:00:00.000Z"
    _, answer = http("GET", "/api/content", headers=headers)
    assert answer["data"]["pagination"]["total"] == 2
    _, answer = http("GET", "/api/auth/me", headers=headers)
    assert answer["data"]["user"]["fullName"] == "Ada Lovelace"


def test_waiting_generations_are_completed(
    flask_process: Command, system: System, servers: Servers, original: Database[dict[str, Any]]
) -> None:
    """Pending and processing ones start again and complete, with real workers. Failed ones stay failed."""
    user = a_user()
    waiting = a_content(user, generationStatus="pending", generatedText="")
    running = a_content(user, generationStatus="processing", generatedText="")
    failed = a_content(user, generationStatus="failed", generatedText="", failureReason="AI service quota exceeded")
    deleted = a_content(user, generationStatus="pending", isDeleted=True, deletedAt=THEN)
    original.users.insert_one(user)
    original.contents.insert_many([waiting, running, failed, deleted])
    ran = flask_process("import-node", source(servers, original), "--json")
    assert (ran.code, ran.json["pending_again"]) == (0, 2), ran
    http = over_http(system.webs[0].url)
    headers = log_in(http, user["email"])

    def statuses() -> list[str]:
        answers = [http("GET", f"/api/content/{each['_id']}", headers=headers)[1] for each in (waiting, running)]
        return [answer["data"]["generationStatus"] for answer in answers]

    until(lambda: statuses() == ["completed", "completed"])
    _, answer = http("GET", f"/api/content/{failed['_id']}", headers=headers)
    assert answer["data"]["failureReason"] == "AI service quota exceeded"
    assert http("GET", f"/api/content/{deleted['_id']}", headers=headers)[0] == 404


def test_an_imported_waiting_generation_is_in_its_users_queue() -> None:
    user = ObjectId()
    waiting = Content.adopted(max_attempts=3, user_id=user, generation_status="pending")
    assert (waiting.queue_owner, waiting.due_at is not None) == (user, True)


def test_a_second_run_changes_nothing(
    flask_command: Command, http: Http, servers: Servers, original: Database[dict[str, Any]]
) -> None:
    user = a_user()
    content = a_content(user)
    original.users.insert_one(user)
    original.contents.insert_one(content)
    original.refreshtokens.insert_one({"token": "eyJ.old.token", "userId": user["_id"], "expiresAt": THEN})
    dry = flask_command("import-node", source(servers, original), "--dry-run", "--json").json
    assert (dry["users"]["imported"], dry["contents"]["imported"]) == (1, 1)
    assert Content.objects(id=content["_id"]).first() is None
    first = flask_command("import-node", source(servers, original), "--json").json
    assert (first["users"], first["contents"]) == (dry["users"], dry["contents"])
    assert first["refresh_tokens_left"] == 1
    headers = log_in(http, user["email"])
    http("PUT", f"/api/content/{content['_id']}", {"title": "Changed here"}, headers=headers)
    second = flask_command("import-node", source(servers, original), "--json").json
    assert (second["users"]["present"], second["users"]["imported"]) == (1, 0)
    assert (second["contents"]["present"], second["contents"]["imported"]) == (1, 0)
    assert Content.objects(id=content["_id"]).first().title == "Changed here"


def test_skipped_documents_are_named(
    flask_command: Command, servers: Servers, original: Database[dict[str, Any]]
) -> None:
    """Deleted users are no problem. Duplicate emails, other hashes, unknown types and orphans are: exit code 1."""
    user, deleted = a_user(), a_user(isDeleted=True)
    twin = a_user(email=user["email"].upper())
    foreign = a_user(password="5f4dcc3b5aa765d61d8327deb882cf99")
    contents = [a_content(user, contentType="poem"), a_content(deleted), a_content(user, jobId="1")]
    contents.append(a_content(user, jobId="1"))
    original.users.insert_many([user, deleted, twin, foreign])
    original.contents.insert_many(contents)
    ran = flask_command("import-node", source(servers, original), "--json")
    report = ran.json
    assert (ran.code, report["ok"]) == (1, False)
    assert report["users"]["skipped"] == {
        "was deleted": 1,
        "another account has this email": 1,
        "its password is no bcrypt hash": 1,
    }
    assert report["contents"]["skipped"] == {"does not fit: content_type": 1, "its owner was not taken over": 1}
    assert f"{twin['_id']}: another account has this email" in report["users"]["examples"]
    assert report["contents"]["imported"] == 2
    shown = flask_command("import-node", source(servers, original)).out
    assert "users: 4 read, 0 imported, 1 here already" in shown
    assert "eyJ" not in shown


def test_unreadable_documents_do_not_end_the_import(
    flask_command: Command, servers: Servers, original: Database[dict[str, Any]]
) -> None:
    """Mongoose never writes them, but other programs do."""
    user = a_user()
    original.users.insert_many([a_user(_id="5"), user, a_user(email=["x"])])
    odd = [a_content(user, _id="bees"), a_content(user, contentType={}), a_content(user, userId={})]
    broken = RawBSONDocument(encode(a_content(user, title="Bees")).replace(b"Bees", b"\xff\xfe\xfa\xfb"))
    late = a_content(user, isDeleted=True, createdAt=DatetimeMS(8_640_000_000_000_000), deletedAt="yesterday")
    original.contents.insert_many([*odd, broken, late, a_content(user)])
    ran = flask_command("import-node", source(servers, original), "--json")
    assert ran.code == 1
    assert ran.json["users"]["skipped"] == {"has no id or email that can be kept": 2}
    assert ran.json["contents"]["skipped"] == {
        "has no id that can be kept": 1, "does not fit: content_type": 1, "its owner was not taken over": 1,
    }  # fmt: skip
    assert "bees: has no id that can be kept" in ran.json["contents"]["examples"]
    assert ran.json["contents"]["imported"] == 3


def test_a_source_without_users_is_reported(
    flask_command: Command, servers: Servers, original: Database[dict[str, Any]]
) -> None:
    ran = flask_command("import-node", source(servers, original), "--dry-run")
    assert (ran.code, ran.errors) == (
        1,
        "Error: The source has no users: check the database name at the end of its address\n",
    )


def test_a_refused_password_is_reported(flask_command: Command, servers: Servers) -> None:
    address = servers.mongodb.url.rpartition("/")[0].replace("://", "://ada:hunter2@")
    ran = flask_command("import-node", f"{address}/node")
    assert (ran.code, ran.out) == (1, "")
    assert "SOURCE: MongoDB refuses the user or the password." in ran.errors
    assert "authSource=admin" in ran.errors


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mongodb://a:hunter2@127.0.0.1:1", "SOURCE: Must be a mongodb:// address that ends with a database name"),
        ("http://x", "SOURCE: Must be a mongodb:// address"),
        ("mongodb://a:hunter2@127.0.0.1:1/db", "SOURCE: MongoDB does not answer at this address (127.0.0.1:1"),
    ],
)
def test_an_invalid_source_is_reported_in_one_line(flask_command: Command, address: str, said: str) -> None:
    ran = flask_command("import-node", address)
    assert ran.code == 1
    assert said in ran.errors
    assert "hunter2" not in ran.errors
    assert "Traceback" not in ran.errors
