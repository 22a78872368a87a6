"""Parses CSV exported by spreadsheets, in any encoding and with any delimiter."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from app.batches.encodings import canonical
from app.content.folding import fold
from app.errors import FieldError, InvalidInput
from app.templates.variables import name_of

DELIMITERS = (",", ";", "\t")
MOST_ROWS = 500
MOST_COLUMNS = 500
MOST_NAMED = 5
MOST_LINES = 20_000
"""Including the blank rows between others."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_SEPARATOR_LINE = re.compile(r"\A\"?sep=([^\"\s]|\t)\"?\r?\n")
"""Excel's optional first line."""


@dataclass(frozen=True)
class Table:
    """A file's non-blank rows as values by variable. `ignored` are columns that no variable uses."""

    encoding: str
    delimiter: str
    rows: list[dict[str, str]]
    ignored: list[str]
    numbers: list[int]
    """The row number of each in the file; the first one below the header is 1."""
    errors: dict[int, str]
    """Errors of rows, by index in `rows`."""


@dataclass(frozen=True)
class Sheet:
    """A file's header and non-blank rows. `numbers` as in Table."""

    encoding: str
    delimiter: str
    header: list[str]
    rows: list[list[str]]
    numbers: list[int]

    def too_wide(self) -> dict[int, str]:
        """Returns errors for the rows with more cells than the header, by index in `rows`."""
        width = len(self.header)
        return {
            place: f"Has {len(row)} cells, and the header has {width}."
            for place, row in enumerate(self.rows)
            if any(cell.strip() for cell in row[width:])
        }

    @property
    def shown(self) -> dict[str, object]:
        """The columns, the cells below them, and the errors of rows that are too wide."""
        width = len(self.header)
        faults = [{"field": f"rows.{self.numbers[at]}", "message": fault} for at, fault in self.too_wide().items()]
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "columns": [cell.strip() for cell in self.header],
            "rows": [[cell.strip() for cell in row[:width]] for row in self.rows],
            "numbers": self.numbers,
            "errors": faults,
        }


def read(data: bytes, variables: Sequence[str], encoding: str = "", columns: Mapping[str, str] | None = None) -> Table:
    """Parses a file into a table. Raises InvalidInput if it cannot be parsed or lacks a column for a variable."""
    found = sheet(data, encoding, wanted=variables)
    places, ignored = _places(found.header, variables, columns or {})
    values = [{name: row[place].strip() for name, place in places.items() if place < len(row)} for row in found.rows]
    return Table(found.encoding, found.delimiter, values, ignored, found.numbers, found.too_wide())


def sheet(data: bytes, encoding: str = "", delimiter: str = "", wanted: Sequence[str] = ()) -> Sheet:
    """Parses a file. Detects the encoding and the delimiter if not given; `wanted` are the expected columns.

    Raises InvalidInput if the file cannot be parsed, has no row below its header, or has more than 500 rows or columns.
    """
    text, used = _decoded(data, encoding)
    hint = _SEPARATOR_LINE.match(text)
    text = text[hint.end() :] if hint else text
    candidates = [delimiter] if delimiter else [hint[1]] if hint else DELIMITERS
    found = {each: _rows(text, each) for each in candidates}
    best = max(found, key=lambda each: _fitness(found[each][0], wanted))
    rows, problem = found[best]
    if not rows:
        raise InvalidInput([FieldError("file", problem or "The file is empty.")])
    numbered = [(number, row) for number, row in enumerate(rows[1:], 1) if _is_filled(row)]
    if problem:
        raise InvalidInput([FieldError(f"rows.{len(rows)}", problem)])
    _check_size(rows, len(numbered))
    header = rows[0][:MOST_COLUMNS]
    return Sheet(used, best, header, [row for _, row in numbered], [number for number, _ in numbered])


