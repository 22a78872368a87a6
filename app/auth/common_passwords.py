"""Which passwords are guessed first. The only file that knows zxcvbn (https://github.com/dwolfhub/zxcvbn-python).

zxcvbn estimates how many guesses an attacker needs who has lists of common passwords, names and words, and knows
keyboard rows, dates and the usual ways to disguise a word. It tries every way to read a disguised word. For a password
made of many different signs this takes seconds, during which it holds the interpreter's lock. The work here stays small
because only a password that is a single pattern from end to end can fall below `LEAST_GUESSES`: zxcvbn adds 10,000 for
a second one.
"""

from __future__ import annotations

from math import prod
from typing import Any

from zxcvbn import matching, scoring, zxcvbn

LEAST_GUESSES = 10_000
"""As many as widely used lists of common passwords have. More would refuse passwords that people consider good."""
LONGEST_PATTERN = 20
"""The longest word that is guessed this early has 19 characters."""
MOST_READINGS = 12
"""No word that is guessed this early has more ways to read its disguise."""

_PLAIN_MATCHERS = (
    matching.dictionary_match,
    matching.reverse_dictionary_match,
    matching.spatial_match,
    matching.sequence_match,
    matching.date_match,
)


def is_common(password: str) -> bool:
    """Whether the password is among the first that anybody would guess."""
    unit = _repeated_unit(password)
    if len(unit) > LONGEST_PATTERN:
        return False
    guesses = zxcvbn(unit)["guesses"] if _readings(unit) <= MOST_READINGS else _guesses_as_written(unit)
    return bool(guesses * (len(password) // len(unit)) < LEAST_GUESSES)


def _repeated_unit(password: str) -> str:
    """The shortest text that gives the password when it is repeated once or more."""
    return password[: (password + password).find(password, 1)]


def _readings(password: str) -> int:
    """About how many ways zxcvbn would try to read signs and digits as letters."""
    signs = set(password)
    return prod(max(1, len(signs.intersection(letters))) for letters in matching.L33T_TABLE.values())


def _guesses_as_written(password: str) -> Any:
    """The estimate for a password in which no sign stands for a letter."""
    matches = [match for matcher in _PLAIN_MATCHERS for match in matcher(password)]
    return scoring.most_guessable_match_sequence(password, matches)["guesses"]
