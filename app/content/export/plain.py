"""The plain text format: a text without Markdown markup, as for an email."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from app.content.export.markdown import address_of, first_number, tokens_of, without_controls

_INDENT = "  "
_ENDS = {"paragraph_close", "heading_close", "table_close", "bullet_list_close", "ordered_list_close"}


class Lists:
    """The open lists around a token, and the bullet or number of the current item."""

    def __init__(self) -> None:
        self._numbers: list[int | None] = []
        self._marker = ""

    @property
    def depth(self) -> int:
        return len(self._numbers)

    def see(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self._numbers.append(None)
        elif token.type == "ordered_list_open":
            self._numbers.append(first_number(token))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._numbers.pop()
        elif token.type == "list_item_open":
            number = self._numbers[-1]
            self._marker = "- " if number is None else f"{number}. "
            self._numbers[-1] = None if number is None else number + 1

    def indented(self, text: str) -> Iterator[str]:
        """Yields the lines of a block, the first one with the item's bullet or number."""
        first, self._marker = self._marker, ""
        indent = _INDENT * max(0, self.depth - 1)
        for number, line in enumerate(text.split("\n")):
            yield f"{indent}{' ' * len(first) if number else first}{line}"


def plain_of(text: str) -> str:
    """Returns a text without markup: lists with bullets or numbers, cells separated by tabs, links in parentheses."""
    return "\n".join(_lines(tokens_of(without_controls(text)))).strip("\n") + "\n"


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    lists = Lists()
    row: list[str] = []
    in_cell = False
    for token in tokens:
        lists.see(token)
        if token.type in {"td_open", "th_open", "td_close", "th_close"}:
            in_cell = token.nesting == 1
        elif token.type == "inline" and in_cell:
            row.append(" ".join(inline_text(token.children or []).split()))
        elif token.type == "inline":
            yield from lists.indented(inline_text(token.children or []))
        elif token.type == "tr_close":
            yield "\t".join(row)
            row = []
        elif token.type in {"fence", "code_block"}:
            yield from lists.indented(token.content.rstrip("\n"))
            yield ""
        elif token.type == "hr":
            yield from ("* * *", "")
        elif token.type in _ENDS and not lists.depth:
            yield ""


def inline_text(children: Sequence[Token]) -> str:
    """Returns the words of a line. A link is followed by its target unless its text is the target."""
    parts: list[str] = []
    links: list[tuple[int, Token]] = []
    for child in children:
        if child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "link_open":
            links.append((len(parts), child))
        elif child.type == "link_close" and links:  # else the line is the rest of another one
            since, link = links.pop()
            parts.append(address_of(link, "".join(parts[since:])))
        else:
            parts.append(child.content)
    return "".join(parts)
