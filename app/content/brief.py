"""The schema of a brief in requests and responses."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from app.checks.brief import (
    FEWEST_WORDS,
    LONGEST_AUDIENCE,
    LONGEST_POINT,
    LONGEST_TERM,
    LONGEST_TONE,
    MOST_AVOIDED,
    MOST_KEYWORDS,
    MOST_POINTS,
    MOST_WORDS,
    Brief,
)
from app.checks.language_tags import LONGEST_TAG, USUAL_FORM, canonical
from app.http.fields import Text, TextList, WholeNumber

_MOST_NAMES = 20
"""Objects with more members are rejected without validating each, as only seven names are valid."""
_LANGUAGE = "Must be a language tag (BCP 47), such as en, de-AT or zh-Hant."


class LanguageField(fields.String):
    """A language tag in its canonical form."""

    def __init__(self, **kwargs: Any) -> None:
        told = {"pattern": USUAL_FORM, "description": "a BCP 47 tag"}
        super().__init__(metadata=told | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        tag = canonical(str(super()._deserialize(value, attr, data, **kwargs)).strip()[: LONGEST_TAG + 1])
        if tag is None:
            raise ValidationError(_LANGUAGE)
        return tag


class BriefSchema(Schema):
    """What a text should comply with. All fields are optional, and responses have only those that were given."""

    audience = Text(LONGEST_AUDIENCE, metadata={"example": "Nurses in rural clinics"})
    tone = Text(LONGEST_TONE, metadata={"example": "calm, concrete"})
    language = LanguageField(metadata={"example": "en-GB"})
    words = WholeNumber(FEWEST_WORDS, MOST_WORDS, metadata={"example": 600})
    keywords = TextList(MOST_KEYWORDS, LONGEST_TERM, metadata={"example": ["scans", "patient care"]})
    avoid = TextList(MOST_AVOIDED, LONGEST_TERM, metadata={"example": ["revolutionary"]})
    points = TextList(MOST_POINTS, LONGEST_POINT, metadata={"example": ["People decide, machines sort."]})

    @post_load
    def _given(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Drops empty lists, which ask for nothing."""
        return {name: value for name, value in data.items() if value != []}


class BriefField(fields.Nested):
    """A brief, or null. An empty brief counts as null."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"description": "What the text should comply with; null for no requirements."}
        super().__init__(BriefSchema, allow_none=True, metadata=metadata, **kwargs)

    def _deserialize(  # type: ignore[override]  # Nested's own has one name more
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Brief | None:
        if isinstance(value, dict) and len(value) > _MOST_NAMES:
            raise ValidationError("Has too many fields.")
        brief: Brief = super()._deserialize(value, attr, data, **kwargs)
        return brief or None

    def _serialize(self, nested_obj: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # Nested's own name
        """Returns the stored brief unchanged; it was validated when it was accepted."""
        return dict(nested_obj) if nested_obj else None
