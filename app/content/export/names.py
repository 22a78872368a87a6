"""File names made of titles: in any script, safe in every file system, in a header and in a zip."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

LONGEST_BYTES = 150
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Names that Windows keeps for devices; https://learn.microsoft.com/windows/win32/fileio/naming-a-file."""
NAMELESS = "text"


def base_name(title: str) -> str:
    """A title as the name of a file, without an ending."""
    seen = "".join(each if unicodedata.category(each)[0] not in "CZ" else " " for each in title)
    name = " ".join(_FORBIDDEN.sub(" ", seen).split()).strip(". ")
    name = name.encode()[:LONGEST_BYTES].decode(errors="ignore").strip(". ")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name or NAMELESS


class UniqueNames:
    """Gives each file of an archive a name that no other has, also where case does not count."""

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
    """The header's value: the name for browsers, and one in plain letters for what is older (RFC 6266, appendix D)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^\w .()-]", "_", plain).strip()
    if not plain.rpartition(".")[0].strip(" ._"):
        plain = f"{NAMELESS}.{name.rpartition('.')[2]}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
