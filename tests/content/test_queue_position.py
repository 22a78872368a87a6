"""Queue positions of waiting generations: the same for a single one and for a page of them."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from app.clock import utcnow
from app.content.document import PENDING, PROCESSING, Content
from app.content.queue_position import add_positions
from app.database import collection_of

pytestmark = pytest.mark.usefixtures("app")


def test_the_position_is_the_number_ahead() -> None:
    """Ordered by due time, then age. Other users' generations, those of batches and running ones do not count."""
    me, batch, dice, now = ObjectId(), ObjectId(), random.Random(7), utcnow()
    line = [_stored(me, due_at=now + timedelta(seconds=dice.randrange(5))) for _ in range(40)]
    rows = [_stored(me, due_at=now, batch_id=batch, queue_owner=batch) for _ in range(3)]
    _stored(ObjectId(), due_at=now)
    running = _stored(me, due_at=now, generation_status=PROCESSING)
    line.sort(key=lambda each: (each["due_at"], each["_id"]))
    page = dice.sample(line, 15)
    add_positions([*rows, *page, running])
    assert [each["position"] for each in rows] == [0, 1, 2]
    assert [each["position"] for each in page] == [line.index(each) for each in page]
    assert "position" not in running
    for each in dice.sample(line, 5):
        alone = {name: value for name, value in each.items() if name != "position"}
        add_positions([alone])
        assert alone["position"] == line.index(each)


def _stored(user_id: ObjectId, **members: Any) -> dict[str, Any]:
    content = {"_id": ObjectId(), "user_id": user_id, "queue_owner": user_id, "deleted": False}
    content |= {"job_id": str(content["_id"]), "generation_status": PENDING, **members}
    collection_of(Content).insert_one(content)
    return content
