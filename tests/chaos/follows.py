"""Clients that follow texts during faults, with random disconnects and resumptions, over sockets and streams."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from random import Random as Dice
from typing import Any

import requests
import socketio
from bson import ObjectId

from app.content.document import COMPLETED
from tests.followers import Followed, SocketFollower, StreamFollower
from tests.person import Person

MOST_AT_ONCE = 12
SHARE = 0.25
LONGEST_LOOK_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 1.0
CONNECTION_ERRORS = (requests.RequestException, socketio.exceptions.SocketIOError, AssertionError)


class Follows:
    """Some of the requested texts, each followed by one client in its own thread."""

    def __init__(self, urls: Sequence[str], seed: int) -> None:
        self.followed: list[Followed] = []
        self._urls = urls
        self._dice = Dice(seed)
        self._places = threading.Semaphore(MOST_AT_ONCE)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []

    def perhaps(self, person: Person, content: Mapping[str, Any]) -> None:
        """Follows this text with some probability, if a client is free."""
        if self._dice.random() < SHARE and self._places.acquire(blocking=False):
            follow = self._socket if self._dice.random() < 0.5 else self._stream
            arguments = (person, str(content["id"]), Dice(self._dice.random()))
            thread = threading.Thread(target=self._follow, args=(follow, *arguments), daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        """Reconnects the clients once the drill has settled, and waits until each has received the end."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def differing(self, stored: Mapping[ObjectId, Any]) -> int:
        """Completed texts that a client received differently, or with a piece that did not fit."""
        pairs = [(each, stored[ObjectId(each.content_id)]) for each in self.followed]
        wrong = [
            (each, content["generated_text"])
            for each, content in pairs
            if content["generation_status"] == COMPLETED and (each.faults or each.text != content["generated_text"])
        ]
        for each, text in wrong:
            print(f"followed: {each}\nstored: {text!r}")
        return len(wrong)

    def _follow(self, follow: Any, person: Person, content_id: str, dice: Dice) -> None:
        try:
            self.followed.append(follow(person, content_id, dice))
        finally:
            self._places.release()

    def _socket(self, person: Person, content_id: str, dice: Dice) -> Followed:
        follower = SocketFollower(person.access_token, content_id)
        while not follower.followed.final and not self._gone(person, content_id):
            try:
                follower.connect(dice.choice(self._urls))
            except CONNECTION_ERRORS:
                continue
            self._over.wait(dice.uniform(0, LONGEST_LOOK_SECONDS))
            follower.cut()
            self._over.wait(dice.uniform(0, LONGEST_PAUSE_SECONDS))
        return follower.followed

    def _stream(self, person: Person, content_id: str, dice: Dice) -> Followed:
        follower = StreamFollower(person.access_token, content_id)
        while not follower.followed.final and not self._gone(person, content_id):
            length = len(follower.followed.text) + dice.randint(0, 300)
            try:
                status = follower.follow(
                    dice.choice(self._urls), lambda length=length: len(follower.followed.text) > length
                )
            except CONNECTION_ERRORS:
                continue
            if status == 204:  # it ended before anything was received
                content = person.content(content_id)
                follower.followed.end("", {"generatedText": content["generatedText"]})
            self._over.wait(dice.uniform(0, LONGEST_PAUSE_SECONDS))
        return follower.followed

    def _gone(self, person: Person, content_id: str) -> bool:
        """Whether its owner has deleted it. False if that could not be determined."""
        try:
            return person.call("GET", f"/api/content/{content_id}")[0] == 404
        except CONNECTION_ERRORS:
            return False
