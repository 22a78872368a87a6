"""Loads the tables of words and phrases in data/, each once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """Returns the contents of data/<name>.toml."""
    with (_FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
