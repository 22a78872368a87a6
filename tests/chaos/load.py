"""People who ask for texts while everything around them breaks, and note what they are told."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random as Dice
from typing import Any

import requests

from tests.conftest import over_http
from tests.listener import Listener
from tests.person import Person
from tools.fake_gemini.remote import Remote
from tools.system import System

FLAKY, BLOCKED, DELETED = "flaky", "blocked", "deleted"
KINDS = [FLAKY] * 2 + [BLOCKED] + [DELETED] + ["plain"] * 12
REFUSALS = (requests.RequestException, AssertionError)


@dataclass
class Load:
    """The people, their sockets, and what was answered 202 so far."""

    people: Sequence[Person]
    listeners: Sequence[Listener]
    accepted: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0

    def run(self, amount: int, seconds: float, dice: Dice, stopping: threading.Event) -> None:
        """Asks for `amount` texts, spread at random over `seconds`."""
        for number in range(amount):
            kind = dice.choice(KINDS)
            self._ask(dice.choice(self.people), f"chaos{number:05d} {kind}", dice)
            if stopping.wait(dice.uniform(0, 2 * seconds / amount)):
                return

    def _ask(self, person: Person, prompt: str, dice: Dice) -> None:
        try:
            content = person.generate(f"Write about {prompt}", title=prompt, contentType="social")
        except REFUSALS:
            self.refused += 1
            return
        self.accepted.append(content)
        if prompt.endswith(DELETED) and dice.random() < 0.5:  # the other half is deleted later
            person.call("DELETE", f"/api/content/{content['id']}")

    def delete_the_rest(self) -> None:
        """Deletes what was asked for to be deleted, wherever its generation is by now."""
        for person in self.people:
            for content in self.accepted:
                if content["userId"] == person.user["id"] and content["title"].endswith(DELETED):
                    person.call("DELETE", f"/api/content/{content['id']}")


@contextlib.contextmanager
def people_at(system: System, standin: Remote, count: int) -> Iterator[Load]:
    """`count` people, spread over the web processes, each listening; the stand-in fails for some prompts."""
    standin.script(match=BLOCKED, then={"blocked": "prompt"})
    standin.script(*[{"status": 503}] * 40, match=FLAKY, then={"delayMs": 300})
    webs = [system.webs[number % len(system.webs)] for number in range(count)]
    people = [Person.register(over_http(web.url), web.url) for web in webs]
    with contextlib.ExitStack() as sockets:
        listeners = [sockets.enter_context(Listener(person.url, person.access_token)) for person in people]
        yield Load(people, listeners)
