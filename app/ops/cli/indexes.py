"""`flask ensure-indexes`: what a release runs before the new processes start."""

from __future__ import annotations

import click

from app.ops.cli.command import OperatorCommand, answer, settings
from app.ops.indexes import ensure_indexes
from app.ops.startup_checks import require_servers


@click.command("ensure-indexes", cls=OperatorCommand)
def ensure_indexes_command() -> None:
    """Make the indexes that the queries rely on; safe to run at every release.

    Ends with 1 when MongoDB or Redis cannot be used, so that a release stops before the new processes would.
    """
    require_servers(settings())
    names = ensure_indexes()
    answer({"ok": True, "indexes": names}, [f"index {name}: ready" for name in names])
