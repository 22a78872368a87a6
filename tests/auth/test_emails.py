"""Normalisation of email addresses."""

# ruff: noqa: RUF001  # letters that look like others are the point
from __future__ import annotations

import pytest

from app.emails import canonical, known_forms
from app.typed_text import UnusableText

FORMS = {
    "Ann@Example.com": "ann@example.com",
    "  a@b.de\n": "a@b.de",
    "a@bücher.example": "a@xn--bcher-kva.example",
    "a@BÜCHER.example": "a@xn--bcher-kva.example",
    "a@bu\u0308cher.example": "a@xn--bcher-kva.example",
    "a@XN--BCHER-KVA.Example": "a@xn--bcher-kva.example",
    "a@faß.de": "a@xn--fa-hia.de",
    "a@例え。テスト": "a@xn--r8jz45g.xn--zckzah",
    "a@مثال.إختبار": "a@xn--mgbh0fb.xn--kgbechtv",
    "a@ｅｘａｍｐｌｅ．com": "a@example.com",
    "a@x\u00ady.de": "a@xy.de",
    "jose\u0301@example.com": "josé@example.com",
    "JOSÉ@example.com": "josé@example.com",
    "अनिता@example.com": "अनिता@example.com",
    "a.b+c_d-e'f@sub.example.co.uk": "a.b+c_d-e'f@sub.example.co.uk",
    "a@r3---sn-4g5e.example.com": "a@r3---sn-4g5e.example.com",
    "a@example.xn--p1ai": "a@example.xn--p1ai",
    "!#$%&'*+-/=?^_`{|}~@example.com": "!#$%&'*+-/=?^_`{|}~@example.com",
}

NOT_ADDRESSES = [
    "",
    "plain",
    "@example.com",
    "a@",
    "a@localhost",
    "a@b@example.com",
    '"a@b"@example.com',
    "a b@example.com",
    "a@example..com",
    "a@.com",
    "a@example.com.",
    "a@-example.com",
    "a@example-.com",
    "a@exa_mple.com",
    "a@exa mple.com",
    "a@example.com/x",
    "a@127.0.0.1",
    "a@[127.0.0.1]",
    "a@example.123",
    "a@xn--a.com",
    "a@xn--.com",
    "a@\u200d.com",
    "a@💩.la",
    ".a@example.com",
    "a.@example.com",
    "a..b@example.com",
    "a\x00@example.com",
    "a\u202e@example.com",
    "<script>@example.com",
    f"{'a' * 65}@example.com",
    f"a@{'b' * 64}.com",
    f"a@{'ü' * 60}.com",
    f"a@{'b.' * 130}com",
    "é" + "\u0301\u0323" * 16 + "@example.com",
    "é" + "\u0301" * 160_000 + "@example.com",
]


@pytest.mark.parametrize(("typed", "stored"), FORMS.items(), ids=map(ascii, FORMS))
def test_each_address_has_one_stored_form(typed: str, stored: str) -> None:
    """However the address is typed. Normalising the stored form again does not change it."""
    assert canonical(typed) == stored
    assert canonical(stored) == stored


@pytest.mark.parametrize("text", NOT_ADDRESSES, ids=lambda text: ascii(text[:40]))
def test_invalid_email_addresses_are_rejected(text: str) -> None:
    with pytest.raises(UnusableText):
        canonical(text)


def test_accounts_of_earlier_releases_are_found() -> None:
    """Earlier releases stored addresses as typed, in lower case, and some would be rejected now."""
    old = "a@bücher.example"
    for typed in (old, "A@Bücher.Example", "a@xn--bcher-kva.example"):
        assert {old, "a@xn--bcher-kva.example"} <= set(known_forms(typed))
    assert known_forms("jose\u0301@example.com") == ["josé@example.com", "jose\u0301@example.com"]
    assert known_forms(" A@localhost") == ["a@localhost"]
