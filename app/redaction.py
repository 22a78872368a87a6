"""Removes secrets, email addresses, control characters and overlong values from the log.

Every log line passes through `Redaction.of_event`, whether it comes from our code, a library or a traceback.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from app.config import Settings

HIDDEN = "[hidden]"
LONGEST_VALUE = 2_000
LONGEST_EXCEPTION = 8_000
LONGEST_EXCEPTION_LINE = 300
MOST_ITEMS = 50
DEEPEST = 5
MOST_FRAMES = 20
_OURS = frozenset({"level", "logger", "timestamp"})
"""Fields whose values never contain external data."""
_NUMBERS = (bool, int, float)
_SEQUENCES = (list, tuple, set, frozenset)
_LONGEST_PLAIN_NAME = 16
_SHORTEST_SECRET = 8
_LONGEST_REMEMBERED = 100
_MOST_REMEMBERED = 500
"""Short texts, such as routes and events, whose redacted form is kept: they are the same in many lines."""
_SECRET_WORD = (
    r"passw(?:or)?d|passphrase|token|secret|authorization|api_?-?key|cookie|credential|prompt|generated_?text"  # noqa: S105  # names of secrets, and none itself
)
_IS_SECRET_NAME = re.compile(_SECRET_WORD, re.IGNORECASE)
_NAMED = re.compile(
    rf"""((?:{_SECRET_WORD})[\w-]{{0,40}}\\{{0,8}}["']?\s{{0,3}}[:=]\s{{0,3}}(?:(?:bearer|basic)\s{{1,3}})?)"""
    r"""(\\{0,8}"(?:[^"\\]|\\+.)*"?|\\{0,8}'(?:[^'\\]|\\+.)*'?"""
    r"""|(?!\d+\b|None\b|null\b|true\b|false\b|\[hidden\])[^\s,;&}\])"']+)""",
    re.IGNORECASE,
)
"""`password=x`, `"token": "x"` or `Authorization: Bearer x` in a text. Bare numbers are counts and are kept."""
_CREDENTIAL = re.compile(
    r"AIza[\w-]{8,200}|\bacg_[\w-]{8,200}|\bwhsec_[\w+/=-]{8,200}|\bya29\.[\w.-]{8,500}|\bsk-[\w-]{16,200}"
    r"|\beyJ[\w-]{5,200}\.[\w-]{5,2000}(?:\.[\w-]{0,1000})?"
    r"|\$2[abxy]\$\d\d\$[./\w]{20,}"
)
"""API keys of Google and of this product, webhook secrets, JSON web tokens, bcrypt hashes."""
_SCHEME = re.compile(r"\b(bearer|basic)\s{1,3}[\w.~+/=-]{16,}", re.IGNORECASE)
_IN_QUERY = re.compile(r"([?&;](?:key|sig|signature|code|auth)=)[^&\s\"']+", re.IGNORECASE)
_IN_URL = re.compile(r"([a-z0-9+.-]{1,20}://[^\s:/@'\"]{0,200}):[^\s'\"/?#]{0,500}@", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PLAIN = re.compile(r"[0-9a-f-]{1,40}|.{0,7}")
"""Ids, numbers and short words, which cannot contain a secret. Most values match."""
_QUOTED = re.compile(r"""(["'])(?:(?!\1)[^\\]|\\.){41,2000}\1""")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROL_BUT_LINE_BREAKS = re.compile(_CONTROL.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))


class Redaction:
    """Recognises the configured secrets of this process, and common formats of other secrets."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None
        self._remembered = lru_cache(_MOST_REMEMBERED)(self._redacted)

    @classmethod
    def of_settings(cls, settings: Settings) -> Redaction:
        """Returns a Redaction for the secrets in `settings`, including passwords in URLs, percent-encoded or not."""
        passwords = [urlsplit(url).password or "" for url in (settings.mongo_uri, settings.redis_url)]
        keys = (settings.jwt_secret, settings.jwt_refresh_secret, settings.google_ai_api_key, settings.metrics_token)
        return cls([*keys, *passwords, *map(unquote, passwords)])

    def of_event(self, event: Mapping[str, Any], *, escape: bool) -> dict[str, Any]:
        """Returns the redacted fields of a log line. `escape` also escapes control characters, for a console."""
        return {self._name(name, escape): self._of_field(name, value, escape) for name, value in event.items()}

    def of_text(self, text: str) -> str:
        """Returns `text` without secrets and email addresses."""
        if self._known:
            text = self._known.sub(HIDDEN, text)
        if ":" in text or "=" in text:
            text = _IN_URL.sub(rf"\1:{HIDDEN}@", text)
            text = _IN_QUERY.sub(rf"\1{HIDDEN}", text)
            text = _NAMED.sub(rf"\1{HIDDEN}", text)
        text = _CREDENTIAL.sub(HIDDEN, text)
        text = _SCHEME.sub(rf"\1 {HIDDEN}", text)
        return _ADDRESS.sub("[address]", text) if "@" in text else text

    def _of_field(self, name: str, value: Any, escape: bool) -> Any:
        if name in _OURS:
            return value
        if name == "exception" and isinstance(value, str):
            text = self.of_text(value)
            return _CONTROL_BUT_LINE_BREAKS.sub(_escaped, text) if escape else text
        return self._of_value(name, value, escape, DEEPEST)

    def _of_value(self, name: str, value: Any, escape: bool, depth: int) -> Any:
        if value is None or isinstance(value, _NUMBERS):
            return value
        if _is_secret(name):
            return HIDDEN
        if isinstance(value, str):
            return self._shown(value, escape)
        if isinstance(value, Mapping) and depth:
            items = list(value.items())[:MOST_ITEMS]
            return {
                self._name(str(key), escape): self._of_value(str(key), each, escape, depth - 1) for key, each in items
            }
        if isinstance(value, _SEQUENCES) and depth:
            return [self._of_value(name, each, escape, depth - 1) for each in list(value)[:MOST_ITEMS]]
        return self._shown(_text_of(value), escape)

    def _name(self, name: str, escape: bool) -> str:
        return name if name.isidentifier() and len(name) < _LONGEST_PLAIN_NAME else self._shown(name, escape)

    def _shown(self, text: str, escape: bool) -> str:
        if _PLAIN.fullmatch(text) and text.isprintable():
            return text
        if len(text) <= _LONGEST_REMEMBERED:
            return self._remembered(text, escape)
        return self._redacted(text, escape)

    def _redacted(self, text: str, escape: bool) -> str:
        # Truncated after redaction, because half a secret would not be recognised. Huge texts are also cut before.
        shown = self.of_text(text[: 2 * LONGEST_VALUE])
        shown = shown if len(shown) <= LONGEST_VALUE else f"{shown[:LONGEST_VALUE]}…"
        return _CONTROL.sub(_escaped, shown) if escape else shown


def exception_text(error: BaseException) -> str:
    """Returns a traceback without variable values: the innermost frames, and messages without long quotations.

    Exception messages may quote user content.
    """
    told = traceback.format_exception(error, limit=-MOST_FRAMES)
    parts = [part if part.startswith("  File") else _QUOTED.sub(r"\1…\1", part[:LONGEST_VALUE]) for part in told]
    text = "\n".join(line[:LONGEST_EXCEPTION_LINE] for line in "".join(parts).splitlines())
    return text if len(text) <= LONGEST_EXCEPTION else f"{text[:2000]}\n…\n{text[2000 - LONGEST_EXCEPTION :]}"


def _text_of(value: Any) -> str:
    if isinstance(value, bytes):
        return value[: 4 * LONGEST_VALUE].decode(errors="backslashreplace")
    return value if isinstance(value, str) else repr(value)


def _escaped(found: re.Match[str]) -> str:
    character = ord(found[0])
    return {9: r"\t", 10: r"\n", 13: r"\r"}.get(character) or (
        f"\\x{character:02x}" if character < 0x100 else f"\\u{character:04x}"  # noqa: PLR2004  # as Python writes them
    )


@cache
def _is_secret(name: str) -> bool:
    return _IS_SECRET_NAME.search(name) is not None
