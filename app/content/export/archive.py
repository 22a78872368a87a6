"""A streamed zip: only one file of it is in memory at a time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime

_EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001  # as in the format, times in an archive have no offset
_LATEST = datetime(2107, 12, 31, 23, 59, 58)  # noqa: DTZ001  # as above
"""The times that a zip can hold: APPNOTE 4.4.6, https://support.pkware.com/pkzip/appnote."""


class _Outlet(io.RawIOBase):
    """Buffers what zipfile writes until `fetch` is called."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # any buffer, as in RawIOBase
        self._waiting += piece
        return len(piece)

    def fetch(self) -> bytes:
        piece = bytes(self._waiting)
        self._waiting.clear()
        return piece


def zipped(files: Iterable[tuple[str, datetime, bytes]]) -> Iterator[bytes]:
    """Yields the pieces of an archive of these files, given as (name, time of the last change, bytes)."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, changed, data in files:
            archive.writestr(_entry(name, changed), data)
            yield outlet.fetch()
    yield outlet.fetch()


def _entry(name: str, changed: datetime) -> zipfile.ZipInfo:
    within = min(max(changed.replace(tzinfo=None), _EARLIEST), _LATEST)
    entry = zipfile.ZipInfo(name, within.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
