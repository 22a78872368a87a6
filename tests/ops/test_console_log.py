"""What a client sent does not steer the terminal of whoever reads the log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from app import logs
from app.config import load_settings


@pytest.fixture
def console() -> Iterator[io.StringIO]:
    """The log as a console shows it, without colours."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure(load_settings({"LOG_FORMAT": "console"}), stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("steering", ["\x1b[2J", "\x07", "\r", "\x9b31m", "\u202e"])
@pytest.mark.parametrize("write", [logging.getLogger("library").warning, logs.get_logger("ours").warning])
def test_control_characters_are_written_as_numbers(console: io.StringIO, steering: str, write: Any) -> None:
    write(f"Invalid HTTP method: {steering}GET")
    assert "Invalid HTTP method" in console.getvalue()
    assert steering not in console.getvalue()
    assert f"\\x{ord(steering[0]):02x}" in console.getvalue()
