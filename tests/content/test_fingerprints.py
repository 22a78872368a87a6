"""Which other texts a text is compared with: a bounded number, even if many are similar."""

from __future__ import annotations

import pytest
from bson import ObjectId

from app.checks.subject import Reading, Subject
from app.content import fingerprints
from tests.checks.texts import PARAGRAPHS

pytestmark = pytest.mark.usefixtures("app")
ALIKE = Subject(Reading(PARAGRAPHS["en"]), "blog", {})


def test_only_a_limited_number_of_similar_texts_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    me = ObjectId()
    for _ in range(5):
        fingerprints.compare(ALIKE, me, ObjectId(), remember=True)
    mine = fingerprints.fingerprints_of(ALIKE)
    assert len(fingerprints._like(me, None, mine)) == 5
    monkeypatch.setattr(fingerprints, "_MOST_COMPARED", 3)
    assert len(fingerprints._like(me, None, mine)) == 3
    assert fingerprints._like(ObjectId(), None, mine) == []
