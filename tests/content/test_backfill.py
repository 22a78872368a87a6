"""When older contents are migrated. What is migrated is tested in tests/http/test_library.py."""

from __future__ import annotations

import threading

import pytest
from pymongo.errors import ExecutionTimeout

from app.content import backfill
from app.content.backfill import MIGRATIONS, SEARCH_FIELDS, TAG_KEYS, Migration, keep_backfilling
from tests.round_trips import counted


def test_each_migration_is_repeated_by_itself_until_it_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure of one does not affect the others. The first run does not count: it may have been too early."""
    search, tags = SEARCH_FIELDS.name, TAG_KEYS.name
    results = {search: [None, 3, 0], tags: [0, 0]}
    runs = []

    def run(migration: Migration, _stopping: threading.Event) -> int:
        runs.append(migration.name)
        result = results[migration.name].pop(0)
        if result is None:
            raise ExecutionTimeout("operation exceeded time limit")
        return result

    monkeypatch.setattr(backfill, "backfill", run)
    monkeypatch.setattr(backfill, "AGAIN_SECONDS", 0)
    keep_backfilling(threading.Event())
    assert runs == [search, tags, search, tags, search]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("migration", MIGRATIONS, ids=lambda each: each.name)
def test_a_scan_may_take_longer_than_a_request(migration: Migration) -> None:
    with counted() as operations:
        backfill.backfill(migration, threading.Event())
    assert operations.timeouts[0] > 60_000
