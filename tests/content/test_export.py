"""Exports of unusual texts in every format: each file can be opened and contains all words of its text."""

# ruff: noqa: RUF001, E501  # letters that look alike, and tables of texts
from __future__ import annotations

import gc
import io
import random
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import docx
import orjson
import pytest

from app.content.export.archive import zipped
from app.content.export.formats import FORMATS
from app.content.export.names import UniqueNames, base_name, content_disposition
from app.content.export.word import MOST_PIECES

NOW = datetime(2026, 1, 31, tzinfo=UTC)
PARTS = [
    "# Heading {w}", "Plain {w} text **bold {w}** *slanted {w}* ~~struck {w}~~", "- item {w}\n  - inner {w}\n    1. deep {w}",
    "- list\n\n  | a {w} | b |\n  |---|---|\n  | c | {w} |", "| one {w} | two |\n|---|:-:|\n| `x|y` | {w} |",
    "```python\nprint(`{w}`)\n\t``ticks``\n```", "`` a ` {w} ``", "    indented {w}", "> quote {w}\n> > inner {w}",
    "🎉 {w} 👩‍👩‍👧 🇩🇪", "שלום {w} עולם", "مرحبا {w} **بالعالم**", "กาแฟ {w} 咖啡", "a\x00b\x01 {w} \x0b\x1f\x7f \ufffe",
    "<script>alert('{w}')</script> <b onclick=x>{w}</b>", "[link {w}](https://example.com/{w})", "7. seven {w}\n8. eight",
    "[bad {w}](javascript:alert(1))", "![picture {w}](https://remote.example/x.png)", "[{w}][r]\n\n[r]: https://e.example",
    "[unused]: https://e.example '{w}'", "hard {w}  \nbreak\\\n{w}", "---\n{w}\n===", "&amp; &lt;{w}&gt; &nbsp;", "{w}\r\n{w}\r{w}",
    ">" * 150 + " {w}", "* " * 120 + "{w}", "|" + " {w} |" * 70 + "\n|" + "-|" * 70, "\\*{w}\\* \\# {w}",
    "~~~ {w} {w} ~~~\n{w}", "~~~ {w}\n~~~", "```{w} é\n{w}", "[](https://e.example/{w})", "[{w}](ftp://e.example/{w} '{w}')",
    "![{w}](pictures/{w}.png '{w}')", "[![{w}](https://e.example/{w} '{w}')](https://e.example/{w} '{w}')",
]  # fmt: skip


def odd_text(number: int) -> tuple[str, set[str]]:
    """A text, and the words that its exports must contain."""
    dice = random.Random(number)
    words = {"".join(dice.choices("abcdefghijklmnop", k=9)) for _ in range(6)}
    parts = [dice.choice(PARTS).replace("{w}", dice.choice(sorted(words))) for _ in range(dice.randint(1, 12))]
    text = "\n\n".join(parts)
    return text, {word for word in words if word in text}


def made(kind: str, text: str, title: str = "A title") -> bytes:
    content = {"id": 1, "title": title, "generated_text": text, "created_at": NOW, "updated_at": NOW}
    return FORMATS[kind].make(content)


