"""Operators' commands: `flask …`. Exit codes: 0 success, 1 problem, 2 wrong usage."""

from __future__ import annotations

import dataclasses
import os
import sys

import orjson
from flask import Flask

from app import database
from app.config import Settings, load_settings
from app.errors import SettingsError
from app.ops.cli.check import check
from app.ops.cli.import_node import import_node
from app.ops.cli.indexes import ensure_indexes_command
from app.ops.cli.queue import queue, requeue
from app.ops.cli.users import user


def settings_for_commands() -> Settings:
    """Loads the settings for a command, which runs without the event loop. Exits if they are invalid."""
    try:
        settings = load_settings(os.environ)
        database.connect(settings)
    except SettingsError as error:
        if "--json" in sys.argv:  # no command has parsed its options yet
            sys.stdout.write(orjson.dumps({"ok": False, "problems": error.problems}).decode() + "\n")
        sys.exit(error.message)
    return dataclasses.replace(settings, socketio_async_mode="threading")


def init_app(app: Flask) -> None:
    for command in (check, ensure_indexes_command, import_node, queue, requeue, user):
        app.cli.add_command(command)
