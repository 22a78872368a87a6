"""The rows of a batch: each is checked as a request of its own would be, and the first fault of each is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import FieldError, InvalidInput
from app.templates.variables import filled, problems_with
from app.typed_text import composed

Piece = dict[str, Any]
Check = Callable[[Mapping[str, Any]], Piece]
"""Makes a request's fields of what was sent. Raises InvalidInput."""


@dataclass(frozen=True)
class CheckedRow:
    """`row` counts from 1. A good row has the fields of its request, a bad one its fault."""

    row: int
    values: Mapping[str, Any]
    piece: Piece | None
    error: FieldError | None

    @property
    def shown(self) -> dict[str, Any]:
        fault = [{"field": self.error.field, "message": self.error.message}] if self.error else []
        return {"row": self.row, "ok": not fault, "errors": fault, "title": self.piece["title"] if self.piece else None}


def checked(
    items: Sequence[Any], template: Mapping[str, Any] | None, check: Check, numbers: Sequence[int] | None = None
) -> list[CheckedRow]:
    """All rows, each with its request or its first fault."""
    return [
        _checked_row(number, item, template, check)
        for number, item in zip(numbers or range(1, len(items) + 1), items, strict=True)
    ]


def piece_of(values: Mapping[str, Any], template: Mapping[str, Any] | None, check: Check) -> Piece:
    """The request that a row makes. Raises InvalidInput."""
    if template is None:
        return check(values)
    if problems := problems_with(template, values):
        raise InvalidInput([FieldError(name, text) for name, text in problems.items()])
    return check(filled(template, values))


def made_of(row: Mapping[str, Any], template: Mapping[str, Any] | None) -> Piece:
    """The request that a stored row makes, which was checked when its batch was accepted."""
    if template is None:
        return dict(row["piece"])
    made = filled(template, row["values"])
    brief = made["brief"] and {name: _composed(value) for name, value in made["brief"].items()}
    piece = {"title": _composed(made["title"]), "prompt": _composed(made["prompt"])}
    return {"content_type": made["contentType"], **piece, **({"brief": brief} if brief else {})}


def _composed(value: Any) -> Any:
    """A text, or each of a list, as the field of a request reads it."""
    if isinstance(value, list):
        return [_composed(each) for each in value]
    return composed(value, len(value)) if isinstance(value, str) else value


def _checked_row(number: int, item: Any, template: Mapping[str, Any] | None, check: Check) -> CheckedRow:
    path = f"rows.{number}"
    if not isinstance(item, dict):
        return CheckedRow(number, {}, None, FieldError(path, "Must be an object."))
    values = item if template is None else {name: _text(value) for name, value in item.items()}
    try:
        return CheckedRow(number, values, piece_of(values, template, check), None)
    except InvalidInput as error:
        first = error.errors[0]
        return CheckedRow(number, values, None, FieldError(f"{path}.{first.field}", first.message))


def _text(value: Any) -> str:
    """A value as text: numbers as they are written, nothing for what is neither."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
