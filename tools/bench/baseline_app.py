"""The baseline of the HTTP lines: bare Flask routes with the same database calls and the same response bytes.

It runs with the product's gunicorn settings, makes the same calls to MongoDB and Redis with plain pymongo and redis-py,
and returns the same bytes. It omits everything else: authentication (the user id is in the path), validation, errors,
request ids, CORS and logging. The ratio shows what those cost.
"""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
from datetime import datetime, timedelta  # noqa: E402
from typing import Any  # noqa: E402

import orjson  # noqa: E402
import pymongo  # noqa: E402
from bson import ObjectId  # noqa: E402
from flask import Flask, Response, request  # noqa: E402
from redis import Redis  # noqa: E402

from app.clock import iso, utcnow  # noqa: E402

app = Flask(__name__)
client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(os.environ["MONGO_URI"], tz_aware=True, journal=True)
contents = client.get_default_database()["contents"]
redis = Redis.from_url(os.environ["REDIS_URL"])

SHOWN = dict.fromkeys(
    (
        "user_id", "title", "content_type", "prompt", "generated_text", "status", "job_id", "generation_status",
        "failure_reason", "failure_code", "retry_reason", "due_at", "model", "attempt", "max_attempts", "created_at",
        "updated_at", "brief", "revision", "version", "words", "checks", "tags",
    ),
    1,
)  # fmt: skip
LISTED = SHOWN | {"checks": dict.fromkeys(("check", "passed", "message", "value", "target", "count"), 1)}


@app.get("/healthz")
def healthz() -> Response:
    """The health check."""
    return Response(b"{}")


@app.get("/<user_id>/contents")
def list_contents(user_id: str) -> Response:
    """The first page of a user's contents."""
    own = {"user_id": ObjectId(user_id), "deleted": False}
    order = [("created_at", pymongo.DESCENDING), ("_id", pymongo.DESCENDING)]
    found = list(contents.find(own, LISTED).sort(order).limit(11))
    page = [_shown(each) | {"checks": [finding | {"spans": []} for finding in each["checks"]]} for each in found[:10]]
    total = contents.count_documents(own)
    pagination = {"total": total, "page": 1, "totalPages": -(-total // 10), "limit": 10, "nextCursor": _cursor(found)}
    return _answer(200, "Contents retrieved successfully", {"contents": page, "pagination": pagination})


@app.get("/<user_id>/contents/<content_id>")
def get_content(user_id: str, content_id: str) -> Response:
    """One content."""
    own = {"_id": ObjectId(content_id), "user_id": ObjectId(user_id), "deleted": False}
    return _answer(200, "Content retrieved successfully", _shown(contents.find_one(own, SHOWN) or {}))


@app.get("/<user_id>/tags")
def list_tags(user_id: str) -> Response:
    """The tags of a user's contents with their counts."""
    own = {"user_id": ObjectId(user_id), "deleted": False, "tag_keys": {"$gt": ""}}
    pairs = {"$zip": {"inputs": ["$tag_keys", "$tags"]}}
    grouped = {"_id": {"$first": "$pairs"}, "tag": {"$min": {"$last": "$pairs"}}, "count": {"$sum": 1}}
    found = contents.aggregate(
        [{"$match": own}, {"$project": {"pairs": pairs}}, {"$unwind": "$pairs"}, {"$group": grouped}]
    )
    tags = [{"tag": each["tag"], "count": each["count"]} for each in found]
    return _answer(200, "Tags retrieved successfully", {"tags": tags})


@app.post("/<user_id>/generate")
def generate(user_id: str) -> Response:
    """Stores a request and schedules its job."""
    body = orjson.loads(request.get_data())
    now = utcnow()
    content = _new(user_id, body, now)
    contents.insert_one(content)
    job_id = f"{user_id}_{content['job_id']}_1"
    with redis.pipeline() as pipe:
        pipe.hset(f"baseline:job:{job_id}", mapping={"data": orjson.dumps([str(content["_id"]), 1]), "id": job_id})
        pipe.zadd("baseline:schedule", {job_id: content["due_at"].timestamp()})
        pipe.execute()
    wait = {"message": "Content generation queued. It will be processed in 1 minute.", "expectedDelay": 60000}
    return _answer(202, "Content generation queued successfully", _shown(content) | wait)


def _new(user_id: str, body: dict[str, str], now: datetime) -> dict[str, Any]:
    due_at = now + timedelta(seconds=60)
    return {
        "_id": ObjectId(),
        "user_id": ObjectId(user_id),
        "title": body["title"],
        "content_type": body["contentType"],
        "prompt": body["prompt"],
        "generated_text": "",
        "status": "draft",
        "job_id": str(ObjectId()),
        "generation_status": "pending",
        "due_at": due_at,
        "wake_at": due_at,
        "attempt": 0,
        "max_attempts": 3,
        "created_at": now,
        "updated_at": now,
        "revision": 1,
        "version": 0,
        "tags": [],
        "deleted": False,
    }


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    due_at = content.get("due_at")
    return {
        "id": str(content["_id"]),
        "userId": str(content["user_id"]),
        "title": content["title"],
        "contentType": content["content_type"],
        "prompt": content["prompt"],
        "generatedText": content["generated_text"],
        "status": content["status"],
        "jobId": content["job_id"],
        "generationStatus": content["generation_status"],
        "failureReason": content.get("failure_reason"),
        "failureCode": content.get("failure_code"),
        "retryReason": content.get("retry_reason"),
        "dueAt": iso(due_at) if due_at else None,
        "position": None,
        "model": content.get("model"),
        "attempt": content["attempt"],
        "maxAttempts": content["max_attempts"],
        "createdAt": iso(content["created_at"]),
        "updatedAt": iso(content["updated_at"]),
        "brief": content.get("brief"),
        "revision": content["revision"],
        "version": content["version"],
        "words": content.get("words"),
        "checks": content.get("checks"),
        "tags": content["tags"],
        "batchId": None,
    }


def _cursor(found: list[dict[str, Any]]) -> str | None:
    """Returns the cursor after the tenth content; None if there are no more."""
    if len(found) <= 10:  # noqa: PLR2004  # the size of the page
        return None
    return f"newest-{round(found[9]['created_at'].timestamp() * 1000):x}-{found[9]['_id']}"


def _answer(status: int, message: str, data: dict[str, Any]) -> Response:
    envelope = {"success": True, "message": message, "data": data, "statusCode": status}
    return Response(orjson.dumps(envelope), status, mimetype="application/json")
