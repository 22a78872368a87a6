"""A zip that is written while it is sent: no more than one file of it is in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime


class _Outlet(io.RawIOBase):
    """Takes what zipfile writes, until somebody fetches it."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # any buffer, as RawIOBase has it
        self._waiting += piece
        return len(piece)

    def fetch(self) -> bytes:
        piece = bytes(self._waiting)
        self._waiting.clear()
        return piece


def zipped(files: Iterable[tuple[str, datetime, bytes]]) -> Iterator[bytes]:
    """The pieces of an archive with these files: name, time of the last change, bytes."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, changed, data in files:
            archive.writestr(_entry(name, changed), data)
            yield outlet.fetch()
    yield outlet.fetch()


def _entry(name: str, changed: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, changed.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
