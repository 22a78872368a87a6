"""README.md, taken apart: its fenced blocks by name, its tables, its words in code type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tools.processes import ROOT

README = ROOT / "README.md"
ELLIPSIS = "…"
"""Stands in a quoted output for what differs from time to time."""

_FENCED = re.compile(r"^```(\w+)[ ]?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the word behind it (empty when there is none), its text."""

    language: str
    name: str
    text: str


@cache
def text() -> str:
    return README.read_text(encoding="utf-8")


@cache
def blocks(name: str | None = None) -> list[Block]:
    """The blocks with this name, or all of them, in their order."""
    found = [Block(*match.groups()) for match in _FENCED.finditer(text())]
    return [block for block in found if name in {None, block.name}]


@cache
def prose() -> str:
    """The page without its fenced blocks."""
    return _FENCED.sub("", text())


def pattern(quoted: str) -> re.Pattern[str]:
    """Matches what a quoted output stands for."""
    parts = (re.escape(part) for part in quoted.strip().split(ELLIPSIS))
    return re.compile(".*?".join(parts), re.DOTALL)


def table(header: str) -> list[list[str]]:
    """The rows of the first table whose header line begins with `| header |`."""
    lines = text().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"| {header} |"))
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows
