"""Paragraphs about gardens in many languages, each of more than forty words."""

from __future__ import annotations

from tools.fake_gemini.texts import PARAGRAPHS

__all__ = ["PARAGRAPHS"]