class Reader(HTMLParser):
    """Collects what a page shows, and what it would execute or load."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.tags, self.links = "", set[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        self.words += "".join(f" {value} " for name, value in attrs if name == "title")
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def in_html(data: bytes) -> str:
    reader = Reader()
    reader.feed(data.decode())
    assert not reader.tags & {"script", "img", "iframe", "link", "object"}
    assert all(re.match("(https?|mailto):", link) for link in reader.links), reader.links
    return reader.words + " ".join(reader.links)


def in_docx(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    links = [each.target_ref for each in document.part.rels.values() if each.is_external]
    assert all(re.match("(https?|mailto):", link) for link in links), links
    titles = document.element.body.xpath("//w:hyperlink/@w:tooltip")
    words = "".join(each.text or "" for each in document.element.body.iter() if each.tag.endswith("}t"))
    return " ".join([words, *links, *titles])


READERS: dict[str, Callable[[bytes], str]] = {
    "html": in_html, "docx": in_docx, "txt": bytes.decode, "md": bytes.decode,
    "json": lambda data: str(orjson.loads(data)["generatedText"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", READERS)
def test_every_export_holds_all_words(kind: str, rounds: Callable[[int, int], int]) -> None:
    for number in range(rounds(40, 2000)):
        text, words = odd_text(number)
        shown = READERS[kind](made(kind, text))
        missing = {word for word in words if word not in shown}
        assert missing == set(), (number, text)


@pytest.mark.parametrize("kind", READERS)
def test_every_place_of_a_text_keeps_its_words(kind: str) -> None:
    for part in PARTS:
        text = part
        words = [f"w{number}x" for number in range(part.count("{w}"))]
        for word in words:
            text = text.replace("{w}", word, 1)
        shown = READERS[kind](made(kind, text))
        assert [word for word in words if word not in shown] == [], text


@pytest.mark.parametrize("text", ["one\ntwo", "one  \n two", "one\\\ntwo", "one<br>two", "one<BR />two"])
def test_exports_have_the_line_breaks_that_the_app_shows(text: str) -> None:
    assert "<p>one<br>\ntwo</p>" in made("html", text).decode()
    assert docx.Document(io.BytesIO(made("docx", text))).paragraphs[-1].text == "one\ntwo"
    assert made("txt", text) == b"one\ntwo\n"


@pytest.mark.parametrize("text", ["a\n\n| b | c |\n|---|---|\n| 1 | 2 | 300 |", "a\n\n[字]: #", "a\n\n[1]: 45"])
def test_a_text_that_markdown_would_lose_words_of_is_exported_as_it_is(text: str) -> None:
    assert made("txt", text).decode() == f"{text}\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[a](https://m.example)", "a (https://m.example)"), ("<https://m.example/ü>", "https://m.example/ü"),
        ("[a](ftp://m.example 'b')", 'a (ftp://m.example "b")'), ("[a](#b)", "a"), ("![a](data:image/png;base64,x)", "a"),
        ("![a](https://m.example/p.png 'b')", 'a (https://m.example/p.png "b")'), ("[](https://m.example)", "https://m.example"),
        ("**a** [b](https://m.example/ü)", "a b (https://m.example/%C3%BC)"), ("[a][1]\n\n[1]: https://m.example", "a (https://m.example)"), ("```c\na\n```", "a"), ("~~~ a b ~~~\nc", "a b ~~~\n\nc"),
    ],
)  # fmt: skip
def test_plain_text_has_the_addresses_of_links(text: str, shown: str) -> None:
    assert made("txt", text).decode() == f"{shown}\n"


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    "piece", ["word and \n\n", "x\n", "[", "*a ", "咖啡", "# h\n\n", "`c` ", "[`k`](https://m.example) "]
)
def test_a_hundred_thousand_characters_are_exported(kind: str, piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    shown = READERS[kind](made(kind, text))
    letters = re.findall(r"\w", piece)
    assert all(shown.count(letter) >= text.count(letter) for letter in letters)


@pytest.mark.parametrize("piece", ["# h\n\n", "`c` ", "[`k`](https://m.example) "])
def test_a_word_file_has_a_limited_number_of_elements(piece: str) -> None:
    """Elements are slow to create: after the first thousands the rest of the text is unformatted."""
    document = docx.Document(io.BytesIO(made("docx", piece * (90_000 // len(piece)))))
    tags = [each.tag.rpartition("}")[2] for each in document.element.body.iter()]
    assert tags.count("p") + tags.count("r") <= MOST_PIECES + 5


def test_a_markdown_export_is_exactly_the_text() -> None:
    text = "a\r\n\x00 \ufeffb  \n"
    assert made("md", text) == text.encode()


def test_a_word_file_has_headings_lists_tables_links_and_code() -> None:
    text = (
        "# One\n\n## Two\n\n- a\n  - b\n\n3. c\n\n| h | i |\n|---|---|\n| j | k |\n\n[l](https://m.example) `n`\n\nשלום"
    )
    document = docx.Document(io.BytesIO(made("docx", text)))
    styles = {each.text: each.style.name for each in document.paragraphs if each.style}
    assert {name: styles[name] for name in ("One", "Two", "a", "b", "c")} == {
        "One": "Heading 1", "Two": "Heading 2", "a": "List Bullet", "b": "List Bullet 2", "c": "List Number",
    }  # fmt: skip
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [["h", "i"], ["j", "k"]]
    (linked,) = [each for each in document.paragraphs if each.hyperlinks]
    assert (linked.hyperlinks[0].text, linked.hyperlinks[0].address) == ("l", "https://m.example")
    assert linked.runs[-1].font.name == "Consolas"
    assert "w:bidi" in document.paragraphs[-1]._p.xml


@pytest.mark.parametrize(("text", "start"), [("0. a\n1. b", "0"), ("1. a\n2. b", "1"), ("7. a", "7")])
def test_a_numbered_list_begins_with_its_own_number(text: str, start: str) -> None:
    document = docx.Document(io.BytesIO(made("docx", text)))
    numbers = document.part.numbering_part.element.xpath("//w:startOverride/@w:val")
    assert numbers == [start]


def test_a_document_does_not_stay_in_memory() -> None:
    gc.collect()
    FORMATS["docx"].make({"title": "Bees", "generated_text": "- one\n- two"})
    assert not [each for each in gc.get_objects() if type(each) is docx.document.Document]


def test_an_exported_title_is_not_repeated() -> None:
    assert made("html", "# Bees\n\nx", "Bees").decode().count("<h1>") == 1
    assert "<h1" in made("html", "x", "Bees <i>").decode()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd"), ("a\r\nSet-Cookie: b", "a Set-Cookie b"), ("CON", "_CON"), ("...", "text"),
        ("咖啡 杯", "咖啡 杯"), ("\u202eexe.txt", "exe.txt"), ('say "hi"', "say hi"), ("C:\\x", "C x"), ("nul.txt", "_nul.txt"),
    ],
)  # fmt: skip
def test_a_title_becomes_a_file_name_without_path_components(title: str, name: str) -> None:
    assert base_name(title) == name
    header = content_disposition(f"{name}.md")
    assert header.isascii()
    assert "\n" not in header
    assert header.count('"') == 2


def test_file_names_are_short_enough_for_every_file_system() -> None:
    assert len(base_name("咖" * 200).encode()) <= 150
    base_name("🎉" * 200).encode()


def test_names_in_an_archive_are_unique_ignoring_case() -> None:
    names = UniqueNames()
    taken = [names.take(title, "md") for title in ("Bees", "BEES", "bees", "Bees (2)", "?", "/")]
    assert len({name.casefold() for name in taken}) == 6


def test_an_archive_is_complete_and_written_in_pieces() -> None:
    pieces = list(zipped((f"{name}.md", NOW, name.encode() * 1000) for name in ("ä", "咖")))
    assert len(pieces) == 3
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["ä.md", "咖.md"]


def test_an_archive_takes_times_that_a_zip_cannot_hold() -> None:
    """Imported contents can be older than the format."""
    files = [(f"{year}.md", datetime(year, 6, 1, tzinfo=UTC), b"") for year in (1970, 1980, 2107, 2108)]
    with zipfile.ZipFile(io.BytesIO(b"".join(zipped(files)))) as archive:
        assert [each.date_time[:2] for each in archive.infolist()] == [(1980, 1), (1980, 6), (2107, 6), (2107, 12)]
