"""Grouping of client addresses for rate limits."""

from __future__ import annotations

import pytest

from app.http.addresses import LONGEST, place_of


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0DB8:0001:0002::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:c000:201", "192.0.2.1"),
        ("2002:c000:201:77::5", "192.0.2.1"),
        ("192.0.2.1:54321", "192.0.2.1"),
        ("[2001:db8:1:2::9]:54321", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("", "unknown"),
        ("_hidden", "_hidden"),
        ("x" * 1000, "x" * LONGEST),
    ],
)
def test_the_group_of_an_address(address: str | None, place: str) -> None:
    assert place_of(address) == place
