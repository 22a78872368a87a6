"""Exports a user's texts. Conversions run off the event loop, so they do not stall other requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from bson import ObjectId

from app.clock import iso, utcnow
from app.content import listing, queries
from app.content.export.archive import zipped
from app.content.export.formats import FORMATS
from app.content.export.names import UniqueNames, base_name
from app.content.listing import ListQuery
from app.errors import FieldError, InvalidInput, NotFound

MOST = 500
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class File:
    name: str
    media_type: str
    data: bytes


class Exports:
    """Exports texts. `offload` calls a function off the event loop and returns its result."""

    def __init__(self, offload: Callable[..., Any]) -> None:
        self._offload = offload

    def file(self, user_id: str, content_id: str, kind: str) -> File:
        """Returns one text as a file. Raises NotFound."""
        content = queries.find_own(user_id, _id=queries.content_id(content_id))
        if content is None:
            raise NotFound("Content not found")
        made = self._offload(FORMATS[kind].make, content)
        return File(f"{base_name(content['title'])}.{kind}", FORMATS[kind].media_type, made)

    def archive(
        self, user_id: str, kind: str, ids: Sequence[ObjectId] | None, query: ListQuery | None
    ) -> Iterator[bytes]:
        """Yields the pieces of a zip of these texts, or of all that a list would show, with a manifest.

        Raises InvalidInput for more than 500 texts, NotFound if there are none.
        """
        entries = self._entries(user_id, kind, ids, query)
        return zipped(self._files(user_id, kind, entries))

    def _entries(
        self, user_id: str, kind: str, ids: Sequence[ObjectId] | None, query: ListQuery | None
    ) -> list[dict[str, Any]]:
        found = listing.heads_of(user_id, query or ListQuery(ids=ids), MOST + 1)
        if len(found) > MOST:
            raise InvalidInput([FieldError("filter", f"Matches more than {MOST} contents: narrow it down.")])
        if not found:
            raise NotFound("None of these contents was found")
        names = UniqueNames()
        names.take(*MANIFEST.split("."))
        return [{**each, "file": names.take(each["title"], kind)} for each in found]

    def _files(self, user_id: str, kind: str, entries: list[dict[str, Any]]) -> Iterator[tuple[str, datetime, bytes]]:
        told = []
        for entry in entries:
            content = queries.find_own(user_id, _id=entry["_id"])
            if content is None:  # deleted since the download began
                continue
            told.append(
                {
                    "id": str(entry["_id"]),
                    "file": entry["file"],
                    "title": content["title"],
                    "updatedAt": iso(content["updated_at"]),
                }
            )
            yield entry["file"], content["updated_at"], self._offload(FORMATS[kind].make, content)
        manifest = {"format": kind, "exportedAt": iso(utcnow()), "count": len(told), "files": told}
        yield MANIFEST, utcnow(), orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
