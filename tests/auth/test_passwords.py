"""Passwords: rules, normalisation, and bounded validation time."""

# ruff: noqa: RUF001  # letters that look like others are the point
from __future__ import annotations

import random
import string
import time
import unicodedata
from collections.abc import Callable
from typing import Any

import bcrypt
import pytest
from marshmallow import ValidationError
from zxcvbn import matching, zxcvbn

from app.auth.common_passwords import LEAST_GUESSES, is_common
from app.auth.passwords import MAX_BYTES, P, PasswordHasher, R, normalised, run_here
from app.auth.schemas import NewPassword

COMPOSED = "Pässwörter7"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
LONGEST_MS = 250
"""Checking a password once took up to 2,400 ms. It takes 15 ms on an idle machine, but this one may be busy."""
SIGNS = sorted({sign for signs in matching.L33T_TABLE.values() for sign in signs})


@pytest.fixture
def hasher() -> PasswordHasher:
    return PasswordHasher(4, run_here)


def test_a_password_is_the_same_composed_and_decomposed(hasher: PasswordHasher) -> None:
    """macOS and some keyboards send the accent as a separate character."""
    assert COMPOSED != DECOMPOSED
    for first, second in ((COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)):
        assert hasher.matches(second, hasher.hash(first))
    assert not hasher.matches("Passworter7", hasher.hash(COMPOSED))


def test_an_older_hash_still_matches_the_password_as_typed(hasher: PasswordHasher) -> None:
    old = bcrypt.hashpw(DECOMPOSED.encode(), bcrypt.gensalt(4)).decode()
    assert hasher.matching_form(DECOMPOSED, old) == DECOMPOSED
    assert hasher.matching_form(COMPOSED, hasher.hash(DECOMPOSED)) == COMPOSED


def test_checking_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    """The same amount is hashed, with the same cost. Creating a hasher, as every start does, hashes nothing."""
    hashed: list[tuple[Any, ...]] = []

    def noting(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        hashed.append(args)
        return function(*args, **kwargs)

    hasher = PasswordHasher(5, noting)
    assert hashed == []
    there = hasher.hash(COMPOSED)
    assert not hasher.matches("Passworter7", there)
    assert not hasher.matches("Passworter7", None)
    (_, known), (_, unknown) = hashed[1:]
    assert known.decode() == there
    assert (len(unknown), unknown[:7]) == (len(known), known[:7]) == (60, b"$2b$05$")


def test_normalisation_only_composes_characters_and_replaces_spaces() -> None:
    """RFC 8265 section 4.2: case and width do not change, and nothing is trimmed."""
    assert normalised("Ａ a\u00a0b\u3000c ") == "Ａ a b c "
    assert normalised("ﬁ²") == "ﬁ²"
    hopeless = "a" + "\u0301" * 31
    assert normalised(hopeless) == hopeless


@pytest.mark.parametrize(
    "password",
    ["Abcdefg²", "Abcdefg½", "Abcdefg①", "Abcdefg一", "Ⓐbcdefg7", "ªBCDEFG7", "ǅ7777777", "Aa1" + "é" * 35,
     "Xy7" + "e\u0301" * 40, "Xy7a" + "\u0301" * 31, "A" * 160_000],
    ids=lambda text: ascii(text[:12]),
)  # fmt: skip
def test_letters_and_digits_are_classified_as_in_the_browser_form(password: str) -> None:
    r"""By \p{Lu}, \p{Ll} and \p{Nd}: a superscript is not a digit. Lengths are checked first."""
    with pytest.raises(ValidationError):
        NewPassword().deserialize(password)


@pytest.mark.parametrize("password", ["Abcdefgh٣x", "Äöüßabc7", "Жжжabc१x", "Xy7" + "e\u0301" * 34])
def test_digits_and_letters_of_any_script_count(password: str) -> None:
    assert len(NewPassword().deserialize(password).encode()) <= MAX_BYTES


def test_no_password_takes_long_to_validate() -> None:
    """However many of its characters can be read as letters. The GIL is held during the validation."""
    source = random.Random(20261125)
    slowest = (0.0, "")
    for _ in range(200):
        kinds = source.sample(SIGNS, source.randint(1, 14)) + source.sample(string.ascii_letters, 3)
        password = "".join(source.choices(kinds, k=source.choice([8, 16, 20, 32, 72])))
        password = password if source.random() < 0.7 else (password[:12] * 6)[:72]
        started = time.process_time()
        is_common(password)
        slowest = max(slowest, ((time.process_time() - started) * 1000, password))
    assert slowest[0] < LONGEST_MS, slowest


def test_common_passwords_match_those_of_zxcvbn() -> None:
    """The fast check finds the same passwords as the complete estimate."""
    source = random.Random(20261125)
    words = [word for ranks in matching.RANKED_DICTIONARIES.values() for word in list(ranks)[:2000]]
    disguises = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "$5", "l": "1", "t": "7+"}
    found = 0
    for _ in range(500):
        word = source.choice(words) * source.choice([1, 1, 1, 2])
        written = "".join(
            source.choice(disguises[c]) if c in disguises and source.random() < 0.4 else c for c in word[:30]
        ).capitalize()
        expected = zxcvbn(written)["guesses"] < LEAST_GUESSES
        assert is_common(written) == expected, written
        found += expected
    assert 50 < found < 450
