"""Folding of texts for searching and sorting."""

# ruff: noqa: RUF001  # letters that look alike are the matter here
from __future__ import annotations

import pytest

from app.content.folding import fold, folded, tag_key

SAME = [
    ("Café", "CAFE"), ("Straße", "STRASSE"), ("İstanbul", "istanbul"), ("Łódź", "lodz"), ("Ærø", "aero"),
    ("ﬁne", "FINE"), ("ＡＢＣ", "abc"), ("ｶﾞ", "ガ"), ("Ёлка", "елка"), ("Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ"), ("שָׁלוֹם", "שלום"),
    ("مُحَمَّد", "محمد"), ("مـحمد", "محمد"), ("co\u00adoperate", "cooperate"), ("it’s", "it's"), ("“x”", '"x"'),
    ("a–b", "a-b"), ("cafe\u0301", "café"), ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
]  # fmt: skip
SAME_TAG = [
    ("Straße", "STRASSE"), ("Editor's", "editor’s"), ("“x”", '"x"'), ("A-B", "a–b"), ("ＡＢＣ", "abc"), ("ｶﾞ", "ガ"),
    ("co\u00adoperate", "cooperate"), ("می\u200cخواهم", "میخواهم"), ("cafe\u0301", "CAFÉ"), ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
    ("İstanbul", "istanbul"),
]  # fmt: skip
OTHER_TAG = [("pêche", "peche"), ("résumé", "resume"), ("Løv", "Lov"), ("が", "か")]
OTHER = [("か", "が"), ("咖啡", "咖"), ("กา", "กำ"), ("नि", "न"), ("a", "b")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_case_accents_and_typography_do_not_matter(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_different_letters_matter(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(("one", "other"), SAME_TAG)
def test_tags_that_look_alike_are_the_same(one: str, other: str) -> None:
    assert tag_key(one) == tag_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER_TAG)
def test_accents_distinguish_tags(one: str, other: str) -> None:
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
    for text in [each for pair in SAME + OTHER for each in pair]:
        assert fold(fold(text)) == fold(text)


def test_a_content_stores_the_three_folded_texts_in_order() -> None:
    assert folded({"title": "É", "prompt": "B", "generated_text": None}) == {"folded": ["e", "b", ""], "title_key": "e"}
