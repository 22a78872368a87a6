"""The tables of words and phrases beside this file, each read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """What data/<name>.toml holds."""
    with (_FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
