"""Schema fields shared by several packages."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from app.typed_text import UnusableText, composed, has_visible_character

VISIBLE_PATTERN = r"^[^\x00]*[\p{L}\p{N}\p{P}\p{S}][^\x00]*$"
"""At least one visible character. An approximation for the reference."""


class Text(fields.String):
    """A string of 1 to `maximum` characters, at least one of them visible. Surrounding white space is removed."""

    def __init__(self, maximum: int, **kwargs: Any) -> None:
        self._maximum = maximum
        bounds = validate.Length(1, maximum, error=f"Must be 1 to {maximum:,} characters.")
        metadata = {"pattern": VISIBLE_PATTERN, **kwargs.pop("metadata", {})}
        super().__init__(validate=[bounds, _check_visible], metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            text = composed(str(super()._deserialize(value, attr, data, **kwargs)), self._maximum)
        except UnusableText as error:
            raise ValidationError(str(error)) from None
        refuse_nul(text)
        return text


def refuse_nul(text: str) -> None:
    """Validates that a text has no NUL character. MongoDB refuses it in names and in search patterns."""
    if "\x00" in text:
        raise ValidationError("Must not contain the NUL character.")


def _check_visible(text: str) -> None:
    if not has_visible_character(text):
        raise ValidationError("Must hold at least one character that can be seen.")


class Flag(fields.Boolean):
    """A JSON boolean. Values that only resemble booleans are rejected."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Digits(fields.Integer):
    """A whole number in a query string, in ASCII digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", str(value)):
            raise self.make_error("invalid")
        return int(value)


class WholeNumber(fields.Integer):
    """A whole number in a body, from `minimum` to `maximum`. Accepts 7.0, but not strings and booleans."""

    def __init__(self, minimum: int, maximum: int, **kwargs: Any) -> None:
        self._minimum, self._maximum = minimum, maximum
        self._message = f"Must be a whole number from {minimum} to {maximum:,}."
        bounds = {"minimum": minimum, "maximum": maximum}
        super().__init__(metadata=bounds | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not is_whole or not self._minimum <= value <= self._maximum:
            raise ValidationError(self._message)
        return int(value)


class TextList(fields.List[str]):
    """A list of at most `most` texts. They are counted before any is parsed."""

    def __init__(self, most: int, longest: int, **kwargs: Any) -> None:
        self._most = most
        metadata = {"maxItems": most, **kwargs.pop("metadata", {})}
        super().__init__(Text(longest), metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str | None]:
        if isinstance(value, list) and len(value) > self._most:
            raise ValidationError(f"Must be a list of at most {self._most}.")
        return super()._deserialize(value, attr, data, **kwargs)


class NoFieldsSchema(Schema):
    """The body of a POST without fields: no body, or an empty object."""

    body_may_be_absent = True


def shown(example: str | int, **kwargs: Any) -> dict[str, Any]:
    """Returns the arguments for a field that is always present in responses."""
    return {"required": True, "metadata": {"example": example, **kwargs}}


def one_of(choices: tuple[str, ...], **kwargs: Any) -> fields.String:
    """Returns a field for one of the choices."""
    return fields.String(validate=validate.OneOf(choices, error=f"Must be one of: {', '.join(choices)}."), **kwargs)


def whole(minimum: int, maximum: int, default: int) -> fields.Integer:
    """Returns a field for a whole number in a query, with bounds and a default."""
    message = f"Must be a whole number from {minimum} to {maximum}."
    return Digits(
        load_default=default,
        validate=validate.Range(minimum, maximum, error=message),
        error_messages={"invalid": message, "too_large": message},
    )
