"""The one form in which an email address is stored, however it was typed.

The domain is stored in the form that DNS uses (IDNA 2008 after the mapping of UTS #46, which is also what browsers
send), and the local part in Unicode's composed form. Both are in lower case.
"""

from __future__ import annotations

import re
import unicodedata

import idna

from app.typed_text import UnusableText, composed

MAX_EMAIL = 254
"""RFC 5321 section 4.5.3.1.3, without the angle brackets."""
MAX_LOCAL_BYTES = 64
MAX_DOMAIN = 253

_NOT_VALID = "Not a valid email address."
_LOCAL_SIGNS = "!#$%&'*+-/=?^_`{|}~."
_PLAIN_LABEL = re.compile(r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


def canonical(email: str) -> str:
    """The form in which an address is stored. Raises UnusableText for what is not an address."""
    if "@" not in email or len(email.strip()) > MAX_EMAIL:
        raise UnusableText(_NOT_VALID)
    local, _, domain = composed(email, MAX_EMAIL).lower().partition("@")
    stored = f"{_checked_local(local)}@{_ascii_domain(domain)}"
    if len(stored) > MAX_EMAIL:
        raise UnusableText(_NOT_VALID)
    return stored


def known_forms(email: str) -> list[str]:
    """The forms under which an account with this address may be stored, today's first.

    Earlier releases stored an address as it was typed, in lower case.
    """
    typed = email.strip().lower()
    try:
        stored = canonical(email)
    except UnusableText:
        return [typed]
    local, _, domain = stored.partition("@")
    forms = [stored, typed]
    if "xn--" in domain:
        forms.append(f"{local}@{idna.decode(domain)}")
    return list(dict.fromkeys(forms))


def _checked_local(local: str) -> str:
    """RFC 5322's dot-atom with the letters of RFC 6531. Quoted local parts, which no provider offers, are refused."""
    fits = local and len(local.encode()) <= MAX_LOCAL_BYTES and "" not in local.split(".")
    if not fits or not all(c in _LOCAL_SIGNS or unicodedata.category(c)[0] in "LMN" for c in local):
        raise UnusableText(_NOT_VALID)
    return local


def _ascii_domain(domain: str) -> str:
    labels = [label if _PLAIN_LABEL.fullmatch(label) else _ascii_label(label) for label in _labels(domain)]
    joined = ".".join(labels)
    if len(labels) < 2 or len(joined) > MAX_DOMAIN or labels[-1].isdecimal():  # noqa: PLR2004  # localhost has one
        raise UnusableText(_NOT_VALID)
    return joined


def _labels(domain: str) -> list[str]:
    """The parts of the domain after the mapping, which also turns the dots of other scripts into full stops."""
    try:
        return idna.uts46_remap(domain, std3_rules=True).split(".")
    except idna.IDNAError:
        raise UnusableText(_NOT_VALID) from None


def _ascii_label(label: str) -> str:
    try:
        return idna.alabel(label).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise UnusableText(_NOT_VALID) from None
