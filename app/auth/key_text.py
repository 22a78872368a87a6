"""The format of API keys: `acg_`, 32 random base62 characters, and a checksum of 6.

With the checksum a mistyped key is rejected without a database lookup, and secret scanners recognise keys. The format
is GitHub's: https://github.blog/engineering/behind-githubs-new-authentication-token-formats/.
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
    """Returns a new random key."""
    body = "".join(secrets.choice(_DIGITS) for _ in range(RANDOM_CHARACTERS))
    return f"{PREFIX}{body}{_check_of(body)}"


def looks_like_a_key(text: str) -> bool:
    """Whether the text has the prefix of a key."""
    return text.startswith(PREFIX)


def is_well_formed(text: str) -> bool:
    """Whether the text has the format and the checksum of a key."""
    found = _SHAPE.fullmatch(text)
    return found is not None and _check_of(found[1]) == found[2]


def hash_of(text: str) -> str:
    """Returns the hash under which a key is stored. Keys have 190 random bits, so no slow hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check_of(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = ""
    for _ in range(CHECK_CHARACTERS):
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
    return digits
