"""The language of a text is known from forty words on, and nothing is said before."""

from __future__ import annotations

import pytest

from app.checks import language
from app.checks.subject import Subject
from tests.checks.texts import PARAGRAPHS

CLOSE = {("id", "ms"), ("ms", "id")}
"""Neighbours whose paragraphs may be in either."""


def passed(text: str, asked: str) -> bool | None:
    return language.check(Subject(text, "blog", {"language": asked})).passed


@pytest.mark.parametrize("written", PARAGRAPHS)
def test_a_text_is_in_its_own_language_and_in_no_other(written: str) -> None:
    text = PARAGRAPHS[written]
    assert passed(text, written) in ({True, None} if written == "id" else {True})
    others = {asked: passed(text, asked) for asked in PARAGRAPHS if asked != written}
    assert {asked: said for asked, said in others.items() if said is not False} == {}


@pytest.mark.parametrize("written", PARAGRAPHS)
def test_headings_names_and_quotes_in_english_change_nothing(written: str) -> None:
    text = f"# The Kitchen Garden\n\n{PARAGRAPHS[written]}\n\n```py\nfor bee in the_garden: print(bee)\n```\n"
    assert passed(text, written) is not False


def test_under_forty_words_nothing_is_said() -> None:
    short = " ".join(PARAGRAPHS["en"].split()[:39])
    found = language.check(Subject(short, "blog", {"language": "de"}))
    assert (found.passed, found.value) == (None, None)


def test_script_and_region_are_not_compared() -> None:
    assert passed(PARAGRAPHS["de"], "de-AT") is True
    assert passed(PARAGRAPHS["zh"], "zh-Hant-TW") is True
    assert passed(PARAGRAPHS["sv"], "nb") is False


@pytest.mark.parametrize("asked", ["lb", "gsw"])
def test_a_close_neighbour_that_is_not_known_is_left_open(asked: str) -> None:
    assert passed(PARAGRAPHS["de"], asked) is None


@pytest.mark.parametrize("asked", ["mi", "zu", "qu", "ja", "ka"])
def test_english_is_no_far_language(asked: str) -> None:
    assert passed(PARAGRAPHS["en"], asked) is False


@pytest.mark.parametrize("text", ["1 2 3 " * 40, "🐝 " * 80, "xq zzk wrv " * 40])
def test_what_is_in_no_language_is_left_open(text: str) -> None:
    assert passed(text, "en") is None
