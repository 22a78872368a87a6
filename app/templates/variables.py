"""Finds and substitutes the `{{name}}` variables of a template. Substitution is not recursive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.errors import FieldError, InvalidInput
from app.typed_text import UnusableText, composed

LONGEST_NAME = 40
_VARIABLE = re.compile(rf"\{{\{{\s*(\w{{1,{LONGEST_NAME}}})\s*\}}\}}")
_IN_BRIEF = ("audience", "tone", "keywords", "avoid", "points")
NOT_A_VARIABLE = "A variable is {{name}}: 1 to 40 letters, digits and underscores."


def variables_in(template: Mapping[str, Any]) -> list[str]:
    """Returns the distinct variable names in title, prompt and brief, in order of appearance."""
    return list(dict.fromkeys(name for _, text in _texts(template) for name in _VARIABLE.findall(text)))


def name_of(text: str) -> str:
    """Returns a variable's name as templates have it, in NFC. A text that cannot be a name is returned as it is."""
    try:
        return composed(text, LONGEST_NAME)
    except UnusableText:
        return text


def refuse_other_braces(template: Mapping[str, Any]) -> None:
    """Raises InvalidInput for double braces that are not a variable, which would reach the model literally."""
    errors = [
        FieldError(path, NOT_A_VARIABLE)
        for path, text in _texts(template)
        if "{{" in (rest := _VARIABLE.sub("", text)) or "}}" in rest
    ]
    if errors:
        raise InvalidInput(errors)


def problems_with(template: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """Returns an error message for each value that is missing, empty or unknown, by variable."""
    names = variables_in(template)
    wrong = {name: f"{{{{{name}}}}} has no value." for name in names if not values.get(name, "").strip()}
    return wrong | {name: "The template has no such variable." for name in values if name not in names}


def filled(template: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """Returns title, content type, prompt and brief with the values substituted."""

    def fill(text: str) -> str:
        return _VARIABLE.sub(lambda found: values[found[1]].strip(), text)

    brief = template.get("brief")
    return {
        "title": fill(template["title"]),
        "contentType": template["content_type"],
        "prompt": fill(template["prompt"]),
        "brief": brief and {name: _each(fill, value) if name in _IN_BRIEF else value for name, value in brief.items()},
    }


def _each(fill: Callable[[str], str], value: Any) -> Any:
    return fill(value) if isinstance(value, str) else [fill(each) for each in value]


def _texts(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields the path and text of each field that may contain variables."""
    for name in ("title", "prompt"):
        yield name, template.get(name) or ""
    for name, value in (template.get("brief") or {}).items():
        if name in _IN_BRIEF:
            for text in [value] if isinstance(value, str) else value:
                yield f"brief.{name}", text
