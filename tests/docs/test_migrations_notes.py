"""The migration notes, applied in order, match the models."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest
from mongoengine import Document

from app.ops.indexes import DOCUMENTS
from tools.processes import ROOT

FOLDER = ROOT / "migrations_notes"
NOTES = sorted(path.name for path in FOLDER.glob("[0-9]*"))
COLLECTIONS = {document._get_collection_name(): document for document in DOCUMENTS}

_HEADER = r"^\| (Lost )?(field|index)(?: of (\w+))? \|.*\n\|[-|]+\|\n"
_TABLE = re.compile(_HEADER + r"((?:\|.*\n)+)", re.MULTILINE | re.IGNORECASE)


def tables(note: str) -> Iterator[tuple[bool, str, str, set[str]]]:
    """For each table: whether it lists removed names, the kind (field or index), the collection, and the names."""
    text = (FOLDER / note).read_text()
    own = re.search(r"in the collection `(\w+)`", text)
    for lost, kind, collection, rows in _TABLE.findall(text):
        cells = [row.split("|")[1].strip() for row in rows.splitlines()]
        names = {name.strip("` ") for cell in cells for name in cell.split(", ")} - {"unique", "sparse", "TTL 0 s"}
        yield bool(lost), kind.lower(), collection or (own[1] if own else ""), names


@cache
def explained() -> dict[tuple[str, str], set[str]]:
    """The names by kind and collection after the last note."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for note in NOTES:
        for lost, kind, collection, given in tables(note):
            if lost:
                assert given <= names[kind, collection], note
                names[kind, collection] -= given
            else:
                names[kind, collection] |= given
    return names


def test_the_notes_are_numbered_consecutively_and_listed_in_the_readme() -> None:
    assert [name[:4] for name in NOTES] == [f"{number:04}" for number in range(1, len(NOTES) + 1)]
    assert re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", (FOLDER / "README.md").read_text()) == NOTES


def test_the_notes_cover_exactly_the_stored_collections() -> None:
    assert {collection for _, collection in explained()} == set(COLLECTIONS)


@pytest.mark.parametrize(("collection", "document"), COLLECTIONS.items(), ids=COLLECTIONS)
def test_the_notes_explain_every_stored_field(collection: str, document: type[Document]) -> None:
    stored = {"_id" if name == "id" else name for name in document._fields}
    assert explained()["field", collection] == stored


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(("collection", "document"), COLLECTIONS.items(), ids=COLLECTIONS)
def test_the_notes_explain_every_index(collection: str, document: type[Document]) -> None:
    made = set(document._get_collection().index_information()) - {"_id_"}
    assert explained()["index", collection] == made
