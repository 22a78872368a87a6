"""The application package. Importing a submodule does not load the web application, which workers do not need."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    """Imports the web application lazily: `flask --app app` looks for `create_app` here."""
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    gc.disable()  # what is imported stays: looking for garbage in it takes a fifth of a command
    try:
        return import_module("app.factory").create_app
    finally:
        gc.freeze()
        gc.enable()
