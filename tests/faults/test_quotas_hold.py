"""Twenty concurrent requests for the last one of a quota, while processes are killed: never more than the quota."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import requests
from bson import ObjectId

from tests.faults.conftest import Drill
from tests.patience import REQUEST_SECONDS
from tests.person import Person

BODY = {"title": "Bees", "contentType": "social", "prompt": "Write about bees", "runAt": "now"}
AT_ONCE = 20
Until = Callable[..., Any]


def ask(url: str, person: Person) -> int:
    """The status of a request for a text, or 0 if the web process died."""
    try:
        return requests.post(
            f"{url}/api/content/generate", json=BODY, headers=person.headers, timeout=REQUEST_SECONDS
        ).status_code
    except requests.RequestException:
        return 0


def usage(person: Person) -> Any:
    return person.call("GET", "/api/usage")[1]["data"]


def test_one_of_twenty_requests_is_accepted_even_if_processes_die(
    drill: Drill, rounds: Callable[[int, int], int], until: Until
) -> None:
    """The sweep releases the hold of a killed web process, unless its text exists."""
    worker = drill.system.add_worker()
    for number in range(rounds(1, 100)):
        person, used = drill.person(), number % 3
        people = drill.documents().database["users"]
        people.update_one({"_id": ObjectId(person.user["id"])}, {"$set": {"limits.daily_generations": used + 1}})
        for _ in range(used):
            person.generate(runAt="now")
        doomed = drill.system.add_web() if number % 2 else drill.web
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = [pool.submit(ask, (drill.web, doomed)[each % 2].url, person) for each in range(AT_ONCE)]
            if doomed is not drill.web:
                doomed.child.kill()
            worker.child.kill()
            statuses = [each.result() for each in asked]
        worker = drill.system.add_worker()
        assert statuses.count(202) <= 1, statuses
        assert set(statuses) <= {202, 429, 0}, statuses
        if doomed is drill.web:
            assert statuses.count(202) == 1, statuses
        mine = {"user_id": ObjectId(person.user["id"])}
        until(partial(completed, drill, mine))
        count = drill.documents().count_documents(mine)
        limit = until(partial(settled, person, count))
        assert (usage(person)["totals"]["generations"], limit["used"]) == (count, count)
        assert ask(drill.web.url, person) == (429 if count == used + 1 else 202)


def completed(drill: Drill, mine: dict[str, Any]) -> bool:
    return not drill.documents().count_documents(mine | {"generation_status": {"$ne": "completed"}})


def settled(person: Person, count: int) -> Any:
    """The daily limit, once every reservation has a text."""
    limit = usage(person)["limits"]["dailyGenerations"]
    return limit if limit["used"] == count else None
