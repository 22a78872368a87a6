"""The findings of each check."""

from __future__ import annotations

from typing import Any

import pytest

from app.checks import cliches, length, placeholders, readability, repetition, structure, task_talk, to_verify
from app.checks.brief import Brief
from app.checks.readability import FORMULAS
from app.checks.run import checks_of
from app.checks.subject import Reading, Subject
from app.checks.syllables import syllables_of
from tests.checks.texts import PARAGRAPHS

EN = PARAGRAPHS["en"]


def of(text: str, content_type: str = "blog", request: str = "", **brief: Any) -> Subject:
    return Subject(Reading(text), content_type, Brief(**brief), request)  # type: ignore[typeddict-item]  # as the test gives them


def marked(text: str, spans: Any) -> list[str]:
    return [text[each.start : each.end] for each in spans]


# --- length


@pytest.mark.parametrize(
    ("text", "asked", "passed"),
    [
        ("word " * 100, 100, True),
        ("word " * 115, 100, True),
        ("word " * 85, 100, True),
        ("word " * 116, 100, False),
        ("word " * 84, 100, False),
        ("word " * 117, 80, False),
        ("well-known " * 100, 100, True),
        ("**word** `code code` " * 100, 100, True),
        (f"{'word ' * 100}\n\n```\n{'code ' * 100}\n```", 100, True),
        ("漢字" * 100, 100, True),
        ("नमस्ते " * 100, 100, True),
        ("word " * 100, None, None),
    ],
)
def test_length_is_measured_against_the_brief(text: str, asked: int | None, passed: bool | None) -> None:
    found = length.check(of(text, **({"words": asked} if asked else {})))
    assert (found.passed, found.target) == (passed, asked)


def test_the_length_check_reports_both_numbers() -> None:
    found = length.check(of("word " * 117, words=80))
    assert (found.value, found.target) == (117, 80)
    assert found.message == "117 words, 37 more than the 80 asked for."


# --- structure

LONG = f"{EN} " * 7


@pytest.mark.parametrize(
    ("text", "content_type", "passed"),
    [
        (f"# Gardens\n\n{EN}\n\n## Peas\n\n{EN}", "blog", True),
        (f"# Gardens\n\n## Peas\n\n{EN}", "blog", True),
        (f"# Gardens\n\n### Peas\n\n{EN}", "blog", False),
        (f"# Gardens\n\n{EN}\n\n# Peas\n\n{EN}", "blog", False),
        (f"# Gardens\n\n{EN}\n\n## Peas", "blog", False),
        (f"# Gardens\n\n## Peas\n\n## Beans\n\n{EN}", "blog", False),
        ("\n\n".join([EN] * 7), "blog", False),
        (LONG, "product", False),
        (EN, "product", True),
        (EN, "social", True),
        (f"# Gardens\n\n{EN}", "social", False),
        (" ", "blog", None),
    ],
)
def test_structure_passes_or_fails_by_content_type(text: str, content_type: str, passed: bool | None) -> None:
    found = structure.check(of(text, content_type))
    assert found.passed is passed, found.message


# --- readability


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_readability_is_only_given_for_languages_with_a_formula(language: str) -> None:
    """Regardless of the language in the brief."""
    found = readability.check(of(PARAGRAPHS[language], language="en"))
    assert (found.value is not None) == (language in FORMULAS), language
    assert (found.passed is None) == (language not in FORMULAS)


def test_english_readability_is_the_flesch_reading_ease() -> None:
    """Six sentences of six words of one syllable: 206.835 - 1.015 * 6 - 84.6."""
    text = "The old cat sat and slept. " * 10
    subject = of(text)
    assert readability.reading_ease(subject, "en") == round(206.835 - 1.015 * 6 - 84.6, 1)


