"""`flask queue` shows waiting, running and failed generations. `flask requeue` runs failed ones again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

import click
from marshmallow import ValidationError

from app.admin.document import COMMAND, AuditEntry
from app.clock import iso, utcnow
from app.generation import backlog
from app.ops.cli.command import OperatorCommand, answer, end_with_problem, redis, requeues, settings
from app.ops.heartbeat import count_workers
from app.setting_types import Duration


class Ago(click.ParamType[timedelta]):
    """A duration such as 30m, 2h or 7d."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        try:
            return cast("timedelta", Duration().deserialize(value))
        except ValidationError as error:
            self.fail(str(error.messages[0]), param, ctx)


@click.command(cls=OperatorCommand)
@click.option("--limit", type=click.IntRange(0, 1000), default=10, show_default=True, help="Length of both lists.")
def queue(limit: int) -> None:
    """Show what waits, runs, is overdue and has failed. Exits with 1 if something is overdue and no worker is alive."""
    counted = backlog.backlog()
    failed = backlog.failed_since()
    workers = count_workers(redis())
    counts = {
        "waiting": counted.waiting,
        "running": counted.running,
        "overdue": counted.overdue,
        "failed": failed.count(),
        "given_up": backlog.given_up(),
        "workers": workers,
    }
    next_ones = [_shown(content.to_mongo()) for content in backlog.unfinished(limit)] if limit else []
    failures = [_shown(content.to_mongo()) for content in failed.limit(limit)] if limit else []
    ok = not (counted.overdue and workers == 0)
    answer({"ok": ok, **counts, "next": next_ones, "failures": failures}, _lines(counts, next_ones, failures))
    if not ok:
        end_with_problem()


@click.command(cls=OperatorCommand)
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--failed-since", type=Ago(), help="All that failed within this time, such as 2h.")
def requeue(ids: tuple[str, ...], failed_since: timedelta | None) -> None:
    """Run failed generations again: those with these content or job IDs, or all --failed-since.

    Their job ids stay the same, and their attempts are counted from the beginning. Exits with 1 if an ID is unknown or
    has not failed.
    """
    if bool(ids) == bool(failed_since):
        raise click.UsageError("Give IDs or --failed-since.")
    attempts = settings().job_max_attempts
    AuditEntry.note(COMMAND, "generation.requeued", ids=list(ids), failedSince=failed_since and str(failed_since))
    done = requeues().all_since(utcnow() - failed_since, attempts) if failed_since else []
    refused: dict[str, str] = {}
    for each in ids:
        outcome = requeues().one(each, attempts)
        if isinstance(outcome, str):
            refused[each] = outcome
        else:
            done.append(outcome)
    shown = [_shown(content) for content in done]
    lines = [f"requeued  {_line(each)}" for each in shown] + [f"refused   {key}  {why}" for key, why in refused.items()]
    answer({"ok": not refused, "requeued": shown, "refused": refused}, lines or ["nothing has failed since then"])
    if refused:
        end_with_problem()


def _shown(content: Mapping[str, Any]) -> dict[str, Any]:
    """Returns what is shown of a content: never its prompt and text, which are private."""
    due_at, finished_at = content.get("due_at"), content.get("finished_at")
    return {
        "contentId": str(content["_id"]),
        "jobId": content.get("job_id"),
        "userId": str(content["user_id"]),
        "requestId": content.get("request_id"),
        "status": content.get("generation_status"),
        "attempt": content.get("attempt", 0),
        "maxAttempts": content.get("max_attempts"),
        "dueAt": iso(due_at) if due_at else None,
        "finishedAt": iso(finished_at) if finished_at else None,
        "failureReason": content.get("failure_reason"),
    }


def _lines(counts: dict[str, int | None], next_ones: list[dict[str, Any]], failures: list[dict[str, Any]]) -> list[str]:
    figures = "  ".join(f"{name} {'unknown' if count is None else count}" for name, count in counts.items())
    shown = [figures]
    for title, entries in (("next:", next_ones), ("failed last:", failures)):
        if entries:
            shown += ["", title, *(f"  {_line(each)}" for each in entries)]
    return shown


def _line(entry: dict[str, Any]) -> str:
    attempts = f"attempt {entry['attempt']}/{entry['maxAttempts']}"
    when = entry["finishedAt"] or entry["dueAt"] or ""
    return f"{entry['contentId']}  {entry['status']:<10}  {attempts}  {when}  {entry['failureReason'] or ''}".rstrip()
