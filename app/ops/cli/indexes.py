"""`flask ensure-indexes`: what a release runs before the new processes start."""

from __future__ import annotations

import click

from app.ops.cli.command import OperatorCommand, answer, settings
from app.ops.indexes import ensure_indexes
from app.ops.startup_checks import require_servers


@click.command("ensure-indexes", cls=OperatorCommand)
def ensure_indexes_command() -> None:
    """Build the indexes that queries rely on. Safe to run at every release.

    Exits with 1 if MongoDB or Redis cannot be used, so that a release stops before it replaces what is running.
    """
    require_servers(settings())
    names = ensure_indexes()
    answer({"ok": True, "indexes": names}, [f"index {name}: ready" for name in names])
