"""The export formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.clock import iso
from app.content.export.plain import plain_of
from app.content.export.web_page import html_of

Exported = Mapping[str, Any]
"""A content's fields, as app.content.queries shows them."""
_IN_JSON = {
    "title": "title", "content_type": "contentType", "prompt": "prompt", "generated_text": "generatedText",
    "status": "status", "tags": "tags", "brief": "brief", "words": "words", "created_at": "createdAt",
    "updated_at": "updatedAt",
}  # fmt: skip


@dataclass(frozen=True)
class Format:
    """An export format. `make` is a pure function of a content and may take up to a second."""

    media_type: str
    make: Callable[[Exported], bytes]


def _text(content: Exported) -> str:
    return str(content.get("generated_text") or "")


def _markdown(content: Exported) -> bytes:
    """Returns the text unchanged."""
    return _text(content).encode()


def _json(content: Exported) -> bytes:
    shown = {name: content.get(field) for field, name in _IN_JSON.items()}
    dates = {name: iso(content[field]) for field, name in _IN_JSON.items() if field.endswith("_at")}
    return orjson.dumps({"id": str(content["id"]), **shown, **dates}, option=orjson.OPT_INDENT_2)


def _html(content: Exported) -> bytes:
    return html_of(content["title"], _text(content)).encode()


def _plain(content: Exported) -> bytes:
    return plain_of(_text(content)).encode()


def _word(content: Exported) -> bytes:
    from app.content.export.word import docx_of  # noqa: PLC0415  # brings python-docx: 10 MB and a tenth of each start

    return docx_of(content["title"], _text(content))


FORMATS: Mapping[str, Format] = {
    "md": Format("text/markdown; charset=utf-8", _markdown),
    "html": Format("text/html; charset=utf-8", _html),
    "txt": Format("text/plain; charset=utf-8", _plain),
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word),
    "json": Format("application/json", _json),
}
