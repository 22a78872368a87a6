"""Language tags: which are accepted, and their normal form."""

from __future__ import annotations

import re

import pytest

from app.checks.language_tags import TWO_LETTERS, USUAL_FORM, canonical, primary_of

TAKEN = {
    "en": "en",
    "DE-at": "de-AT",
    "pt-BR": "pt-BR",
    "zh-hant-tw": "zh-Hant-TW",
    "sr-Latn": "sr-Latn",
    "es-419": "es-419",
    "de-CH-1996": "de-CH-1996",
    "sl-rozaj-biske": "sl-rozaj-biske",
    "yue": "yue",
    "zh-yue-HK": "zh-yue-HK",
    "iw-IL": "he-IL",
    "en-u-ca-gregory": "en-u-ca-gregory",
    "en-x-plain": "en-x-plain",
}
REFUSED = [
    "", "e", "english", "German", "xx", "qq-DE", "de_DE", "de-", "-de", "de--AT", "e\u0301n", "en US", "123", "de-A",
    "x-plain", "en-x", "en-u", "日本語", "en" * 20, "i-klingon", "de-1", "en\n",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), TAKEN.items())
def test_a_tag_is_stored_in_its_usual_case(typed: str, kept: str) -> None:
    assert canonical(typed) == kept
    assert canonical(kept) == kept


@pytest.mark.parametrize("typed", REFUSED)
def test_invalid_language_tags_are_rejected(typed: str) -> None:
    assert canonical(typed) is None


def test_the_pattern_in_the_reference_only_matches_accepted_tags() -> None:
    for tag in [*TWO_LETTERS, "yue", "de-AT", "zh-Hans-CN", "sr-Cyrl", "es-419"]:
        assert re.search(USUAL_FORM, tag)
        assert canonical(tag) == tag or tag in {"jw", "mo"}
    assert not re.search(USUAL_FORM, "xx")
    assert primary_of("zh-Hant-TW") == "zh"
