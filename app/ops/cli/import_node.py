"""`flask import-node`: the Node original's people and contents, taken over."""

from __future__ import annotations

import click

from app.database import OtherDatabase
from app.ops.cli.command import OperatorCommand, answer, end_with_problem, settings
from app.ops.node_import import NodeImport, Report, Tally


@click.command("import-node", cls=OperatorCommand)
@click.argument("source", envvar="NODE_MONGO_URI")
@click.option("--dry-run", is_flag=True, help="Read and judge everything, write nothing.")
def import_node(source: str, dry_run: bool) -> None:
    """Take over users and contents of the Node original from SOURCE, its mongodb:// address with the database name.

    SOURCE may come from the variable NODE_MONGO_URI instead, out of sight of the process list. Safe to run again:
    what is here already stays as it is. What was waiting or running there is generated here. Refresh tokens are left
    behind: people log in again. Ends with 1 when something that was not deleted had to be left out.
    """
    with OtherDatabase(source) as original:
        report = NodeImport(original, settings().job_max_attempts, dry_run=dry_run).run()
    answer({"ok": report.complete, "dryRun": dry_run, **report.as_json()}, _lines(report, dry_run=dry_run))
    if not report.complete:
        end_with_problem()


def _lines(report: Report, *, dry_run: bool) -> list[str]:
    return [
        *(["dry run: nothing was written"] if dry_run else []),
        *_tally("users", report.users),
        *_tally("contents", report.contents),
        f"pending again: {report.pending_again}; a worker generates them",
        f"refresh tokens left behind: {report.refresh_tokens_left}; people log in again",
    ]


def _tally(name: str, tally: Tally) -> list[str]:
    skipped = "; ".join(f"{count} skipped ({reason})" for reason, count in sorted(tally.skipped.items()))
    first = f"{name}: {tally.read} read, {tally.imported} imported, {tally.present} here already"
    return [f"{first}{'; ' if skipped else ''}{skipped}", *(f"  {example}" for example in tally.examples)]
