"""Paragraphs about gardens in many languages, written for these tests."""

from __future__ import annotations

import tomllib
from pathlib import Path

PARAGRAPHS: dict[str, str] = tomllib.loads(Path(__file__).with_name("paragraphs.toml").read_text(encoding="utf-8"))
