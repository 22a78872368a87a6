"""The heading that becomes the title of a text."""

from __future__ import annotations

import pytest

from app.generation.titles import LONGEST_TITLE, heading_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Owls\n\nThey hunt.", "Owls"),
        ("Some words.\n\n## Owls at night ##\n", "Owls at night"),
        ("#Owls are a tag\n\n# Owls", "Owls"),
        ("Owls\n====\n\nThey hunt.", "Owls"),
        ("- an item\n---\n\n# Owls", "Owls"),
        ("```\n# no heading\n```\n# Owls", "Owls"),
        ("~~~~\n# no heading\n~~~\n# nor this\n~~~~\n# Owls", "Owls"),
        ("    # code\n\n# Owls", "Owls"),
        ("# **Owls** and _night_ `code` [here](http://x)", "Owls and night code here"),
        ("# snake_case and 2 * 3 * 4", "snake_case and 2 * 3 * 4"),
        ("# \u200b\n## Owls", "Owls"),
        ("# $title {$set}", "$title {$set}"),
        ("# دور الذكاء", "دور الذكاء"),
        ("#\n# \n", None),
        ("No heading at all.", None),
        ("", None),
        ("# " + "é" * 300, "é" * (LONGEST_TITLE - 1) + "…"),
        ("# a" + "\u0301" * 40, None),
    ],
)
def test_the_first_heading_is_found(text: str, title: str | None) -> None:
    assert heading_of(text) == title


def test_headings_of_long_texts_are_found_quickly() -> None:
    """The patterns do not backtrack."""
    for text in ("#" * 100_000, "# " + "[" * 100_000, "# " + "*" * 100_000, "# " + " #" * 50_000, "`" * 100_000):
        heading_of(text)
