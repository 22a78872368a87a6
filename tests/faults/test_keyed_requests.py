"""A hundred requests with the same key to two web processes, one of which is killed, create one content."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

import requests

from tests.faults.conftest import Drill
from tests.patience import REQUEST_SECONDS, deadline_in
from tests.person import Person

BODY = {"title": "Bees", "contentType": "social", "prompt": "Write about bees", "runAt": "now"}
AT_ONCE = 100
LATER = {409, 503}


def ask_until_accepted(urls: list[str], person: Person, key: str, first: int) -> Any:
    """Retries at the web processes in turn until the response is 202. Returns its data."""
    headers = {**person.headers, "Idempotency-Key": key}
    deadline = deadline_in(0)
    for url in cycle(urls[first:] + urls[:first]):
        assert time.monotonic() < deadline
        try:
            answer = requests.post(f"{url}/api/content/generate", json=BODY, headers=headers, timeout=REQUEST_SECONDS)
        except requests.RequestException:
            time.sleep(0.05)
            continue
        if answer.status_code not in LATER:
            assert answer.status_code == 202, answer.text
            return answer.json()["data"]
        time.sleep(min(1.0, float(answer.headers["Retry-After"])))
    raise AssertionError


def test_requests_with_one_key_create_one_content(drill: Drill, rounds: Callable[[int, int], int]) -> None:
    """Even if a worker is killed while it writes the text."""
    person = drill.person()
    worker = drill.system.add_worker()
    for number in range(rounds(1, 10)):
        doomed = drill.system.add_web()
        urls = [drill.web.url, doomed.url]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = [
                pool.submit(ask_until_accepted, urls, person, f"key-{number}", each % 2) for each in range(AT_ONCE)
            ]
            time.sleep(random.uniform(0, 0.2))
            doomed.child.kill()
            worker.child.kill()
            answers = [each.result() for each in asked]
        worker = drill.system.add_worker()
        assert len({(answer["id"], answer["jobId"]) for answer in answers}) == 1
        assert drill.documents().count_documents({}) == number + 1
        assert person.wait_for(answers[0]["id"])["generationStatus"] == "completed"
