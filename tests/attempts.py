"""Runs generation attempts step by step like a worker, for tests without one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.generation import transitions
from app.generation.outcomes import Done, Never
from app.usage.tokens import TokenUsage

LEASE = timedelta(seconds=30)


def claim(content_id: Any, number: int = 1, *, owner: str = "worker", lease: timedelta = LEASE) -> Any:
    """Claims the run. Returns the content as it was before, or None."""
    return transitions.claim(str(content_id), number, lease_owner=owner, lease=lease)


def finish(content_id: Any, owner: str = "worker", text: str = "All about bees.", tokens: int = 9) -> Any:
    """Completes the run. Returns the updated content, or None if the owner has no lease."""
    return transitions.settle(content_id, owner, Done(text, TokenUsage(output_tokens=tokens)))


def fail(content_id: Any, owner: str = "worker", reason: str = "Gemini API quota exceeded") -> Any:
    """Fails the run. Returns the same as `finish`."""
    return transitions.settle(content_id, owner, Never(reason, "quota_exceeded"))
