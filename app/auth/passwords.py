"""Password hashing with bcrypt, in a thread that does not hold up other requests."""

from __future__ import annotations

import os
import sys
import threading
import unicodedata
from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

import bcrypt

from app.typed_text import UnusableText, refuse_long_runs_of_marks

P = ParamSpec("P")
R = TypeVar("R")

NICENESS = 10
"""A tenth of the usual share of a busy core. The event loop does not notice it, and logins still make progress.

Measured with four clients that log in without pause: the p99 of a list is 29 ms. With a niceness of 5 it was 620 ms.
"""
MAX_BYTES = 72
"""bcrypt ignores the rest of a password; see https://en.wikipedia.org/wiki/Bcrypt#Maximum_password_length."""

LONGEST_TYPED = 4 * MAX_BYTES
"""No text longer than this has 72 bytes or less when it is composed."""


def normalised(password: str) -> str:
    """The password as RFC 8265 (OpaqueString) compares it: composed, with every kind of space as U+0020.

    Nothing else changes, neither case nor spaces at the ends. A text that cannot be a password is returned as it is.
    """
    if password.isascii() or len(password) > LONGEST_TYPED:
        return password
    try:
        refuse_long_runs_of_marks(password)
    except UnusableText:
        return password
    spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in password)
    return unicodedata.normalize("NFC", spaced)


class Offload(Protocol):
    """Runs a blocking function where it does not hold up the web process, and returns its result."""

    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R: ...


def run_here(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """The Offload of a process with real threads. bcrypt releases the GIL, so nothing has to be moved."""
    return function(*args, **kwargs)


def run_behind(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs it in this thread and lowers the thread's priority for good. Meant for a thread that only hashes.

    Only Linux has a priority per thread (setpriority(2), "C library/kernel differences").
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    return function(*args, **kwargs)


DIGEST_OF_NOTHING = 31 * "."
"""Takes a digest's place in a hash of nobody's. To check against it takes as long as against any other of its cost."""


class PasswordHasher:
    """Makes and checks bcrypt hashes of cost `rounds` (2**rounds iterations)."""

    def __init__(self, rounds: int, offload: Offload) -> None:
        self._rounds = rounds
        self._offload = offload
        self._hash_of_nobody = bcrypt.gensalt(rounds).decode() + DIGEST_OF_NOTHING

    def hash(self, password: str) -> str:
        """The hash of a password, normalised, of at most 72 UTF-8 bytes."""
        salt = bcrypt.gensalt(self._rounds)
        return self._offload(bcrypt.hashpw, normalised(password).encode(), salt).decode()

    def matches(self, password: str, hashed: str | None) -> bool:
        """Whether the password belongs to the hash. Takes the same time if there is no hash (unknown email)."""
        return self.matching_form(password, hashed) is not None

    def matching_form(self, password: str, hashed: str | None) -> str | None:
        """The form of the password that belongs to the hash: normalised, or as typed (older hashes), or None.

        A mismatch takes the same time whether there is a hash or not.
        """
        for form in dict.fromkeys((normalised(password), password)):
            if self._check(form.encode(), hashed):
                return form
        return None

    def _check(self, encoded: bytes, hashed: str | None) -> bool:
        known = hashed is not None and len(encoded) <= MAX_BYTES
        against = hashed if known and hashed else self._hash_of_nobody
        return self._offload(bcrypt.checkpw, encoded[:MAX_BYTES], against.encode()) and known
