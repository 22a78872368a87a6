"""Exports the results of a batch as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADER = ("row", "status", "title", "text", "failureReason", "contentId")


def csv_of(batch: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> bytes:
    """Returns each row's values, status and text as CSV, in UTF-8 with the byte order mark that Excel needs."""
    names = list(dict.fromkeys(name for item in items for name in item["values"])) if batch.get("template_id") else []
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([_guarded(cell) for cell in (*names, *_HEADER)])
    for item in items:
        fields = ("row", "status", "title", "generated_text", "failure_reason", "content_id")
        own = [item[name] for name in fields]
        writer.writerow([_guarded(cell) for cell in (*(item["values"].get(name) for name in names), *own)])
    return b"\xef\xbb\xbf" + stream.getvalue().encode(errors="replace")


def _guarded(cell: Any) -> str:
    """Prefixes cells that a spreadsheet would treat as a formula; see https://owasp.org/www-community/attacks/CSV_Injection."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA[:4]) else text
