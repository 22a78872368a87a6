"""The Flask class of this product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.http.envelope import OrjsonProvider


class Application(Flask):
    """A Flask application whose functions are all synchronous."""

    json_provider_class = OrjsonProvider

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Returns the function. Flask would look at a dozen functions per request to see whether one is a coroutine."""
        return func
