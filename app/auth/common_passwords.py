"""Which passwords fall first: the only file that knows zxcvbn (https://github.com/dwolfhub/zxcvbn-python).

zxcvbn estimates how many guesses an attacker needs who has lists of common passwords, names and words, and knows
keyboard rows, dates and the usual ways to disguise a word.
"""

from __future__ import annotations

from zxcvbn import zxcvbn

LEAST_GUESSES = 10_000
"""As many as widely used lists of common passwords have; more would refuse what people take for good ones."""
LONGEST_ESTIMATED = 32
"""The estimate takes a time that grows with the square of the length; what comes after this only makes it harder."""


def is_common(password: str) -> bool:
    """Whether the password is among the first guesses that anybody would make."""
    return bool(zxcvbn(password[:LONGEST_ESTIMATED])["guesses"] < LEAST_GUESSES)
