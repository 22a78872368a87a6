"""The product. Importing a part of it loads that part alone: a worker has no use for the web application."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """Loads the web application where it is asked for: `flask --app app` looks for `create_app` here."""
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("app.factory").create_app
