"""Exports of various spreadsheet programs: parsed correctly, or rejected with the row and the reason."""

# tables of files
from __future__ import annotations

import csv
import io
from codecs import lookup

import pytest

from app.batches.encodings import ENCODINGS, canonical
from app.batches.spreadsheet import read
from app.errors import InvalidInput

NAMES = ["product_name", "price"]
RIGHT = [{"product_name": "Schürze „Größe“", "price": "9,50 €"}, {"product_name": "Mug", "price": "two\nlines"}]
SEMICOLONS = 'Product name;Price\r\nSchürze „Größe“;9,50 €\r\nMug;"two\nlines"\r\n'
COMMAS = 'product_name,price\nSchürze „Größe“,"9,50 €"\nMug,"two\nlines"\n'
TABS = 'PRODUCT_NAME\tPRICE\nSchürze „Größe“\t9,50 €\nMug\t"two\nlines"\n'
LIBREOFFICE = 'product_name;price\nSchürze „Größe“;9,50 €\nMug;"two\nlines"\n'
LIBREOFFICE_COMMAS = 'product_name,price\nSchürze „Größe“,"9,50 €"\nMug,"two\nlines"\n'
"""What LibreOffice 7.4 wrote: `soffice --headless --convert-to "csv:Text - txt - csv (StarCalc):59,34,76" sheet.ods`.

The numbers are the separator, the quotation mark and the encoding: 76 is UTF-8, 1 Windows-1252, 65535 UTF-16.
"""


def written(dialect: str) -> bytes:
    """CSV data as Python's csv module writes it."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, NAMES, dialect=dialect)
    writer.writeheader()
    writer.writerows(RIGHT)
    return stream.getvalue().encode()


FILES = {
    "excel, semicolons, Windows-1252": SEMICOLONS.encode("cp1252"),
    "excel, UTF-8 with a byte-order mark": b"\xef\xbb\xbf" + SEMICOLONS.encode(),
    "excel, Unicode text": TABS.encode("utf-16"),
    "UTF-16, big-endian, marked": b"\xfe\xff" + TABS.encode("utf-16-be"),
    "UTF-16 without a mark": TABS.encode("utf-16-le"),
    "UTF-32": COMMAS.encode("utf-32"),
    "libreoffice, UTF-8, commas": LIBREOFFICE_COMMAS.encode(),
    "libreoffice, UTF-8, semicolons": LIBREOFFICE.encode(),
    "libreoffice, UTF-8, tabs": LIBREOFFICE.replace(";", "\t").encode(),
    "libreoffice, Windows-1252": b'product_name;price\nSch\xfcrze \x84Gr\xf6\xdfe\x93;9,50 \x80\nMug;"two\nlines"\n',
    "libreoffice, UTF-16": b"\xff\xfe" + LIBREOFFICE_COMMAS.encode("utf-16-le"),
    "libreoffice, all quoted": '"product_name","price"\n"Schürze „Größe“","9,50 €"\n"Mug","two\nlines"\n'.encode(),
    "google sheets": COMMAS.replace("\n", "\r\n").replace("two\r\nlines", "two\nlines").encode(),
    "numbers, semicolons": SEMICOLONS.replace("\r\n", "\n").encode(),
    "excel's own first line": ("sep=;\r\n" + SEMICOLONS).encode(),
    "python excel": written("excel"),
    "python excel-tab": written("excel-tab"),
    "python unix": written("unix"),
    "blank lines": ("\n\n" + COMMAS + "\n,\n  , \n").encode(),
    "other columns": COMMAS.replace("price\n", "price,SKU\n")
    .replace('€"\n', '€",1\n')
    .replace('lines"\n', 'lines",2\n')
    .encode(),
    "another order": 'Price;PRODUCT NAME\n9,50 €;Schürze „Größe“\n"two\nlines";Mug\n'.encode(),
}
REFUSED = {
    "empty": (b"", "file"),
    "a workbook": (b"PK\x03\x04 xlsx", "file"),
    "no rows": (b"product_name,price\n", "file"),
    "a column is missing": (b"product_name,cost\na,b\n", "columns.price"),
    "two columns of a name": (b"product_name,price,Price\na,b,c\n", "columns.price"),
    "a quotation mark that does not end": (b'product_name,price\na,b\n"c,d\n', "rows.2"),
    "a cell that is too long": (b"product_name,price\na," + b"b" * 131_073 + b"\n", "rows.1"),
    "not a text": (b"\x89PNG\r\n\x1a\n" + bytes(range(8)) * 40, "file"),
    "too many rows": (b"product_name,price\n" + b"a,b\n" * 501, "file"),
    "too many rows by far": (b"product_name,price\n" + b"a,b\n" * 1_000_000, "file"),
    "too many columns": (b"a," * 1_000_000 + b"\n" + b"b," * 1_000_000 + b"\n", "file"),
    "too many blank rows before another": (b"product_name,price\na,b\n" + b",\n" * 1_000_000 + b"a,b\n", "file"),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES.keys())
def test_every_export_is_parsed_correctly(data: bytes) -> None:
    assert read(data, NAMES).rows == RIGHT


@pytest.mark.parametrize(("data", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_invalid_files_are_rejected_with_the_position_of_the_error(data: bytes, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(data, NAMES)
    assert [each.field for each in refused.value.errors] == [field]


def test_a_cell_that_is_too_long_is_called_that() -> None:
    with pytest.raises(InvalidInput) as refused:
        read(REFUSED["a cell that is too long"][0], NAMES)
    assert refused.value.errors[0].message.startswith("Has a cell of more than 131,072 characters")


def test_libreoffice_files_with_other_separators_or_quotation_marks_are_rejected() -> None:
    """Its export dialog offers vertical bars and apostrophes too."""
    with pytest.raises(InvalidInput) as refused:
        read(LIBREOFFICE.replace(";", "|").encode(), NAMES)
    assert [each.field for each in refused.value.errors] == ["columns.product_name", "columns.price"]
    assert read(LIBREOFFICE_COMMAS.replace('"', "'").encode(), NAMES).errors == {
        0: "Has 3 cells, and the header has 2."
    }


def test_columns_that_no_variable_uses_are_named() -> None:
    table = read(FILES["other columns"], NAMES)
    assert (table.ignored, table.delimiter, table.encoding) == (["SKU"], ",", "utf-8")


def test_a_given_encoding_is_used() -> None:
    data = SEMICOLONS.replace("„Größe“", "Größe").replace("€", "E").encode("cp437")
    assert read(data, NAMES, "cp437").rows[0]["product_name"] == "Schürze Größe"
    for encoding, message in (("no-such-encoding", "Is not the name of"), ("ascii", "The file is not in")):
        with pytest.raises(InvalidInput) as refused:
            read(data, NAMES, encoding)
        assert refused.value.errors[0].message.startswith(message)


@pytest.mark.parametrize("encoding", ["punycode", "idna", "unicode_escape", "utf-7", "zip", "rot13", "undefined", "ü"])
def test_only_text_encodings_are_accepted(encoding: str) -> None:
    """Python's other codecs do more than decode text, and some take hours for five megabytes."""
    data = b"product_name,price\n1," + b"k9q" * 1_000_000 + b"\n"
    with pytest.raises(InvalidInput) as refused:
        read(data, NAMES, encoding)
    assert [each.field for each in refused.value.errors] == ["encoding"]


