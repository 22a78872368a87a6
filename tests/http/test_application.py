"""Flask and Werkzeug features that the application does not use."""

from __future__ import annotations

import inspect
from itertools import chain

from flask import Flask


def test_views_are_never_asynchronous(app: Flask) -> None:
    """Application.ensure_sync returns every function unchanged."""
    around = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    called = [*app.view_functions.values(), *chain.from_iterable(each for table in around for each in table.values())]
    assert len(called) > 50
    assert [each for each in called if inspect.iscoroutinefunction(inspect.unwrap(each))] == []
