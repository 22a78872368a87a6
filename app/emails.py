"""The canonical form in which email addresses are stored.

The domain is stored in its DNS form (IDNA 2008 after the mapping of UTS #46, as browsers send it), and the local part
in Unicode's composed form (NFC). Both are in lower case.
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
    """Returns the canonical form of an address. Raises UnusableText if it is not an email address."""
    if "@" not in email or is_too_long(email):
        raise UnusableText(_NOT_VALID)
    local, _, domain = composed(email, MAX_EMAIL).lower().partition("@")
    stored = f"{_checked_local(local)}@{_ascii_domain(domain)}"
    if len(stored) > MAX_EMAIL:
        raise UnusableText(_NOT_VALID)
    return stored


def is_too_long(email: str) -> bool:
    """Whether no account can have this address. White space around it does not belong to it."""
    return len(email.strip()) > MAX_EMAIL


def known_forms(email: str) -> list[str]:
    """Returns the forms in which an account with this address may be stored, the canonical one first.

    Earlier releases stored an address as typed, in lower case.
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
    """Validates an RFC 5322 dot-atom with the letters of RFC 6531. Quoted local parts are rejected."""
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
    """Returns the labels of the mapped domain. The mapping also converts the dots of other scripts."""
    try:
        return idna.uts46_remap(domain, std3_rules=True).split(".")
    except idna.IDNAError:
        raise UnusableText(_NOT_VALID) from None


def _ascii_label(label: str) -> str:
    try:
        return idna.alabel(label).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise UnusableText(_NOT_VALID) from None
