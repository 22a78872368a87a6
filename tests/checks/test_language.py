"""The language of a text is detected from forty words on, and unknown for shorter texts."""

from __future__ import annotations

import pytest

from app.checks import language
from app.checks.subject import Reading, Subject
from tests.checks.texts import PARAGRAPHS

CLOSE = ({"hr", "sr"},)
"""In its Latin script, Serbian can hardly be distinguished from Croatian."""


def passed(text: str, asked: str) -> bool | None:
    return language.check(Subject(Reading(text), "blog", {"language": asked})).passed


@pytest.mark.parametrize("written", PARAGRAPHS)
def test_each_text_matches_its_own_language_and_no_other(written: str) -> None:
    detected = Subject(Reading(PARAGRAPHS[written]), "blog", {}).reading.detected
    assert detected
    assert language.is_in(detected, written) in ({True, None} if written == "id" else {True})
    others = {asked: language.is_in(detected, asked) for asked in PARAGRAPHS if asked != written}
    open_ = {asked for asked, said in others.items() if said is None and {written, asked} in CLOSE}
    assert {asked: said for asked, said in others.items() if said is not False and asked not in open_} == {}


@pytest.mark.parametrize("written", PARAGRAPHS)
def test_english_headings_names_and_quotes_do_not_change_the_language(written: str) -> None:
    text = f"# The Kitchen Garden\n\n{PARAGRAPHS[written]}\n\n```py\nfor bee in the_garden: print(bee)\n```\n"
    assert passed(text, written) is not False


def test_the_language_of_fewer_than_forty_words_is_unknown() -> None:
    short = " ".join(PARAGRAPHS["en"].split()[:39])
    found = language.check(Subject(Reading(short), "blog", {"language": "de"}))
    assert (found.passed, found.value) == (None, None)


def test_script_and_region_are_not_compared() -> None:
    assert passed(PARAGRAPHS["de"], "de-AT") is True
    assert passed(PARAGRAPHS["zh"], "zh-Hant-TW") is True
    assert passed(PARAGRAPHS["sv"], "nb") is False


@pytest.mark.parametrize("asked", ["lb", "gsw"])
def test_an_unsupported_related_language_is_left_undetermined(asked: str) -> None:
    assert passed(PARAGRAPHS["de"], asked) is None


@pytest.mark.parametrize("asked", ["mi", "zu", "qu", "ja", "ka"])
def test_english_is_not_a_distant_language(asked: str) -> None:
    assert passed(PARAGRAPHS["en"], asked) is False


@pytest.mark.parametrize("text", ["1 2 3 " * 40, "🐝 " * 80, "xq zzk wrv " * 40])
def test_texts_without_a_language_are_undetermined(text: str) -> None:
    assert passed(text, "en") is None
