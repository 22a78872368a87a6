"""The visible text of Markdown, with its positions in the source."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from app.checks.markdown import read

SEEN = [
    ("# Über *Bienen*", "Über Bienen"),
    ("Title\n=====\n\nText", "Title\n\nText"),
    ("**bold**text and __more__ of it_here_too", "boldtext and more of it_here_too"),
    ("~~gone~~ and ~20 litres", "gone and ~20 litres"),
    ("a `code` b", "a   b"),
    ("a ``co`de`` b `open", "a   b `open"),
    ('[a link](https://x.example/a_b "t") [two][1] foot[^1]\n\n[1]: https://e.example', "a link two foot"),
    ("![a picture](x.png) shown", "  shown"),
    ("<https://a.example/b> x<br>y R&amp;D", "https://a.example/b x\ny R&D"),
    ("\\*no\\* List<String> 1 < 2", "*no* List<String> 1 < 2"),
    ("> quoted\n> more\n\n- one\n- two\n  three\n\n3. four", "quoted\nmore\n\none\n\ntwo\nthree\n\nfour"),
    ("```py\ncode\n```\n\n    also code\n\ntext", "text"),
    ("| a | b |\n|---|:-:|\n| 1 | 2 |", "| a | b |\n| 1 | 2 |"),
    ("one\r\ntwo\rthree", "one\ntwo\nthree"),
    ("[Your Name] [x] ]", "[Your Name] [x] ]"),
    ("", ""),
]
MARKS = [
    "*", "_", "`", "[", "]", "(", ")", "!", "<", ">", "&amp;", "\\", "\n", "\r\n", "\n\n", "- ", "1. ", "# ", "```\n",
    "|", "---",
    "a", "word", "é", "👩\u200d👧", "漢字", " ",
    "\t", "https://x.example", "~~", "<br>", "\x00",
]  # fmt: skip


@pytest.mark.parametrize(("source", "prose"), SEEN)
def test_the_extracted_prose_is_what_a_reader_sees(source: str, prose: str) -> None:
    assert read(source).prose == prose


def test_any_text_can_be_parsed_and_every_position_is_in_the_source(rounds: Callable[[int, int], int]) -> None:
    dice = random.Random(12)
    for _ in range(rounds(400, 20_000)):
        source = "".join(dice.choices(MARKS, k=dice.randrange(40)))
        document = read(source)
        for at, character in enumerate(document.prose):
            span = document.in_source(at, at + 1)
            assert 0 <= span.start < span.end <= len(source) or not source
            if character.isalpha() and character not in "mp":  # of &amp;
                assert source[span.start : span.end] in {character, "&"}, (source, at)


def test_code_and_links_are_distinguished() -> None:
    source = "See [this](https://a.example) and `x = 1`, https://b.example/c.\n\n```\ny = 2\n```\n"
    document = read(source)
    assert [source[each.start : each.end] for each in document.code] == ["`x = 1`", "```\ny = 2\n```\n"]
    assert [source[each.start : each.end] for each in document.links] == ["https://a.example", "https://b.example/c"]
