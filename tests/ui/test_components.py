"""The browser app's component tests, and the size of its first load."""

from __future__ import annotations

import re

from tests.ui.npm import UI, npm, unavailable


def test_components() -> None:
    """Vitest: the components of the app, each by its behaviour."""
    assert re.search(r"Tests +\d+ passed", npm("test"))


def test_the_first_load_is_small() -> None:
    """Under 150 kB of compressed JavaScript, by the app's own check."""
    if not (UI / "dist" / "index.html").is_file():
        unavailable("the built browser app: run `make ui`")
    npm("size")
