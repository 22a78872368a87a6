"""Reads what spreadsheets export as CSV, in any encoding and with any separator."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from app.content.folding import fold
from app.errors import FieldError, InvalidInput

DELIMITERS = (",", ";", "\t")
MOST_ROWS = 500
LONGEST_CELL = 100_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_SEPARATOR_LINE = re.compile(r"\A\"?sep=(.)\"?\r?\n")
"""Excel's own first line."""


@dataclass(frozen=True)
class Table:
    """A spreadsheet's rows, without blank ones, as values by variable; `ignored` are columns that no variable uses."""

    encoding: str
    delimiter: str
    rows: list[dict[str, str]]
    ignored: list[str]
    numbers: list[int]
    """Which row of the file each is; the first one below the header is 1."""
    errors: dict[int, str]
    """Rows that cannot be read, by their place in `rows`."""


def read(data: bytes, variables: Sequence[str], encoding: str = "", columns: Mapping[str, str] | None = None) -> Table:
    """The table in a file. Raises InvalidInput for a file that is none, or has no column for a variable."""
    text, used = _decoded(data, encoding)
    hint = _SEPARATOR_LINE.match(text)
    text = text[hint.end() :] if hint else text
    found = {each: _rows(text, each) for each in ([hint[1]] if hint else DELIMITERS)}
    delimiter = max(found, key=lambda each: _fitness(found[each][0], variables))
    rows, problem = found[delimiter]
    if not rows:
        raise InvalidInput([FieldError("file", problem or "The file is empty.")])
    header = rows[0]
    places, ignored = _places(header, variables, columns or {})
    numbered = [(number, row) for number, row in enumerate(rows[1:], 1) if any(cell.strip() for cell in row)]
    if problem:
        raise InvalidInput([FieldError(f"rows.{len(rows)}", problem)])
    if not numbered:
        raise InvalidInput([FieldError("file", "There is no row below the header.")])
    if len(numbered) > MOST_ROWS:
        raise InvalidInput([FieldError("file", f"There are more than {MOST_ROWS} rows.")])
    values = [{name: row[place].strip() for name, place in places.items() if place < len(row)} for _, row in numbered]
    errors = {
        place: f"Has {len(row)} cells, and the header has {len(header)}."
        for place, (_, row) in enumerate(numbered)
        if any(cell.strip() for cell in row[len(header) :])
    }
    return Table(used, delimiter, values, ignored, [number for number, _ in numbered], errors)


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    if not data.strip():
        raise InvalidInput([FieldError("file", "The file is empty.")])
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise InvalidInput([FieldError("file", "This is a workbook: save it as CSV first.")])
    for name in [encoding] if encoding else _guesses(data):
        try:
            text = data.decode(name)
        except (LookupError, ValueError):
            continue
        if "\x00" not in text:
            return text.removeprefix("\ufeff"), codecs.lookup(name).name
    raise InvalidInput([FieldError("encoding" if encoding else "file", "Cannot be read in this encoding.")])


def _guesses(data: bytes) -> list[str]:
    marked = [name for mark, name in _BOMS if data.startswith(mark)][:1]
    if marked:
        return marked
    if data[1::2].count(0) > len(data) // 8 or data[::2].count(0) > len(data) // 8:
        return ["utf-16-le", "utf-16-be"] if data[1::2].count(0) > data[::2].count(0) else ["utf-16-be", "utf-16-le"]
    best = None if data.isascii() else _best_guess(data)
    return ["utf-8", "cp1252", *([best] if best else []), "latin-1"]


def _best_guess(data: bytes) -> str | None:
    try:
        data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return None
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        found = from_bytes(data[:100_000]).best()
        return found.encoding if found else None
    return None


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], str]:
    """The rows up to the first that cannot be read, and why."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    try:
        for row in reader:
            if row or rows:
                rows.append(row)
    except csv.Error as error:
        return rows, f"Cannot be read ({error}): check its quotation marks."
    while rows and not any(cell.strip() for cell in rows[0]):
        del rows[0]
    return rows, ""


def _fitness(rows: Sequence[Sequence[str]], variables: Sequence[str]) -> tuple[int, int, int]:
    """How well a separator fits: variables in the header, rows as wide as it, columns."""
    if not rows:
        return (0, 0, 0)
    names = {_key(cell) for cell in rows[0]}
    width = len(rows[0])
    as_wide = sum(len(row) == width for row in rows) if width > 1 else 0
    return (sum(_key(name) in names for name in variables), as_wide, width)


def _places(
    header: Sequence[str], variables: Sequence[str], columns: Mapping[str, str]
) -> tuple[dict[str, int], list[str]]:
    """Where each variable's column is, and the columns that are not used."""
    chosen = {_key(column): variable for column, variable in columns.items()}
    by_key = {_key(name): name for name in variables}
    wanted = [chosen.get(_key(cell), by_key.get(_key(cell), "")) for cell in header]
    twice = [name for name, count in Counter(filter(None, wanted)).items() if count > 1]
    missing = [name for name in variables if name not in wanted]
    errors = [FieldError(f"columns.{name}", "Two columns have this name.") for name in twice]
    errors += [FieldError(f"columns.{name}", f"No column is named {name}.") for name in missing]
    if errors:
        raise InvalidInput(errors)
    unused = (cell.strip() for cell, name in zip(header, wanted, strict=True) if name not in variables)
    ignored = list(filter(None, unused))
    return {name: place for place, name in enumerate(wanted) if name in variables}, ignored


def _key(name: str) -> str:
    return re.sub(r"\W+", "_", fold(name.strip())).strip("_")
