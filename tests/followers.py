"""Clients that follow a text while it is written, and verify every piece."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import requests

from tests.listener import Listener
from tests.patience import PATIENCE_SECONDS

FINAL = ("content:generation:completed", "content:generation:failed", "content:generation:cancelled")


@dataclass
class Followed:
    """What a client shows: the text of an attempt, assembled from pieces. `faults` are violated promises."""

    content_id: str
    attempt: int = 0
    text: str = ""
    final: dict[str, Any] | None = None
    faults: list[str] = field(default_factory=list)
    pieces: int = 0
    begun_anew: int = 0
    pieced: str | None = None
    """What had been put together when the final event came."""

    def snapshot(self, given: dict[str, Any]) -> None:
        self.attempt, self.text = given["attempt"], given["text"]

    def delta(self, given: dict[str, Any]) -> None:
        self.pieces += 1
        if self.final:
            self.faults.append("a piece behind the final event")
        elif given["offset"] == 0:
            self.begun_anew += bool(self.text)
            self.attempt, self.text = given["attempt"], given["text"]
        elif (given["attempt"], given["offset"]) != (self.attempt, len(self.text)):
            self.faults.append(f"{given['attempt']}:{given['offset']} behind {self.attempt}:{len(self.text)}")
        else:
            self.text += given["text"]

    def end(self, name: str, payload: dict[str, Any]) -> None:
        self.final = {"event": name, **payload}
        self.pieced, self.text = self.text, payload.get("generatedText", self.text)


class SocketFollower:
    """A socket that follows one content, over any number of connections."""

    def __init__(self, token: str, content_id: str) -> None:
        self.followed = Followed(content_id)
        self.answer: dict[str, Any] = {}
        self._token = token
        self._changed = threading.Condition()
        self._listener: Listener | None = None

    def connect(self, url: str, transport: str = "websocket") -> None:
        """Connects to a web process and follows the content. The server's response is in `answer`."""
        self.cut()
        listener = Listener(url, self._token, transport, heard=self._hear)
        listener.__enter__()
        self._listener = listener
        self.answer = {}
        listener.send("content:follow", {"contentId": self.followed.content_id}, self._answered)
        self._await(lambda: self.answer)

    def cut(self) -> None:
        """Disconnects. Messages in transit are ignored."""
        if self._listener:
            listener, self._listener = self._listener, None
            listener.__exit__(None, None, None)

    def wait_for_end(self) -> Followed:
        self._await(lambda: self.followed.final)
        return self.followed

    def wait_for_text(self, length: int) -> None:
        """Waits until that much of the text, or its end, has been received."""
        self._await(lambda: self.followed.final or len(self.followed.text) >= length)

    def _await(self, condition: Any) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE_SECONDS), self.followed

    def _answered(self, answer: dict[str, Any]) -> None:
        with self._changed:
            self.answer = answer
            if answer["ok"]:
                self.followed.snapshot(answer)
                if answer["status"] in {"completed", "failed", "cancelled"}:
                    self.followed.end(f"content:generation:{answer['status']}", {"generatedText": answer["text"]})
            self._changed.notify_all()

    def _hear(self, name: str, payload: dict[str, Any]) -> None:
        with self._changed:
            if payload.get("contentId") == self.followed.content_id:
                if name == "content:generation:delta":
                    self.followed.delta(payload)
                elif name in FINAL and not self.followed.final:
                    self.followed.end(name, payload)
            self._changed.notify_all()


class StreamFollower:
    """A client of GET /content/:id/stream, over any number of connections, each resumed at the last id."""

    def __init__(self, token: str, content_id: str) -> None:
        self.followed = Followed(content_id)
        self.last_id = ""
        self.names: list[str] = []
        self._token = token

    def open(self, url: str) -> requests.Response:
        """Connects and resumes. The response has not been read yet."""
        resumed = {"Last-Event-ID": self.last_id} if self.last_id else {}
        return requests.get(
            f"{url}/api/content/{self.followed.content_id}/stream",
            headers={"Authorization": f"Bearer {self._token}", **resumed},
            stream=True,
            timeout=PATIENCE_SECONDS,
        )

    def read(self, response: requests.Response) -> None:
        """Reads the response to its end."""
        for event in events_of(response):
            self.take(event)

    def follow(self, url: str, until: Callable[[], bool] = lambda: False) -> int:
        """Follows until the end, or until the condition is true for what was received. Returns the response status."""
        with self.open(url) as response:
            for event in events_of(response):
                self.take(event)
                if until():
                    break
            return response.status_code

    def take(self, event: dict[str, str]) -> None:
        data = orjson.loads(event["data"])
        self.last_id = event["id"]
        self.names.append(event["event"])
        if event["event"] == "snapshot":
            self.followed.begun_anew += bool(self.followed.text)
            self.followed.snapshot(data)
        elif event["event"] == "delta":
            self._take_delta(data)
        elif event["event"] in FINAL:
            self.followed.end(event["event"], data)
        if not self.followed.final and self.last_id != f"{self.followed.attempt}:{len(self.followed.text)}":
            self.followed.faults.append(f"id {self.last_id} with {self.followed.attempt}:{len(self.followed.text)}")

    def _take_delta(self, data: dict[str, Any]) -> None:
        """In a stream, a piece always continues the text; a restart is sent as a snapshot."""
        if data["offset"] == 0 and self.followed.text:
            self.followed.faults.append("a piece that begins anew")
        self.followed.delta(data)


def events_of(response: requests.Response) -> Iterator[dict[str, str]]:
    """The events of a stream, as https://html.spec.whatwg.org/multipage/server-sent-events.html reads them."""
    event: dict[str, str] = {}
    for line in response.iter_lines(chunk_size=1, decode_unicode=False):
        name, _, value = line.decode().partition(": ")
        if line == b"" and event:
            yield event
            event = {}
        elif name:
            event[name] = value
