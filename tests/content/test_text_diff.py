"""Diffs of two texts: by words, exact to the character, and with bounded work for any texts."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.content import common_parts, text_diff
from app.content.segments import is_boundary, segments
from app.content.text_diff import DELETE, EQUAL, INSERT

LETTERS = "ab é.-\n\r\t\u3000你好สวั\u0e31नमस्\u094d\u0301\u200d👩👧🏽🇩🇪한ん"
texts = st.text(st.sampled_from(LETTERS), max_size=60) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
Piece = tuple[str, str]


def diff(a: str, b: str) -> list[Piece]:
    """Returns the changes, after checking that they are valid."""
    found = [(each.op, each.text) for each in text_diff.changes(a, b)]
    assert "".join(text for op, text in found if op != INSERT) == a
    assert "".join(text for op, text in found if op != DELETE) == b
    assert all(text for _, text in found)
    assert all(one[0] != other[0] for one, other in pairwise(found))
    return found


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("", "", []),
        ("same", "same", [(EQUAL, "same")]),
        ("", "new", [(INSERT, "new")]),
        ("old", "", [(DELETE, "old")]),
        ("the cat sat", "the dog sat", [(EQUAL, "the "), (DELETE, "cat"), (INSERT, "dog"), (EQUAL, " sat")]),
        ("cat", "cats", [(DELETE, "cat"), (INSERT, "cats")]),
        ("a b c d", "a x y d", [(EQUAL, "a "), (DELETE, "b c"), (INSERT, "x y"), (EQUAL, " d")]),
        ("one\n\ntwo", "one\ntwo", None),
        ("今天天气很好", "今天天气不好", [(EQUAL, "今天天气"), (DELETE, "很"), (INSERT, "不"), (EQUAL, "好")]),
        ("สวัสดี", "สวัสดีจ้า", [(EQUAL, "สวัสดี"), (INSERT, "จ้า")]),
        ("नमस्ते दुनिया", "नमस्ते भारत", [(EQUAL, "नमस्ते "), (DELETE, "दुनिया"), (INSERT, "भारत")]),
        ("مرحبا بالعالم", "مرحبا بكم", [(EQUAL, "مرحبا "), (DELETE, "بالعالم"), (INSERT, "بكم")]),
        ("hi 👩‍👩‍👧", "hi 👩‍👩‍👦", [(EQUAL, "hi "), (DELETE, "👩‍👩‍👧"), (INSERT, "👩‍👩‍👦")]),
        ("e\u0301a", "e\u0300a", [(DELETE, "e\u0301a"), (INSERT, "e\u0300a")]),
        ("🇩🇪🇫🇷", "🇩🇪🇪🇸", [(EQUAL, "🇩🇪"), (DELETE, "🇫🇷"), (INSERT, "🇪🇸")]),
        ("a\n\n\n\nb", "a\n\nb", None),
    ],
)
def test_diffs_are_by_words(a: str, b: str, expected: list[Piece] | None) -> None:
    found = diff(a, b)
    assert expected is None or found == expected


@pytest.fixture(params=["usual", "few edits", "cut at passages", "out of steps"])
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets limits so low that short texts reach them."""
    lowered = {
        "usual": {},
        "few edits": {"FEWEST_EDITS": 1, "MOST_EDITS": 2},
        "cut at passages": {"LONG": 0, "PASSAGE": 2},
        "out of steps": {"MOST_STEPS": 12, "LONG": 10, "PASSAGE": 2},
    }
    for name, value in lowered[request.param].items():
        monkeypatch.setattr(common_parts, name, value)
    monkeypatch.setattr(text_diff, "CHARACTERS_IN_A_ROW", 7)


@pytest.mark.usefixtures("limits")
def test_both_texts_can_be_rebuilt_from_the_diff(rounds: Callable[[int, int], int]) -> None:
    @settings(max_examples=rounds(200, 10_000), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(texts, texts, texts)
    def whatever_they_are(a: str, b: str, c: str) -> None:
        diff(a, b)
        diff(f"{a}{b}", f"{a}{c}{b}")
        diff(f"{a}{c}{b}", f"{c}{a}")

    whatever_they_are()


@pytest.mark.usefixtures("limits")
def test_cutting_a_text_splits_no_segment(rounds: Callable[[int, int], int]) -> None:
    @settings(max_examples=rounds(200, 10_000), deadline=None, database=None)
    @given(texts)
    def in_any_text(text: str) -> None:
        whole = segments(text)
        assert "".join(whole) == text
        assert text_diff._cut(text) == whole
        places = {sum(map(len, whole[:number])) for number in range(len(whole) + 1)}
        assert {place for place in range(len(text) + 1) if is_boundary(text, place)} <= places

    in_any_text()


def test_a_diff_shows_only_the_edited_place(rounds: Callable[[int, int], int]) -> None:
    """Even in a long text, the rest is equal."""
    dice = random.Random(7)
    for _ in range(rounds(5, 200)):
        words = [f"w{dice.randrange(400)}" for _ in range(4_000)]
        edited = list(words)
        for place in dice.sample(range(4_000), 60):
            edited[place] = f"new{place}"
        equal = sum(len(text) for op, text in diff(" ".join(words), " ".join(edited)) if op == EQUAL)
        assert equal > 0.97 * len(" ".join(words))


HUNDRED_THOUSAND = 100_000


def dissimilar(letters: str, seed: int) -> str:
    return "".join(random.Random(seed).choices(letters, k=HUNDRED_THOUSAND))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (dissimilar("你好世界的一是不了人", 1), dissimilar("你好世界的一是不了人", 2)),
        (dissimilar("ab \n", 1), dissimilar("ab \n", 2)),
        ("\n" * HUNDRED_THOUSAND, "a\n" * (HUNDRED_THOUSAND // 2)),
        ("a " * 25_000 + "b " * 25_000, "b " * 25_000 + "a " * 25_000),
        ("." * HUNDRED_THOUSAND, "!" * HUNDRED_THOUSAND),
        ("x" * HUNDRED_THOUSAND, "x" * (HUNDRED_THOUSAND - 1) + "y"),
        ("".join(map(chr, range(0x4E00, 0x9E00))) * 4, "".join(map(chr, range(0x9DFF, 0x4DFF, -1))) * 4),
    ],
    ids=["chinese", "two letters", "blank lines", "moved", "signs", "one word", "reversed"],
)
def test_the_work_is_bounded_for_any_texts(a: str, b: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is done in steps, which regularly give way to other requests."""
    counted: list[int] = []
    count = common_parts.Search._count

    def counting(search: common_parts.Search, steps: int) -> None:
        counted.append(steps)
        count(search, steps)

    monkeypatch.setattr(common_parts.Search, "_count", counting)
    diff(a, b)
    assert sum(counted) <= common_parts.MOST_STEPS + max(counted, default=0)
    assert max(counted, default=0) <= 2 * HUNDRED_THOUSAND
