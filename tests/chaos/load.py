"""Clients that request texts during faults, and record the responses and events."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random as Dice
from typing import Any

import requests

from tests.chaos.follows import Follows
from tests.conftest import over_http
from tests.listener import Listener
from tests.person import Person
from tools.fake_gemini.remote import Remote
from tools.system import System

FLAKY, BLOCKED, DELETED, CANCELLED = "flaky", "blocked", "deleted", "cancelled"
KINDS = [FLAKY] * 2 + [BLOCKED] + [DELETED] + [CANCELLED] * 4 + ["plain"] * 12
LONGEST_BEFORE_CANCEL_SECONDS = 6.0
"""Long enough to cancel some while waiting, some while running, some between attempts, and some after the end."""
REFUSALS = (requests.RequestException, AssertionError)


@dataclass
class Load:
    """The users, their sockets, and the requests answered with 202 so far."""

    people: Sequence[Person]
    listeners: Sequence[Listener]
    follows: Follows
    accepted: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0
    cancelled: set[str] = field(default_factory=set)
    """Of which contents a cancel was answered 200."""
    _to_cancel: list[tuple[float, Person, str]] = field(default_factory=list)

    def run(self, amount: int, seconds: float, dice: Dice, stopping: threading.Event) -> None:
        """Requests `amount` texts, at random times within `seconds`."""
        for number in range(amount):
            kind = dice.choice(KINDS)
            self._ask(dice.choice(self.people), f"chaos{number:05d} {kind}", dice)
            self._cancel_those_whose_time_has_come()
            if stopping.wait(dice.uniform(0, 2 * seconds / amount)):
                return

    def _ask(self, person: Person, prompt: str, dice: Dice) -> None:
        try:
            content = person.generate(f"Write about {prompt}", title=prompt, contentType="social")
        except REFUSALS:
            self.refused += 1
            return
        self.accepted.append(content)
        self.follows.perhaps(person, content)
        if prompt.endswith(CANCELLED):
            at = time.monotonic() + dice.uniform(0, LONGEST_BEFORE_CANCEL_SECONDS)
            self._to_cancel.append((at, person, content["id"]))
        if prompt.endswith(DELETED) and dice.random() < 0.5:  # the other half is deleted later
            person.call("DELETE", f"/api/content/{content['id']}")

    def _cancel_those_whose_time_has_come(self) -> None:
        now = time.monotonic()
        due = [each for each in self._to_cancel if each[0] <= now]
        self._to_cancel = [each for each in self._to_cancel if each[0] > now]
        for _, person, content_id in due:
            with contextlib.suppress(requests.RequestException):
                if person.call("POST", f"/api/content/{content_id}/cancel")[0] == 200:
                    self.cancelled.add(content_id)

    def delete_the_rest(self) -> None:
        """Deletes the contents marked for deletion, in whatever state their generation is."""
        for person in self.people:
            for content in self.accepted:
                if content["userId"] == person.user["id"] and content["title"].endswith(DELETED):
                    person.call("DELETE", f"/api/content/{content['id']}")


@contextlib.contextmanager
def people_at(system: System, standin: Remote, count: int) -> Iterator[Load]:
    """`count` users with open sockets, distributed over the web processes. The stand-in fails for some prompts."""
    standin.script(match=BLOCKED, then={"blocked": "prompt"})
    standin.script(*[{"status": 503}] * 40, match=FLAKY, then={"delayMs": 300})
    webs = [system.webs[number % len(system.webs)] for number in range(count)]
    people = [Person.register(over_http(web.url), web.url) for web in webs]
    with contextlib.ExitStack() as sockets:
        listeners = [sockets.enter_context(Listener(person.url, person.access_token)) for person in people]
        yield Load(people, listeners, Follows([web.url for web in webs], count))
