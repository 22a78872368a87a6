"""File names made from titles in any script, safe for file systems, headers and zip archives."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

LONGEST_BYTES = 150
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Names that Windows reserves for devices; https://learn.microsoft.com/windows/win32/fileio/naming-a-file."""
NAMELESS = "text"


def base_name(title: str) -> str:
    """Returns a title as a file name, without an extension."""
    seen = "".join(each if unicodedata.category(each)[0] not in "CZ" else " " for each in title)
    name = " ".join(_FORBIDDEN.sub(" ", seen).split()).strip(". ")
    name = name.encode()[:LONGEST_BYTES].decode(errors="ignore").strip(". ")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name or NAMELESS


class UniqueNames:
    """Gives each file of an archive a unique name, also on case-insensitive file systems."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, title: str, ending: str) -> str:
        base = base_name(title)
        number = 1
        name = f"{base}.{ending}"
        while self._key(name) in self._taken:
            number += 1
            name = f"{base} ({number}).{ending}"
        self._taken.add(self._key(name))
        return name

    @staticmethod
    def _key(name: str) -> str:
        return unicodedata.normalize("NFKC", name).casefold()


def content_disposition(name: str) -> str:
    """Returns the header's value: the name, and an ASCII fallback for older clients (RFC 6266, appendix D)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .()-]", "_", plain).strip()
    if not plain.rpartition(".")[0].strip(" ._"):
        plain = f"{NAMELESS}.{name.rpartition('.')[2]}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
