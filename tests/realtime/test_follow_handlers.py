"""The response to a follow request when the generation ends at the same time."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.content.document import Content
from app.realtime.follow_handlers import FollowHandlers
from app.realtime.following import Follower, Following, Run
from app.services import services_of
from tests.patience import until
from tests.person import Person


@pytest.mark.parametrize("heard", [True, False])
def test_the_generation_ends_between_two_reads(
    app: Flask, person: Person, monkeypatch: pytest.MonkeyPatch, *, heard: bool
) -> None:
    """Whether or not its event was received, the response has the stored text and the follow is over."""
    following, content = services_of(app).get(Following), person.generate()
    join = following.join

    def end_and_join(content_id: str, job_id: str, follower: Follower) -> Run:
        run = join(content_id, job_id, follower)
        Content.objects(id=content_id).update(
            set__generation_status="completed", set__attempt=1, set__generated_text="Bees."
        )
        if heard:
            message = {"event": "content:generation:completed", "data": [{"contentId": content_id, "jobId": job_id}]}
            following._on_event(message)
        return run

    monkeypatch.setattr(following, "join", end_and_join)
    sent: list[Any] = []
    handlers = FollowHandlers(following, lambda _sid: str(person.user["id"]), lambda *event: sent.append(event))
    answer = handlers.follow("sid", {"contentId": content["id"]})
    assert answer == {"ok": True, "jobId": content["jobId"], "attempt": 1, "text": "Bees.", "status": "completed"}
    handlers.answered()
    until(lambda: following.count() == 0)
    assert sent == []
