"""The text of an API key: `acg_`, 32 random characters, and 6 that check them, all of base62.

The check lets a mistyped key be refused without a look into the database, and secret scanners tell a key from other
texts; see https://github.blog/engineering/behind-githubs-new-authentication-token-formats/, where the form comes from.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib

PREFIX = "acg_"
RANDOM_CHARACTERS = 32
CHECK_CHARACTERS = 6
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SHAPE = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{RANDOM_CHARACTERS}}})([0-9A-Za-z]{{{CHECK_CHARACTERS}}})")


def new_key() -> str:
    """A key that nobody has."""
    body = "".join(secrets.choice(_DIGITS) for _ in range(RANDOM_CHARACTERS))
    return f"{PREFIX}{body}{_check_of(body)}"


def looks_like_a_key(text: str) -> bool:
    """Whether the text says of itself that it is a key, genuine or not."""
    return text.startswith(PREFIX)


def is_well_formed(text: str) -> bool:
    """Whether the text can be a key: its shape and its check characters are right."""
    found = _SHAPE.fullmatch(text)
    return found is not None and _check_of(found[1]) == found[2]


def hash_of(text: str) -> str:
    """What is stored of a key. It has 190 random bits, so no slow hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check_of(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = ""
    for _ in range(CHECK_CHARACTERS):
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    return digits
