"""Services are looked up by type, and every requested type is registered."""

from __future__ import annotations

import ast
import dataclasses

import pytest
from flask import Flask

from app.services import Services, services_of
from tests.test_structure import sources


def test_services_are_looked_up_by_type() -> None:
    services = Services.of("text", 7)
    assert (services.get(str), services.get(int)) == ("text", 7)
    with pytest.raises(LookupError, match="without float"):
        services.get(float)


def test_services_are_immutable(app: Flask) -> None:
    services = services_of(app)
    with pytest.raises(dataclasses.FrozenInstanceError):
        services.by_type = {}  # type: ignore[misc]
    with pytest.raises(TypeError):
        services.by_type[str] = "x"  # type: ignore[index]


def test_every_requested_service_is_registered(app: Flask) -> None:
    """There is no other way to find services."""
    provided = {kind.__name__ for kind in services_of(app).by_type}
    calls = [node for tree in sources().values() for node in ast.walk(tree) if isinstance(node, ast.Call)]
    asked = {
        ast.unparse(call.args[0]) for call in calls if isinstance(call.func, ast.Name) and call.func.id == "service"
    }
    assert len(asked) >= 4
    assert asked <= provided
    casts = [
        ast.unparse(call) for call in calls if ast.unparse(call.func) == "cast" and "extensions" in ast.unparse(call)
    ]
    assert casts == []
