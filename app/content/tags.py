"""Limits of tags."""

from __future__ import annotations

from typing import Final

MOST_TAGS: Final = 10
LONGEST_TAG: Final = 40