@pytest.mark.parametrize("name", ["Windows-1252", "windows_1252", "CP1252", "latin-1", "ISO-8859-1", "iso_8859-15"])
def test_an_encoding_has_several_names(name: str) -> None:
    assert read("product_name,price\nSchürze,9\n".encode(name), NAMES, name).rows[0]["product_name"] == "Schürze"


def test_every_encoding_in_the_reference_is_accepted() -> None:
    assert [canonical(each) for each in ENCODINGS] == list(ENCODINGS) == [lookup(each).name for each in ENCODINGS]


def test_a_million_blank_rows_at_the_end_are_ignored() -> None:
    """As in a sheet whose last row was once formatted."""
    assert len(read(COMMAS.encode() + b",\r\n" * 1_000_000, NAMES).rows) == 2
    table = read(b"product_name,price," + b"," * 16_000 + b"\na,b\n", NAMES)
    assert (table.rows, table.ignored) == ([{"product_name": "a", "price": "b"}], [])


@pytest.mark.parametrize("line", ['sep="', "sep= ", "sep=\r"])
def test_no_first_line_chooses_an_impossible_delimiter(line: str) -> None:
    with pytest.raises(InvalidInput):
        read(f"{line}\nproduct_name,price\na,b\n".encode(), NAMES)


def test_columns_can_be_mapped_to_other_names() -> None:
    assert read(b"Artikel;Preis\na;b\n", NAMES, columns={"artikel": "product_name", "Preis": "price"}).rows == [
        {"product_name": "a", "price": "b"}
    ]


def test_a_decomposed_name_of_a_variable_is_the_same_name() -> None:
    assert read(b"Gr;Preis\na;b\n", ["größe"], columns={"Gr": "gro\u0308ße"}).rows == [{"größe": "a"}]


@pytest.mark.parametrize(
    ("columns", "errors"),
    [
        ({}, {"price": "No column is named price."}),
        ({"Preis": "price"}, {"price": "No column is named Preis."}),
        ({"Artikel": "prise"}, {"prise": "The template has no such variable.", "price": "No column is named price."}),
        ({"Artikel": "price", "cost": "price"}, {"price": "Several columns are used for it: Artikel, cost."}),
        (
            {"product_name": "price"},
            {"product_name": "No column is used for it: product_name is used for price."},
        ),
    ],
)
def test_columns_that_cannot_be_mapped_are_explained(columns: dict[str, str], errors: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(b"product_name,Artikel,cost\na,b,c\n", NAMES, columns=columns)
    assert {each.field: each.message for each in refused.value.errors} == {
        f"columns.{name}": message for name, message in errors.items()
    }


def test_rows_wider_than_the_header_are_reported() -> None:
    table = read(b"product_name,price\na,b\nc,d,e\n", NAMES)
    assert list(table.errors) == [1]
    assert table.numbers == [1, 2]
