"""Validates the rows of a batch like single requests, reporting the first error of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import FieldError, InvalidInput
from app.templates.variables import filled, name_of, problems_with
from app.typed_text import composed

Piece = dict[str, Any]
Check = Callable[[Mapping[str, Any]], Piece]
"""Validates a request body and returns its fields. Raises InvalidInput."""


@dataclass(frozen=True)
class CheckedRow:
    """A validated row, with either the fields of its request or its error. `row` counts from 1."""

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
    """Validates all rows. Each has its request or its first error."""
    return [
        _checked_row(number, item, template, check)
        for number, item in zip(numbers or range(1, len(items) + 1), items, strict=True)
    ]


def piece_of(values: Mapping[str, Any], template: Mapping[str, Any] | None, check: Check) -> Piece:
    """Returns the request for a row. Raises InvalidInput."""
    if template is None:
        return check(values)
    if problems := problems_with(template, values):
        raise InvalidInput([FieldError(name, text) for name, text in problems.items()])
    return check(filled(template, values))


def made_of(row: Mapping[str, Any], template: Mapping[str, Any] | None) -> Piece:
    """Returns the request for a stored row, which was validated when its batch was accepted."""
    if template is None:
        return dict(row["piece"])
    made = filled(template, row["values"])
    brief = made["brief"] and {name: _composed(value) for name, value in made["brief"].items()}
    piece = {"title": _composed(made["title"]), "prompt": _composed(made["prompt"])}
    return {"content_type": made["contentType"], **piece, **({"brief": brief} if brief else {})}


def _composed(value: Any) -> Any:
    """Normalises a text, or each text of a list, as request fields do."""
    if isinstance(value, list):
        return [_composed(each) for each in value]
    return composed(value, len(value)) if isinstance(value, str) else value


def _checked_row(number: int, item: Any, template: Mapping[str, Any] | None, check: Check) -> CheckedRow:
    path = f"rows.{number}"
    if not isinstance(item, dict):
        return CheckedRow(number, {}, None, FieldError(path, "Must be an object."))
    values = item if template is None else {name_of(name): _text(value) for name, value in item.items()}
    try:
        return CheckedRow(number, values, piece_of(values, template, check), None)
    except InvalidInput as error:
        first = error.errors[0]
        return CheckedRow(number, values, None, FieldError(f"{path}.{first.field}", first.message))


def _text(value: Any) -> str:
    """Returns a text or number as text, and "" for anything else."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