@pytest.mark.parametrize(
    ("language", "easy", "hard"),
    [
        ("en", "The cat sat. The dog ran. ", "Institutional considerations necessitate organisational transparency. "),
        (
            "de",
            "Der Hund lief weg. Er war da. ",
            "Die Verwaltungsgerichtsbarkeit berücksichtigt Wirtschaftlichkeitserwägungen. ",
        ),
        (
            "fr",
            "Le chat dort. Il fait beau. ",
            "L'institutionnalisation administrative nécessite une considération particulière. ",
        ),
        (
            "es",
            "El sol sale. Es de día. ",
            "La institucionalización administrativa requiere consideraciones extraordinarias. ",
        ),
        (
            "it",
            "Il sole va. È bello qui. ",
            "L'istituzionalizzazione amministrativa richiede considerazioni straordinarie. ",
        ),
        (
            "ru",
            "Кот спал. Дом стоял тут. ",
            "Административное законодательство предусматривает ответственность организаций. ",
        ),
    ],
)
def test_easy_texts_score_higher_than_hard_ones(language: str, easy: str, hard: str) -> None:
    """By a wide margin. A constant that is wrongly given per hundred words would leave none."""
    assert readability.reading_ease(of(easy * 9), language) > readability.reading_ease(of(hard * 9), language) + 60


SYLLABLES = {
    "en": {"cat": 1, "table": 2, "whole": 1, "garden": 2, "people": 2, "media": 3, "nation": 2, "walked": 1,
           "wanted": 2,
           "boxes": 2, "being": 2, "video": 3, "understanding": 4, "the": 1, "language": 2},
    "de": {"haus": 1, "garten": 2, "bäume": 2, "verstehen": 3, "liebe": 2, "beeren": 2, "museum": 3},
    "fr": {"chat": 1, "table": 1, "maison": 2, "jardin": 2, "école": 2, "personne": 2},
    "es": {"casa": 2, "tierra": 2, "día": 2, "ciudad": 2, "jardín": 2, "aéreo": 4},
    "it": {"casa": 2, "piano": 2, "giardino": 3, "poesia": 4, "fuori": 2},
    "ru": {"кот": 1, "огород": 3, "ёлка": 2, "здание": 3},
}  # fmt: skip


@pytest.mark.parametrize("language", SYLLABLES)
def test_syllables_are_counted_by_rule(language: str) -> None:
    """Approximately: the rule is right for nearly all of these words."""
    counted = {word: syllables_of(word.replace("ё", "е"), language) for word in SYLLABLES[language]}
    wrong = {word: found for word, found in counted.items() if found != SYLLABLES[language][word]}
    assert len(wrong) <= 1, wrong


# --- repetition


@pytest.mark.parametrize("language", PARAGRAPHS)
def test_a_duplicate_paragraph_is_marked_once(language: str) -> None:
    paragraph = PARAGRAPHS[language]
    text = f"{paragraph}\n\n{paragraph}"
    found = repetition.check(of(text))
    assert (found.passed, found.count) == (False, 1)
    assert found.spans[0].start >= len(paragraph)
    assert repetition.check(of(paragraph)).passed is True


def test_a_phrase_may_occur_twice_but_not_three_times() -> None:
    words = iter(EN.split())
    apart = [" ".join(next(words) for _ in range(8)) for _ in range(4)]
    phrase = "at the end of the"
    assert repetition.check(of(f"{apart[0]} {phrase} {apart[1]} {phrase} {apart[2]}")).passed is True
    found = repetition.check(of(f"{apart[0]} {phrase} {apart[1]} {phrase} {apart[2]} {phrase} {apart[3]}"))
    assert (found.passed, found.count) == (False, 2)
    assert repetition.check(of("no no no no no no")).passed is not None
    assert repetition.check(of("Short.")).passed is None


# --- cliches, claims to verify, placeholders, sentences about the task


