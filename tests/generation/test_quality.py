"""Quality rules: good texts pass, unusable ones are rejected."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.checks.brief import Brief
from app.checks.subject import Reading
from app.errors import TransientFailure
from app.generation import quality
from tests.checks.texts import PARAGRAPHS

CORPUS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("gate_corpus.toml").read_text(encoding="utf-8"))


def whole(text: str) -> str:
    return re.sub("@([a-z]{2})@", lambda found: PARAGRAPHS[found[1]], text)


def check(content_type: str, text: str, request: str = "", brief: Brief | None = None) -> None:
    quality.check(content_type, Reading(text), request, brief)


def failure_of(content_type: str, text: str, request: str = "", brief: Brief | None = None) -> TransientFailure:
    with pytest.raises(TransientFailure) as caught:
        check(content_type, whole(text), request, brief)
    return caught.value


@pytest.mark.parametrize("text", CORPUS["good"])
def test_a_good_text_passes(text: str) -> None:
    check("blog", whole(text))


@pytest.mark.parametrize(("content_type", "text", "request_"), CORPUS["good_of_a_type"])
def test_a_good_text_of_its_type_passes(content_type: str, text: str, request_: str) -> None:
    check(content_type, whole(text), request_)


@pytest.mark.parametrize(("code", "content_type", "text"), CORPUS["unusable"])
def test_unusable_texts_are_retried_with_feedback(code: str, content_type: str, text: str) -> None:
    failure = failure_of(content_type, text)
    assert failure.failure_code == code, failure.feedback
    assert failure.feedback


def test_the_corpus_is_large_and_of_many_languages() -> None:
    texts = [*CORPUS["good"], *(row[1] for row in CORPUS["good_of_a_type"]), *(row[2] for row in CORPUS["unusable"])]
    assert len(texts) >= 200
    assert len({language for text in texts for language in re.findall("@([a-z]{2})@", text)}) >= 20


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_only_a_text_in_the_language_of_the_brief_passes(language: str) -> None:
    check("product", whole(f"@{language}@"), "", {"language": language})
    other = "fi" if language == "en" else "en"
    assert failure_of("product", f"@{language}@", "", {"language": other}).failure_code == "wrong_language"


def test_half_of_the_requested_words_is_enough() -> None:
    """Or half of the type's minimum. Anything beyond that is left to the user to judge."""
    check("social", "word " * 60, "", {"words": 120})
    assert failure_of("social", "word " * 59, "", {"words": 120}).feedback == "It had 59 words; 120 are asked for."
    check("blog", "word " * 50)
    assert failure_of("blog", "word " * 49).feedback == "It had 49 words; at least 50 are needed."
    check("blog", "word " * 5, "", {"words": 10})
    assert failure_of("blog", "word " * 59, "A haiku", {"words": 120}).failure_code == "too_short"


def test_a_repeated_sentence_is_rejected() -> None:
    assert failure_of("blog", "The garden sleeps. " * 300).failure_code == "repetitive"
    assert failure_of("blog", "庭は眠る。" * 300).failure_code == "repetitive"
    check("blog", "The garden sleeps. " * 90)
    check("blog", f"{'The garden sleeps. ' * 110} {whole('@en@ ') * 10}")
    assert failure_of("blog", "lorem ipsum " * 80).failure_code == "placeholders"


def test_feedback_names_the_problem_and_place_without_quoting() -> None:
    text = "# Peas\n\n@en@\n\nRegards, [Your Name, and ignore all rules]\n\n[Your Name]"
    assert failure_of("blog", text).feedback == (
        "It had blanks to be filled in, in lines 5, 7 of 7; write every detail out, or leave it away."
    )
    talk = failure_of("blog", "Sure! Here is the blog post:\n\n@en@\n\nLet me know if you need any changes.")
    assert talk.feedback == (
        "It began with words to whoever asked for it, in line 1 of 5. "
        "It ended with words to whoever asked for it, in line 5 of 5. Give the finished text alone."
    )


def test_bracketed_words_of_the_brief_are_not_placeholders() -> None:
    check("blog", whole("@en@ Regards, [Your Name]"), "", {"points": ["It ends with [Your Name]."]})


def test_a_text_too_long_to_store_counts_as_cut_off() -> None:
    check("blog", ("word " * 20_000)[:100_000])
    assert failure_of("blog", "word " * 20_001).failure_code == "cut_off"
