"""Callbacks run at their deadline unless they were cancelled before."""

from __future__ import annotations

import threading

import pytest

from app.generation.providers.deadlines import Deadlines
from tests.patience import PATIENCE_SECONDS

LONG = 3600.0


@pytest.fixture
def deadlines() -> Deadlines:
    return Deadlines()


def test_the_callback_runs_if_the_block_takes_longer(deadlines: Deadlines) -> None:
    passed = threading.Event()
    with deadlines.after(0, passed.set):
        assert passed.wait(PATIENCE_SECONDS)


def test_an_earlier_deadline_does_not_wait_for_a_later_one(deadlines: Deadlines) -> None:
    passed = threading.Event()
    with deadlines.after(LONG, passed.clear), deadlines.after(0.05, passed.set):
        assert passed.wait(PATIENCE_SECONDS)


def test_the_callback_does_not_run_if_the_block_has_ended(deadlines: Deadlines) -> None:
    told: list[str] = []
    passed = threading.Event()
    with deadlines.after(0.1, lambda: told.append("ended")):
        pass
    with deadlines.after(0.2, passed.set):
        assert passed.wait(PATIENCE_SECONDS)
    assert told == []


def test_a_failing_callback_does_not_prevent_later_ones(deadlines: Deadlines) -> None:
    def fail() -> None:
        raise OSError

    passed = threading.Event()
    with deadlines.after(0, fail), deadlines.after(0.05, passed.set):
        assert passed.wait(PATIENCE_SECONDS)


def test_one_thread_serves_all_deadlines(deadlines: Deadlines) -> None:
    before = threading.active_count()
    with deadlines.after(LONG, str), deadlines.after(LONG, str), deadlines.after(LONG, str):
        assert threading.active_count() == before + 1
