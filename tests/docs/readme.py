"""README.md and docs/*.md, taken apart: their fenced blocks by name, their tables, their words in code type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.processes import ROOT

ELLIPSIS = "…"
"""In a quoted output, stands for text that varies or is omitted."""

_FENCED = re.compile(r"^```(\w+)[ ]?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its name (the word after the language, or empty), and its text."""

    language: str
    name: str
    text: str


def pages() -> list[Path]:
    """README first, because its session is continued in docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@cache
def text() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages())


@cache
def blocks(name: str | None = None) -> list[Block]:
    """The blocks with this name, or all of them, in order."""
    found = [Block(*match.groups()) for match in _FENCED.finditer(text())]
    return [block for block in found if name in {None, block.name}]


def without_blocks(page: str) -> str:
    return _FENCED.sub("", page)


@cache
def prose() -> str:
    """The pages without their fenced blocks."""
    return without_blocks(text())


def pattern(quoted: str) -> re.Pattern[str]:
    """A regular expression that matches the output that a quoted block stands for."""
    parts = (re.escape(part) for part in quoted.strip().split(ELLIPSIS))
    return re.compile(".*?".join(parts), re.DOTALL)


def table(header: str) -> list[list[str]]:
    """The rows of all tables whose header line begins with `| header |`."""
    lines = text().splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith(f"| {header} |")]
    assert heads, f"no table has the header | {header} |"
    return [row for head in heads for row in _rows(lines[head + 2 :])]


def _rows(lines: list[str]) -> list[list[str]]:
    end = next((number for number, line in enumerate(lines) if not line.startswith("|")), len(lines))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:end]]
