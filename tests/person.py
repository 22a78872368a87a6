"""A person who uses the product over HTTP, in-process or through a real web process."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.patience import PATIENCE_SECONDS, deadline_in, growing_pauses

PASSWORD = "SecurePass123"

Answer = tuple[int, Any]
"""Status and decoded JSON body (None if there is none)."""


class Http(Protocol):
    """Sends one request. `body` is sent as JSON, unless it is bytes or None."""

    def __call__(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer: ...


def new_email() -> str:
    return f"person{uuid.uuid4().hex}@example.com"


@dataclass
class Person:
    """A registered user who is logged in."""

    http: Http
    email: str
    user: dict[str, Any]
    access_token: str
    refresh_token: str
    url: str = ""
    """Address of the web process that `http` talks to; empty in-process."""

    @classmethod
    def register(cls, http: Http, url: str = "", **changes: Any) -> Person:
        body = {"email": new_email(), "password": PASSWORD, "firstName": "José", "lastName": "O'Brien"} | changes
        status, answer = http("POST", "/api/auth/register", body)
        assert status == 201, answer
        data = answer["data"]
        return cls(http, body["email"], data["user"], data["access_token"], data["refresh_token"], url)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access_token}"}

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        return self.http(method, path, body, self.headers)

    def generate(self, prompt: str = "Write about bees", **changes: Any) -> dict[str, Any]:
        """Requests a text. Returns the data of the 202."""
        body = {"title": "Bees", "contentType": "blog", "prompt": prompt} | changes
        status, answer = self.call("POST", "/api/content/generate", body)
        assert status == 202, answer
        data: dict[str, Any] = answer["data"]
        return data

    def write(self, **changes: Any) -> dict[str, Any]:
        """Stores a handwritten content, and returns it."""
        body = {"title": "Bees", "contentType": "blog", "prompt": "About bees"} | changes
        status, answer = self.call("POST", "/api/content", body)
        assert status == 201, answer
        data: dict[str, Any] = answer["data"]
        return data

    def content(self, content_id: str) -> dict[str, Any]:
        status, answer = self.call("GET", f"/api/content/{content_id}")
        assert status == 200, answer
        data: dict[str, Any] = answer["data"]
        return data

    def wait_for(
        self, content_id: str, done: Callable[[dict[str, Any]], bool] | None = None, timeout: float = PATIENCE_SECONDS
    ) -> dict[str, Any]:
        """Returns the content once `done` is true for it (by default: completed or failed)."""
        finished = done or (lambda content: content["generationStatus"] in {"completed", "failed"})
        deadline, pauses = deadline_in(timeout), growing_pauses()
        while not finished(content := self.content(content_id)):
            assert time.monotonic() < deadline, f"still waiting: {content}"
            time.sleep(next(pauses))
        return content
