"""Generations never start early. `make bench` measures how promptly they start."""

from __future__ import annotations

import time
from datetime import datetime

from tests.person import Person
from tools.fake_gemini.remote import Remote


def test_a_generation_is_never_early(resident: Person, standin: Remote, topic: str) -> None:
    """For due times with any fraction of a second, Gemini is called after the due time."""
    accepted = []
    for _ in range(20):
        accepted.append(resident.generate(f"Write about {topic}", title=f"n{len(accepted)}", contentType="social"))
        time.sleep(0.037)  # spreads the due times over the fractions of a second
    for each in accepted:
        resident.wait_for(each["id"])
    asked = {call["title"]: call["at"] for call in standin.calls(topic)}
    assert [each for each in accepted if asked[each["title"]] < datetime.fromisoformat(each["dueAt"]).timestamp()] == []
    assert len({datetime.fromisoformat(each["dueAt"]).microsecond // 100_000 for each in accepted}) >= 4
