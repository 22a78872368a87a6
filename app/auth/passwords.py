"""Hashes passwords with bcrypt, off the event loop."""

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
"""A tenth of the usual share of a busy core: the event loop is not affected, and logins still make progress.

With four clients logging in continuously, the p99 of a list request is 29 ms. With a niceness of 5 it was 620 ms.
"""
MAX_BYTES = 72
"""bcrypt ignores the rest of a password; see https://en.wikipedia.org/wiki/Bcrypt#Maximum_password_length."""

LONGEST_TYPED = 4 * MAX_BYTES
"""No text longer than this has at most 72 bytes after normalisation."""


def normalised(password: str) -> str:
    """Normalises a password as in RFC 8265 (OpaqueString): NFC, with every kind of space as U+0020.

    Case and surrounding spaces are kept. A text that cannot be a password is returned unchanged.
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
    """Runs a blocking function off the event loop and returns its result."""

    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R: ...


def run_here(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """The Offload of a process with real threads: calls the function directly. bcrypt releases the GIL."""
    return function(*args, **kwargs)


def run_behind(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Calls the function in this thread, lowering the thread's priority permanently. For hashing threads only.

    Only Linux has a priority per thread (setpriority(2), "C library/kernel differences").
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    return function(*args, **kwargs)


PLACEHOLDER_DIGEST = 31 * "."
"""A digest that no password has. Comparing with it takes as long as with a real hash of the same cost, so response
times do not reveal whether an email is registered."""


class PasswordHasher:
    """Creates and checks bcrypt hashes of cost `rounds` (2**rounds iterations)."""

    def __init__(self, rounds: int, offload: Offload) -> None:
        self._rounds = rounds
        self._offload = offload
        self._placeholder_hash = bcrypt.gensalt(rounds).decode() + PLACEHOLDER_DIGEST

    def hash(self, password: str) -> str:
        """Returns the hash of a normalised password of at most 72 UTF-8 bytes."""
        salt = bcrypt.gensalt(self._rounds)
        return self._offload(bcrypt.hashpw, normalised(password).encode(), salt).decode()

    def matches(self, password: str, hashed: str | None) -> bool:
        """Whether the password matches the hash. Takes the same time if there is no hash (unknown email)."""
        return self.matching_form(password, hashed) is not None

    def matching_form(self, password: str, hashed: str | None) -> str | None:
        """Returns the form of the password that matches the hash: normalised, as typed (older hashes), or None.

        A mismatch takes the same time whether there is a hash or not.
        """
        for form in dict.fromkeys((normalised(password), password)):
            if self._check(form.encode(), hashed):
                return form
        return None

    def _check(self, encoded: bytes, hashed: str | None) -> bool:
        known = hashed is not None and len(encoded) <= MAX_BYTES
        against = hashed if known and hashed else self._placeholder_hash
        return self._offload(bcrypt.checkpw, encoded[:MAX_BYTES], against.encode()) and known
