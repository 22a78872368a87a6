"""`flask queue` and `flask requeue`: what waits, runs and failed, and failed generations once more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import click
from marshmallow import ValidationError

from app.clock import iso, utcnow
from app.config import Duration
from app.content.document import Content
from app.generation.requeue import requeue_all, requeue_one
from app.ops.cli.command import OperatorCommand, answer, end_with_problem, generations, redis, settings
from app.ops.heartbeat import living_workers
from app.redis_client import OUTAGES


class Ago(click.ParamType[timedelta]):
    """A length of time such as 30m, 2h or 7d."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        try:
            return cast("timedelta", Duration().deserialize(value))
        except ValidationError as error:
            self.fail(str(error.messages[0]), param, ctx)


@click.command(cls=OperatorCommand)
@click.option("--limit", type=click.IntRange(0, 1000), default=10, show_default=True, help="Length of both lists.")
def queue(limit: int) -> None:
    """Show what waits, runs, is overdue and has failed. Ends with 1 when something is overdue and no worker lives."""
    backlog = Content.backlog()
    failed = Content.failed_since()
    workers = _count_workers()
    counts = {
        "waiting": backlog.waiting,
        "running": backlog.running,
        "overdue": backlog.overdue,
        "failed": failed.count(),
        "workers": workers,
    }
    next_ones = [_shown(content) for content in Content.unfinished(limit)] if limit else []
    failures = [_shown(content) for content in failed.limit(limit)] if limit else []
    ok = not (backlog.overdue and workers == 0)
    answer({"ok": ok, **counts, "next": next_ones, "failures": failures}, _lines(counts, next_ones, failures))
    if not ok:
        end_with_problem()


@click.command(cls=OperatorCommand)
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--failed-since", type=Ago(), help="All that failed within this time, such as 2h.")
def requeue(ids: tuple[str, ...], failed_since: timedelta | None) -> None:
    """Run failed generations again: those with these content or job IDs, or all --failed-since.

    Their job ids stay, their attempts begin anew. Ends with 1 when an ID is unknown or has not failed.
    """
    if bool(ids) == bool(failed_since):
        raise click.UsageError("Give IDs or --failed-since.")
    attempts = settings().job_max_attempts
    done = requeue_all(generations(), utcnow() - failed_since, attempts) if failed_since else []
    refused: dict[str, str] = {}
    for each in ids:
        outcome = requeue_one(generations(), each, attempts)
        if isinstance(outcome, Content):
            done.append(outcome)
        else:
            refused[each] = outcome
    shown = [_shown(content) for content in done]
    lines = [f"requeued  {_line(each)}" for each in shown] + [f"refused   {key}  {why}" for key, why in refused.items()]
    answer({"ok": not refused, "requeued": shown, "refused": refused}, lines or ["nothing has failed since then"])
    if refused:
        end_with_problem()


def _count_workers() -> int | None:
    try:
        return len(living_workers(redis()))
    except OUTAGES:
        return None


def _shown(content: Content) -> dict[str, Any]:
    """No prompt and no text: these are the person's."""
    return {
        "contentId": str(content.id),
        "jobId": content.job_id,
        "userId": str(content.user_id),
        "requestId": content.request_id,
        "status": content.generation_status,
        "attempt": content.attempt,
        "maxAttempts": content.max_attempts,
        "dueAt": iso(content.due_at) if content.due_at else None,
        "finishedAt": iso(content.finished_at) if content.finished_at else None,
        "failureReason": content.failure_reason,
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