@pytest.mark.parametrize(
    ("text", "worn"),
    [
        (
            f"{EN} In today's fast-paced world we **delve** into gardens.",
            ["In today's fast-paced world", "delve** into"],
        ),
        (f"{PARAGRAPHS['de']} Das bringt den Garten auf das nächste Level.", ["auf das nächste Level"]),
        (f"{PARAGRAPHS['fr']} Il convient de noter que tout pousse.", ["Il convient de noter"]),
        (EN, []),
    ],
)
def test_cliches_are_marked(text: str, worn: list[str]) -> None:
    found = cliches.check(of(text))
    assert marked(text, found.spans) == worn
    assert (found.passed, found.value) == (not worn, len(worn))
    assert "%" not in found.message


def test_no_cliche_finding_without_a_list_for_the_language() -> None:
    assert cliches.check(of(PARAGRAPHS["ja"])).passed is None


def test_numbers_and_links_missing_from_the_request_are_marked() -> None:
    text = "In 2019, 1,250 gardens (12%) had CO2 meters, ٣٥ of them in 3 towns: [see](https://a.example/x), https://b.example/2020."
    request = "About the 1250 gardens, see https://www.b.example/2020/"
    found = to_verify.check(of(text, request=request))
    assert marked(text, found.spans) == ["2019", "12", "٣٥", "https://a.example/x"]
    assert to_verify.check(of("In 1887.")).message == "Look up 1 number: the request does not have it."
    two = to_verify.check(of("In 1887 and 1901, see https://example.com/a"))
    assert two.message == "Look up 2 numbers and 1 link: the request does not have them."
    assert to_verify.check(of("Five tips, 7 of them new.", request="")).passed is True
    assert to_verify.check(of("Since 1887.", points=["Founded in 1887."])).passed is True


def test_placeholders_template_variables_and_filler_text_are_marked() -> None:
    text = "Dear [Your Name], `[Your Name]` {{ greeting }} {% if x %} [product page](x) [1] TODO: price 【您的姓名】"
    assert marked(text, placeholders.check(of(text)).spans) == [
        "[Your Name]", "{{ greeting }}", "{% if x %}", "TODO:", "【您的姓名】",
    ]  # fmt: skip
    assert placeholders.check(of(text, request=text)).passed is True
    assert placeholders.check(of("lorem ipsum dolor " * 20)).passed is False


def test_sentences_about_the_task_itself_are_marked() -> None:
    text = f"Sure! Here is the blog post about gardens:\n\n{EN}\n\nLet me know if you'd like me to change anything!"
    found = task_talk.check(of(text))
    assert [each.split()[0] for each in marked(text, found.spans)] == ["Sure!", "Let"]
    assert task_talk.check(of(EN)).passed is True


# --- all of them


def test_findings_match_the_schema() -> None:
    brief: Brief = {"words": 60, "keywords": ["garden"], "avoid": ["snow"], "language": "en"}
    findings = checks_of(f"# Gardens\n\n{EN} [Your Name]", "blog", brief, "Write")
    assert [each["check"] for each in findings] == [
        "length", "keyword", "avoid", "language", "structure", "readability", "repetition", "cliches", "to-verify",
        "placeholders", "task-talk",
    ]  # fmt: skip
    for each in findings:
        assert each.keys() - {"value", "target"} == {"check", "passed", "message", "spans", "count"}
        assert each["passed"] in {True, False, None}
        assert each["message"].endswith(".")
        assert len(each["spans"]) == min(each["count"], 100) or each["check"] == "structure"
        assert all(span.keys() == {"start", "end"} and span["start"] < span["end"] for span in each["spans"])


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "🐝", "`", "# ", "[", "漢", "\u0301"])
def test_tiny_texts_cause_no_errors(text: str) -> None:
    brief: Brief = {"words": 60, "keywords": ["garden", "\u0301", "*"], "avoid": ["🐝"], "language": "en"}
    for content_type in ("blog", "product", "social"):
        assert len(checks_of(text, content_type, brief)) == 13
