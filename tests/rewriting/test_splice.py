"""A replacement changes its passage and nothing else: rules in milliseconds."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rewriting.splice import Passage, _kind, fitted, lost_links, spliced


def passage(text: str, quote: str) -> Passage:
    start = text.index(quote)
    return Passage(text, start, start + len(quote))


LIST = "- one\n- two\n- three\n"


@pytest.mark.parametrize(
    ("text", "quote", "answer", "expected"),
    [
        ("All about bees.", "bees", "wasps", "All about wasps."),
        ("a bee, a bee", "bee, a", "wasp, no", "a wasp, no bee"),
        # white space at the edges stays
        ("a  b \n c", "  b \n ", "x", "a  x \n c"),
        ("one two", "two", "\n\n two and more \n", "one two and more"),
        # a list item stays one
        (LIST, "two", "# Two", "- one\n- Two\n- three\n"),
        (LIST, "- two", "* Two", "- one\n- Two\n- three\n"),
        (LIST, "- two", "Two", "- one\n- Two\n- three\n"),
        (LIST, "two", "2\n\nand more", "- one\n- 2 and more\n- three\n"),
        (LIST, "one\n- two", "1\n- 2", "- 1\n- 2\n- three\n"),
        (LIST, "- one\n- two", "1\n2", "- 1\n- 2\n- three\n"),
        (LIST, "- one\n- two", "- 1\n# 2\n- 3", "- 1\n2\n- 3\n- three\n"),
        ("1. one\n2. two", "two", "2. deux", "1. one\n2. deux"),
        ("- [ ] call", "call", "- [x] write", "- [ ] write"),
        # a heading stays one, and nothing becomes one
        ("# Bees\n\nText", "Bees", "## All about bees\n\nMore", "# All about bees More\n\nText"),
        ("# Bees\n\nText", "# Bees", "All about bees", "# All about bees\n\nText"),
        ("# Bees\n\nText", "Text", "# Text\n\nmore", "# Bees\n\nText\n\nmore"),
        ("Text\n\nmore", "Text", "Text\n====", "Text\n\nmore"),
        ("Text\n\nmore", "Text", "- Text", "Text\n\nmore"),
        ("Say hi now", "hi", "- hello", "Say hello now"),
        # quotations and tables
        ("> said\n> she", "said", "> told\n> me", "> told me\n> she"),
        ("| a | b |\n| c | d |", "d", "x | y\nz", "| a | b |\n| c | x \\| y z |"),
        # what models like to put around their answer
        ("a b c", "b", '"x"', "a x c"),
        ("a b c", "b", "```markdown\nx\n```", "a x c"),
        ('a "b" c', '"b"', '"x"', 'a "x" c'),
        ("a b c", "b", 'say "x" and "y"', 'a say "x" and "y" c'),
        ("a\n\nb", "a", "x\n```\ny", "x\ny\n\nb"),
        # in code nothing is Markdown
        ("```\nx = 1\n```", "x = 1", "# two\n- x", "```\n# two\n- x\n```"),
        # right from the first to the last character, whatever emoji stand before
        ("👩‍👩‍👧 e\u0301 bees", "bees", "wasps", "👩‍👩‍👧 e\u0301 wasps"),
    ],
)
def test_an_answer_is_adapted_to_the_passage_it_replaces(text: str, quote: str, answer: str, expected: str) -> None:
    place = passage(text, quote)
    assert spliced(place, fitted(place, answer)) == expected


@pytest.mark.parametrize("answer", ["", " \n", "```\n```", '""', "---"])
def test_an_answer_without_words_becomes_empty(answer: str) -> None:
    assert fitted(passage("All about bees.", "bees"), answer).strip() == ""


@pytest.mark.parametrize(
    ("quote", "replacement", "lost"),
    [
        ("see [this](https://a.example/x) now", "[that](https://a.example/x)", []),
        ("see [this](https://a.example/x) now", "see this now", ["https://a.example/x"]),
        ("see https://a.example/x.", "look at https://a.example/x", []),
        ("[a](/one) and [b](#two)", "[b](#two)", ["/one"]),
        ("no link", "none", []),
    ],
)
def test_a_lost_link_is_detected(quote: str, replacement: str, lost: list[str]) -> None:
    assert lost_links(Passage(quote, 0, len(quote)), replacement) == lost


PIECES = [
    "bees ",
    "# ",
    "- ",
    "1. ",
    "> ",
    "\n",
    "\n\n",
    "```\n",
    "| a |",
    "---",
    "👩‍👧",
    "e\u0301",
    "你好",
    '"',
    " ",
    "[x](u)",
]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=20)


def test_characters_outside_the_passage_do_not_change(rounds: Callable[[int, int], int]) -> None:
    """Nor do white space at the edges of the passage and the block type of its first line."""

    @settings(max_examples=rounds(150, 10_000), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(texts, st.text(min_size=1, max_size=10) | texts.filter(bool), texts, texts)
    def whatever_they_are(before: str, quote: str, after: str, answer: str) -> None:
        place = Passage(f"{before}{quote}{after}", len(before), len(before) + len(quote))
        if not quote.strip():
            return
        replacement = fitted(place, answer)
        if not replacement:
            return
        text = spliced(place, replacement)
        assert text.startswith(before)
        assert text.endswith(after)
        assert len(text) == len(before) + len(replacement) + len(after)
        assert replacement.startswith(quote[: len(quote) - len(quote.lstrip())])
        assert replacement.endswith(quote[len(quote.rstrip()) :])
        if not place.is_in_code and quote[0] not in "\r\n":
            first_line = place.text[len(before) - len(place.before) :].split("\n")[0]
            assert _kind(text[len(before) - len(place.before) :].split("\n")[0]) == _kind(first_line)

    whatever_they_are()
