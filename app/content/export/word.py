"""The Word format, with native headings, lists, tables, links and code."""

from __future__ import annotations

import gc
import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from markdown_it.token import Token

from app.content.export.markdown import first_number, tokens_of, without_controls
from app.content.export.plain import inline_text

MOST_COLUMNS = 63
"""Word's limit: https://support.microsoft.com/office/95b4ccb5."""
MOST_CELLS = 5_000
"""A larger table becomes tab-separated lines, because creating cells is slow."""
MOST_PIECES = 5_000
"""Paragraphs and runs. Creating one takes 0.2 ms, so the rest of the text becomes a paragraph without formatting."""
_DEEPEST_STYLE = 3
_LONGEST_PROPERTY = 255
_CODE_FONT = "Consolas"


def docx_of(title: str, text: str) -> bytes:
    """Returns the document. Only characters that XML does not allow are left out."""
    writer = _Writer(without_controls(title))
    tokens = tokens_of(without_controls(text))
    if not tokens or tokens[0].tag != "h1":
        writer.heading(0, [Token("text", "", 0, content=without_controls(title))])
    writer.write(tokens)
    saved = writer.saved()
    del writer
    gc.collect(1)  # a document and its parts refer to each other and would wait for a full collection
    return saved


class _Writer:
    def __init__(self, title: str) -> None:
        self._document = docx.Document()
        self._document.core_properties.title = title[:_LONGEST_PROPERTY]
        self._document.core_properties.author = ""
        self._lists: list[tuple[str, Any]] = []
        self._is_new_item = False
        self._quotes = 0
        self._pieces = 0

    def saved(self) -> bytes:
        stream = io.BytesIO()
        self._document.save(stream)
        return stream.getvalue()

    def write(self, tokens: Sequence[Token]) -> None:
        place = 0
        while place < len(tokens):
            if self._pieces > MOST_PIECES:
                self._run(self._paragraph(), "\n".join(_lines_of(tokens[place:])), set())
                return
            token = tokens[place]
            if token.type == "table_open":
                end = next(n for n in range(place, len(tokens)) if tokens[n].type == "table_close")
                self._table(tokens[place:end])
                place = end
            else:
                self._block(token, tokens[place - 1] if place else None)
            place += 1

    def heading(self, level: int, children: Sequence[Token]) -> None:
        self._fill(self._new(f"Heading {level}" if level else "Title"), children)

    def _block(self, token: Token, before: Token | None) -> None:
        match token.type:
            case "bullet_list_open":
                self._lists.append(("List Bullet", None))
            case "ordered_list_open":
                self._lists.append(("List Number", self._numbering(first_number(token))))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._is_new_item = True
            case "blockquote_open" | "blockquote_close":
                self._quotes += token.nesting
            case "inline" if before is not None and before.type == "heading_open":
                self.heading(int(before.tag[1:]), token.children or [])
            case "inline":
                self._fill(self._paragraph(), token.children or [])
            case "fence" | "code_block":
                self._code(token.content.rstrip("\n"))
            case "hr":
                self._run(self._new(), "* * *", set())

    def _new(self, style: str | None = None) -> Any:
        """Adds a paragraph. The document's own `add_paragraph` reads all that come before it."""
        element: Any = OxmlElement("w:p")
        self._document.element.body.sectPr.addprevious(element)
        paragraph = Paragraph(element, self._document)
        if style:
            paragraph.style = style
        self._pieces += 1
        return paragraph

    def _paragraph(self) -> Any:
        """Adds a paragraph. In a list item the first one has the bullet or number, later ones are indented."""
        first, self._is_new_item = self._is_new_item, False
        if not self._lists:
            return self._new("Quote" if self._quotes else None)
        style, numbering = self._lists[-1]
        depth = min(len(self._lists), _DEEPEST_STYLE)
        name = style if first else "List Continue"
        paragraph = self._new(name if depth == 1 else f"{name} {depth}")
        if first and numbering is not None:
            properties = paragraph.paragraph_format.element.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_numId().val = numbering
            properties.get_or_add_ilvl().val = 0
        return paragraph

    def _numbering(self, start: int) -> int | None:
        """Adds a separate numbering, so that each list starts at its own number."""
        style = "List Number" if not self._lists else f"List Number {min(len(self._lists) + 1, _DEEPEST_STYLE)}"
        own = self._document.styles[style].element.pPr.numPr.numId.val
        numbering = self._document.part.numbering_part.element
        number = numbering.add_num(numbering.num_having_numId(own).abstractNumId.val)
        number.add_lvlOverride(ilvl=0).add_startOverride(start)
        identity: int = number.numId
        return identity

    def _code(self, text: str) -> None:
        paragraph = self._paragraph() if self._lists else self._new()
        paragraph.style = self._document.styles["No Spacing"] if not self._lists else paragraph.style
        self._run(paragraph, text, {"code"})

    def _table(self, tokens: Sequence[Token]) -> None:
        rows: list[list[Sequence[Token]]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token.children or [])
        columns = max(map(len, rows))
        if columns > MOST_COLUMNS or columns * len(rows) > MOST_CELLS:
            for row in rows:
                self._run(self._new(), "\t".join(map(inline_text, row)), set())
            return
        table = self._document.add_table(len(rows), columns, style="Table Grid")
        for number, (made, row) in enumerate(zip(table.rows, rows, strict=True)):
            for cell, children in zip(made.cells, row, strict=False):
                self._fill(cell.paragraphs[0], children, {"strong"} if not number else set())
        self._is_new_item = False

    def _fill(self, paragraph: Any, children: Sequence[Token], marks: set[str] | None = None) -> None:
        marks = set(marks or ())
        link: Any = None
        for number, child in enumerate(parts := _joined(children)):
            if self._pieces > MOST_PIECES:
                self._run(paragraph, inline_text(parts[number:]), set())
                break
            if child.type == "link_open":
                link = self._link(paragraph, child)
            elif child.type == "link_close":
                link = None
            elif child.nesting:
                marks = marks | {child.tag} if child.nesting > 0 else marks - {child.tag}
            else:
                code = {"code"} if child.type == "code_inline" else set[str]()
                self._run(link or paragraph, child.content, marks | code)
        if _runs_from_right_to_left(inline_text(children)):
            paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))

    def _run(self, place: Any, text: str, marks: set[str]) -> None:
        run = place.add_run(text)
        self._pieces += 1
        run.bold, run.italic = "strong" in marks or None, "em" in marks or None
        run.font.strike = "s" in marks or None
        if "code" in marks:
            run.font.name, run.font.size = _CODE_FONT, Pt(10)

    def _link(self, paragraph: Any, link: Token) -> _Link:
        element = OxmlElement("w:hyperlink")
        relation = paragraph.part.relate_to(str(link.attrGet("href")), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        element.set(qn("r:id"), relation)
        if title := link.attrGet("title"):
            element.set(qn("w:tooltip"), str(title))
        paragraph.paragraph_format.element.append(element)
        return _Link(element, paragraph)


class _Link:
    """A hyperlink with the `add_run` of a paragraph."""

    def __init__(self, element: Any, paragraph: Any) -> None:
        self._element = element
        self._paragraph = paragraph

    def add_run(self, text: str) -> Any:
        run = self._paragraph.add_run(text)
        self._element.append(run.font.element)
        run.font.underline = True
        return run


def _lines_of(tokens: Sequence[Token]) -> Iterator[str]:
    """Yields the text of each block."""
    for token in tokens:
        if token.type == "inline":
            yield inline_text(token.children or [])
        elif token.type in {"fence", "code_block"}:
            yield token.content.rstrip("\n")


def _joined(children: Sequence[Token]) -> list[Token]:
    """Joins adjacent texts and line breaks, because creating runs is slow."""
    joined: list[Token] = []
    for child in children:
        text = {"hardbreak": "\n", "text": child.content}.get(child.type)
        if text is None:
            joined.append(child)
        elif joined and joined[-1].type == "joined":
            joined[-1].meta["parts"].append(text)
        else:
            joined.append(Token("joined", "", 0, meta={"parts": [text]}))
    for token in joined:
        if token.type == "joined":
            token.content = "".join(token.meta["parts"])
    return joined


def _runs_from_right_to_left(text: str) -> bool:
    strong = (unicodedata.bidirectional(each) for each in text)
    return next((each for each in strong if each in {"L", "R", "AL"}), "L") != "L"
