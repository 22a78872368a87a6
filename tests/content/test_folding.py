"""Folding of texts for searching and sorting, and of tags for comparing."""

# ruff: noqa: RUF001  # letters that look alike are the matter here
from __future__ import annotations

import pytest

from app.content.folding import fold, folded, tag_key

SAME = [
    ("Straße", "STRASSE"), ("İstanbul", "istanbul"), ("ﬁne", "FINE"), ("ＡＢＣ", "abc"), ("ｶﾞ", "ガ"), ("مـحمد", "محمد"),
    ("می\u200cخواهم", "میخواهم"), ("co\u00adoperate", "cooperate"), ("It’s", "it's"), ("“x”", '"x"'), ("A–b", "a-B"),
    ("cafe\u0301", "CAFÉ"), ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"), ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
]  # fmt: skip
ACCENTED = [
    ("Café", "CAFE"), ("pêche", "peche"), ("Łódź", "lodz"), ("Ærø", "aero"), ("Ёлка", "елка"), ("Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ"),
    ("שָׁלוֹם", "שלום"), ("مُحَمَّد", "محمد"),
]  # fmt: skip
OTHER = [("か", "が"), ("咖啡", "咖"), ("กา", "กำ"), ("नि", "न"), ("a", "b")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_case_and_typography_do_not_matter(one: str, other: str) -> None:
    assert (fold(one), tag_key(one)) == (fold(other), tag_key(other))


@pytest.mark.parametrize(("one", "other"), ACCENTED)
def test_accents_matter_in_tags_only(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert tag_key(one) != tag_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_different_letters_matter(one: str, other: str) -> None:
    assert fold(one) != fold(other)
    assert tag_key(one) != tag_key(other)


@pytest.mark.parametrize(
    "marks",
    ["\u0301", "\u0301\u3099\u094d\u093c", "\U0001d165\U0001d17b\U0001d185", "\u0f73\u3099", "\ufdfa"],
    ids=ascii,
)
def test_long_runs_of_combining_marks_are_not_decomposed(marks: str) -> None:
    """Sorting a run takes quadratic time, so all but a few of its marks are dropped."""
    assert len(fold("a" + marks * 30_000)) <= 90_001


def test_folding_twice_changes_nothing() -> None:
    for text in [each for pair in SAME + ACCENTED + OTHER for each in pair]:
        assert fold(fold(text)) == fold(text)


def test_a_content_stores_the_three_folded_texts_in_order() -> None:
    assert folded({"title": "É", "prompt": "B", "generated_text": None}) == {"folded": ["e", "b", ""], "title_key": "e"}
