"""Normalisation of user input, after checking its length."""

from __future__ import annotations

import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest

from app import typed_text
from app.typed_text import UnusableText, composed, has_visible_character, refuse_long_runs_of_marks

ZALGO = "a" + "\u0301\u0323" * 80_000


@pytest.mark.parametrize(
    "text",
    [
        ZALGO,
        "\u0f73" * 16,
        "\u0f40" + "\u0f81" * 16,
        "\u0f75\u0f71" * 11,
        "a" + "\u0301" * 31,
        "e" + "\u0f71\u0f72" * 16,
        "\u0344" * 31,
        "ab" * 150 + "\u0323" * 31,
        "x" * 801,
    ],
    ids=lambda text: f"{text[:8]!a} {len(text)}",
)
def test_texts_that_take_long_to_compose_are_never_composed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A name with 160 kB of combining marks held the GIL for seven seconds."""

    def forbidden(*_: Any) -> str:
        raise AssertionError("composed before it was judged")

    stand_in = SimpleNamespace(normalize=forbidden, combining=unicodedata.combining)
    monkeypatch.setattr(typed_text, "unicodedata", stand_in)
    with pytest.raises(UnusableText):
        composed(text, 200)


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301" * 30,
        "Thị",
        unicodedata.normalize("NFD", "Việt Nam ế ệ ở" * 10),
        "ཧཱུྂ",
        "שָׁלוֹם",
        "الرَّحْمَٰن",
        "क्षि",
        "한국어",
    ],
    ids=ascii,
)
def test_texts_of_real_languages_are_composed(text: str) -> None:
    assert composed(f"  {text}\n", 200) == unicodedata.normalize("NFC", text)


def test_no_character_hides_marks_from_the_check() -> None:
    """The check counts the marks of every character's decomposition."""
    for code in range(0x110000):
        apart = unicodedata.normalize("NFD", chr(code))
        if unicodedata.combining(apart[0]) and not 0xD800 <= code < 0xE000:
            with pytest.raises(UnusableText):
                refuse_long_runs_of_marks(chr(code) * 31)


def test_a_long_run_of_marks_is_found_anywhere() -> None:
    refuse_long_runs_of_marks(("a" + "\u0301" * 30) * 1000)
    with pytest.raises(UnusableText):
        refuse_long_runs_of_marks("a" * 9000 + "\u0301" * 31 + "b" * 900)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u00a0\u3000", "\u200b", "\u200d\u200c", "\u2060\ufeff", "\u00ad", "\u3164", "\uffa0", "\u115f\u1160",
     "\u2800\u2800", "\ufe0f", "\U000e0100", "\U000e0061\U000e007f", "\u180e", "\u034f", "\u202e\u202c", "\u2066\u2069",
     "\u0301", "\u17b4", "\u2028\u2029", "\u061c\u200e\u200f", "\x07", "\U0001d159", " \u200b\u3164\u2800 "],
    ids=ascii,
)  # fmt: skip
def test_invisible_texts(text: str) -> None:
    assert not has_visible_character(text)


@pytest.mark.parametrize("text", ["a", "\u3164a", ".", "é", "ה", "\u200d🐝\ufe0f", "🫩", "𓀀", "ｱ", "\ufffd", "\u2801"])
def test_visible_texts(text: str) -> None:
    """Including emoji newer than the Python version that runs this."""
    assert has_visible_character(text)
