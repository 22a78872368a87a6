"""Detects common passwords. The only module that uses zxcvbn (https://github.com/dwolfhub/zxcvbn-python).

zxcvbn estimates how many guesses an attacker needs, using lists of common passwords, names and words, keyboard
patterns, dates and letter substitutions. It tries every reading of substituted characters, which takes seconds for a
password with many different symbols, while holding the GIL. This module bounds the work: only a password that is a
single pattern can fall below `LEAST_GUESSES`, because zxcvbn adds 10,000 guesses for a second one.
"""

from __future__ import annotations

from math import prod
from typing import Any

from zxcvbn import matching, scoring, zxcvbn

LEAST_GUESSES = 10_000
"""The size of widely used lists of common passwords. A higher limit would reject passwords considered good."""
LONGEST_PATTERN = 20
"""The longest pattern below LEAST_GUESSES has 19 characters."""
MOST_READINGS = 12
"""No pattern below LEAST_GUESSES has more readings."""

_PLAIN_MATCHERS = (
    matching.dictionary_match,
    matching.reverse_dictionary_match,
    matching.spatial_match,
    matching.sequence_match,
    matching.date_match,
)


def is_common(password: str) -> bool:
    """Whether the password is among the most common ones."""
    unit = _repeated_unit(password)
    if len(unit) > LONGEST_PATTERN:
        return False
    guesses = zxcvbn(unit)["guesses"] if _readings(unit) <= MOST_READINGS else _guesses_as_written(unit)
    return bool(guesses * (len(password) // len(unit)) < LEAST_GUESSES)


def _repeated_unit(password: str) -> str:
    """Returns the shortest string of which the password is a repetition."""
    return password[: (password + password).find(password, 1)]


def _readings(password: str) -> int:
    """Estimates the number of ways zxcvbn would read symbols and digits as letters."""
    signs = set(password)
    return prod(max(1, len(signs.intersection(letters))) for letters in matching.L33T_TABLE.values())


def _guesses_as_written(password: str) -> Any:
    """Returns the estimate without letter substitutions."""
    matches = [match for matcher in _PLAIN_MATCHERS for match in matcher(password)]
    return scoring.most_guessable_match_sequence(password, matches)["guesses"]
