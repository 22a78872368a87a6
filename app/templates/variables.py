"""Variables of a template, `{{name}}`: found, and filled in once; a value is never read as a template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.errors import FieldError, InvalidInput

_VARIABLE = re.compile(r"\{\{\s*(\w{1,40})\s*\}\}")
_IN_BRIEF = ("audience", "tone", "keywords", "avoid", "points")
NOT_A_VARIABLE = "A variable is {{name}}: 1 to 40 letters, digits and underscores."


def variables_in(template: Mapping[str, Any]) -> list[str]:
    """The names of the variables in title, prompt and brief, each once, in their order."""
    return list(dict.fromkeys(name for _, text in _texts(template) for name in _VARIABLE.findall(text)))


def refuse_other_braces(template: Mapping[str, Any]) -> None:
    """Raises InvalidInput for double braces that are no variable: they would go out as they are."""
    errors = [
        FieldError(path, NOT_A_VARIABLE)
        for path, text in _texts(template)
        if "{{" in (rest := _VARIABLE.sub("", text)) or "}}" in rest
    ]
    if errors:
        raise InvalidInput(errors)


def problems_with(template: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the values, by variable: missing, empty or unknown."""
    names = variables_in(template)
    wrong = {name: f"{{{{{name}}}}} has no value." for name in names if not values.get(name, "").strip()}
    return wrong | {name: "The template has no such variable." for name in values if name not in names}


def filled(template: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """Title, content type, prompt and brief of the request that a template makes of these values."""

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
    """The texts that may hold variables, by their paths."""
    for name in ("title", "prompt"):
        yield name, template.get(name) or ""
    for name, value in (template.get("brief") or {}).items():
        if name in _IN_BRIEF:
            for text in [value] if isinstance(value, str) else value:
                yield f"brief.{name}", text