def _check_size(rows: Sequence[Sequence[str]], filled: int) -> None:
    problem = None
    if not filled:
        problem = "There is no row below the header."
    if filled > MOST_ROWS:
        problem = f"There are more than {MOST_ROWS} rows."
    elif len(rows) > MOST_LINES:
        problem = f"There are more than {MOST_LINES:,} rows, counting blank ones."
    if _is_filled(rows[0][MOST_COLUMNS:]):
        problem = f"There are more than {MOST_COLUMNS} columns."
    if problem:
        raise InvalidInput([FieldError("file", problem)])


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    if not data.strip():
        raise InvalidInput([FieldError("file", "The file is empty.")])
    if data[:2] == b"PK" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise InvalidInput([FieldError("file", "This is a workbook: save it as CSV first.")])
    for name in [encoding] if encoding else _guesses(data):
        known = canonical(name)
        if known is None:
            continue
        try:
            text = data.decode(known)
        except ValueError:
            continue
        if "\x00" not in text:
            return text.removeprefix("\ufeff"), known
    if not encoding:
        fault = FieldError("file", "Is not a text in a known encoding: save it as CSV in UTF-8.")
    elif canonical(encoding) is None:
        fault = FieldError("encoding", "Is not the name of a known encoding, such as utf-8 or windows-1252.")
    else:
        fault = FieldError("encoding", "The file is not in this encoding.")
    raise InvalidInput([fault])


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
    """Returns the rows from the first filled one, up to one that cannot be parsed or is one too many, and the error."""
    rows: list[list[str]] = []
    stream = io.StringIO(_without_blank_end(text, delimiter), newline="")
    reader = csv.reader(stream, delimiter=delimiter, strict=True, skipinitialspace=delimiter != " ")
    filled = lines = 0
    try:
        for row in reader:
            lines += 1
            filled += (is_filled := _is_filled(row))
            if rows or is_filled:
                rows.append(row)
            if filled > MOST_ROWS + 1 or lines > MOST_LINES:
                break
    except csv.Error as error:
        if "field larger than field limit" in str(error):
            limit = csv.field_size_limit()
            return rows, f"Has a cell of more than {limit:,} characters: shorten it, or check its quotation marks."
        return rows, f"Cannot be read ({error}): check its quotation marks."
    return rows, ""


def _is_filled(row: Sequence[str]) -> bool:
    return any(map(str.strip, row))


def _without_blank_end(text: str, delimiter: str) -> str:
    """Removes the blank rows at the end, of which spreadsheets may export a million."""
    end = re.compile(r"[\r\n]").search(text, len(text.rstrip(f" \t\r\n{delimiter}")))
    return text[: end.end()] if end else text


def _fitness(rows: Sequence[Sequence[str]], variables: Sequence[str]) -> tuple[int, int, int]:
    """Scores a delimiter by: variables found in the header, rows as wide as the header, columns."""
    if not rows:
        return (0, 0, 0)
    names = {_key(cell) for cell in rows[0][:MOST_COLUMNS]}
    width = len(rows[0])
    as_wide = sum(len(row) == width for row in rows) if width > 1 else 0
    return (sum(_key(name) in names for name in variables), as_wide, width)


def _places(
    header: Sequence[str], variables: Sequence[str], columns: Mapping[str, str]
) -> tuple[dict[str, int], list[str]]:
    """Returns the column index of each variable, and the unused columns."""
    chosen = {column: name_of(variable) for column, variable in columns.items()}
    unknown = sorted({variable for variable in chosen.values() if variable and variable not in variables})
    by_key = {_key(name): name for name in variables} | {_key(column): name for column, name in chosen.items()}
    wanted = [by_key.get(_key(cell), "") for cell in header]
    used = {name: [cell.strip() for cell, its in zip(header, wanted, strict=True) if its == name] for name in variables}
    errors = [FieldError(f"columns.{name[:100]}", "The template has no such variable.") for name in unknown[:20]]
    errors += [
        FieldError(f"columns.{name}", _not_one(name, cells, chosen)) for name, cells in used.items() if len(cells) != 1
    ]
    if errors:
        raise InvalidInput(errors)
    unused = (cell.strip() for cell, name in zip(header, wanted, strict=True) if name not in variables)
    ignored = list(filter(None, unused))
    return {name: place for place, name in enumerate(wanted) if name in variables}, ignored


def _not_one(name: str, cells: Sequence[str], chosen: Mapping[str, str]) -> str:
    """Returns why a variable does not have one column, but these."""
    if cells:
        return f"Several columns are used for it: {', '.join(cells[:MOST_NAMED])}."
    source = next((column for column, variable in chosen.items() if variable == name), name)
    if source == name and chosen.get(name, name) != name:
        return f"No column is used for it: {name} is used for {chosen[name]}."
    return f"No column is named {source}."


def _key(name: str) -> str:
    return re.sub(r"\W+", "_", fold(name.strip())).strip("_")
