"""`flask import-node`: imports the users and contents of the Node version."""

from __future__ import annotations

import click

from app.database import OtherDatabase
from app.ops.cli.command import OperatorCommand, answer, end_with_problem, settings
from app.ops.node_import import NodeImport, Report, Tally


@click.command("import-node", cls=OperatorCommand)
@click.argument("source", envvar="NODE_MONGO_URI")
@click.option("--dry-run", is_flag=True, help="Read and judge everything, write nothing.")
def import_node(source: str, dry_run: bool) -> None:
    """Import users and contents of the Node original from SOURCE, its mongodb:// address with the database name.

    SOURCE can also be given in the variable NODE_MONGO_URI, where it does not show in the list of processes. It is safe
    to run this again: what is already here stays as it is. What was waiting or running there is generated here. Refresh
    tokens are not imported, so people log in again. Exits with 1 if something that was not deleted had to be left out.
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
