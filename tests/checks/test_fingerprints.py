"""Texts that share a passage share fingerprints in every language; unrelated texts do not."""

from __future__ import annotations

import itertools

import pytest

from app.checks.fingerprints import MOST, fingerprints_of, shared_passages
from app.checks.subject import Reading, Subject
from tests.checks.texts import PARAGRAPHS

EN = PARAGRAPHS["en"]
UNSPACED = {"ja", "zh", "th"}
"""Compared by characters, like every text mostly in such a script."""


def subject(text: str) -> Subject:
    return Subject(Reading(text), "blog", {})


def shared(one: str, two: str) -> set[int]:
    return set(fingerprints_of(subject(one))) & set(fingerprints_of(subject(two)))


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_a_passage_is_found_in_another_text(language: str) -> None:
    """Regardless of the surrounding text, upper and lower case, and punctuation."""
    passage = PARAGRAPHS[language]
    one, two = f"{PARAGRAPHS['nl']} {passage}", f"# {PARAGRAPHS['sv']}\n\n> **{passage.upper()}**"
    if language in {"nl", "sv", *UNSPACED}:
        others = {"ja": "zh", "zh": "th", "th": "ja"}
        one, two = f"{PARAGRAPHS[others.get(language, 'en')]} {passage}", passage
    common = shared(one, two)
    found = shared_passages(subject(one), fingerprints_of(subject(one)), common, "Peas")
    assert found, language
    assert found.message == "Your text “Peas” has the same passage."
    assert all(span.start >= one.index(passage) for span in found.spans)


def test_unrelated_texts_share_no_fingerprint() -> None:
    for one, two in itertools.combinations(PARAGRAPHS.values(), 2):
        assert shared(one, two) == set()


def test_a_common_phrase_is_not_a_shared_passage() -> None:
    common = shared(f"{EN} at the end of the day we rest", "She said that at the end of the day nobody had seen it.")
    assert shared_passages(subject(EN), fingerprints_of(subject(EN)), common, "Peas") is None


def test_any_eight_shared_words_in_a_row_give_a_shared_fingerprint() -> None:
    words = EN.lower().replace(",", "").replace(".", "").split()
    for first in range(len(words) - 8):
        piece = " ".join(words[first : first + 8])
        assert shared(EN, f"alpha beta gamma delta {piece} epsilon zeta eta theta")


def test_a_long_text_has_no_more_fingerprints_than_others_may_have() -> None:
    prints = fingerprints_of(subject(" ".join(f"word{number}" for number in range(20_000))))
    assert len(prints) == MOST
    assert fingerprints_of(subject("Too short.")) == {}
