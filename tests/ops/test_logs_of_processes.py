"""Everything that web, worker and commands print, at LOG_LEVEL=DEBUG, while things go well and badly."""

from __future__ import annotations

import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.conftest import FAST_BCRYPT, over_http
from tests.ops.conftest import run_process
from tests.person import Person
from tools.system import Servers, System

KEY = "AIzaSyCanaryCanaryCanaryCanaryCanary123"
PASSWORD = "CanaryPassword7!"
PROMPT = "canaryprompt words that only this person wrote"
TEXT = "canarytext " * 200


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_secret_or_user_text_is_printed(servers: Servers, tmp_path: Path, form: str) -> None:
    """With a text, a suspended key that Google quotes, a database error inside a view, wrong tokens, and commands."""
    topic = f"topic{uuid.uuid4().hex[:12]}"
    environ = servers.environ(
        topic, redis_db=6, BCRYPT_ROUNDS=FAST_BCRYPT, GENERATION_DELAY_SECONDS="0", RATE_LIMIT_ENABLED="false",
        LOG_LEVEL="DEBUG", LOG_FORMAT=form, GOOGLE_AI_API_KEY=KEY,
    )  # fmt: skip
    suspended = f"Permission denied: Consumer 'api_key:{KEY}' has been suspended."
    servers.standin.script({"text": TEXT}, {"status": 403, "message": suspended}, match=topic)
    running = System(environ, tmp_path)
    try:
        web = running.add_web()
        running.add_worker()
        http = over_http(web.url)
        person = Person.register(http, web.url, password=PASSWORD)
        for _ in range(2):
            person.wait_for(person.generate(f"{PROMPT} {topic}")["id"])
        person.write(prompt=PROMPT, generatedText=TEXT)
        http("POST", "/api/auth/login", {"email": person.email, "password": f"{PASSWORD}x"})
        http("POST", "/api/auth/refresh", {"refresh_token": f"{person.refresh_token}x"})
        assert crash(servers, person) == 500
        printed = [run(environ, *command) for command in (("check",), ("queue",))]
    finally:
        running.stop()
    printed += [path.read_text() for path in tmp_path.glob("*.log")]
    said = "\n".join(printed)
    assert "crashed" in said
    assert "Traceback" in said
    canaries = {
        "key": KEY, "password": PASSWORD, "prompt": "canaryprompt", "text": "canarytext", "email": person.email,
        "access token": person.access_token, "refresh token": person.refresh_token, "hash": "$2b$",
        "jwt secret": environ["JWT_SECRET"], "password of Redis": environ["REDIS_URL"].split("@")[0].split(":")[-1],
    }  # fmt: skip
    assert {name: context(said, value) for name, value in canaries.items() if value in said} == {}


def crash(servers: Servers, person: Person) -> int:
    """The status of a request during which MongoDB returns an unexpected error."""
    with MongoClient[Any](servers.mongodb.url) as client:
        odd = {"failCommands": ["insert"], "errorCode": 2, "errorLabels": []}
        client.admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=odd)
        try:
            body = {"title": "T", "contentType": "blog", "prompt": PROMPT, "generatedText": TEXT}
            return person.call("POST", "/api/content", body)[0]
        finally:
            client.admin.command("configureFailPoint", "failCommand", mode="off")


def run(environ: dict[str, str], *command: str) -> str:
    """The output of a command."""
    try:
        ran = run_process([sys.executable, "-m", "flask", *command], environ)
    except subprocess.TimeoutExpired as late:
        return f"{late.stdout!r}{late.stderr!r}"
    return ran.out + ran.errors


def context(text: str, value: str) -> str:
    """The text around a leaked value, for debugging."""
    place = text.index(value)
    return text[max(0, place - 200) : place + 40]
