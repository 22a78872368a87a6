"""The base of operators' commands: `--json`, one-line errors, and access to the application's services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any, NoReturn

import click
import orjson
from flask.cli import with_appcontext
from pymongo.errors import PyMongoError
from redis import Redis

from app.config import Settings
from app.errors import AppError, InvalidInput
from app.generation.requeue import Requeues
from app.redis_client import OUTAGES as REDIS_OUTAGES
from app.services import service

_AS_JSON = "app.ops.cli.as_json"


class Failed(click.ClickException):
    """The command failed. Exit code 1."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self._as_json = answers_in_json()  # show() is called after the command's context has ended

    def show(self, file: IO[Any] | None = None) -> None:
        if self._as_json:
            click.echo(orjson.dumps({"ok": False, "error": self.message}))
        click.echo(f"Error: {self.message}", err=True, file=file)


class OperatorCommand(click.Command):
    """A command with `--json` that runs in the application context and reports failures in one line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["callback"] = with_appcontext(kwargs["callback"])
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(
                ["--json"], is_flag=True, expose_value=False, callback=_note_json, help="Answer in JSON, for programs."
            )
        )

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InvalidInput as error:
            raise Failed("; ".join(f"{each.field}: {each.message}" for each in error.errors)) from None
        except AppError as error:
            raise Failed(error.message) from None
        except PyMongoError as error:
            raise Failed(f"MongoDB does not answer ({str(error)[:200]}). `flask check` says more.") from None
        except REDIS_OUTAGES as error:
            raise Failed(f"Redis does not answer ({str(error)[:200]}). `flask check` says more.") from None


def _note_json(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:
    ctx.meta[_AS_JSON] = value


def answers_in_json() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(_AS_JSON))


def answer(data: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Prints the result as text, or as JSON with `--json`."""
    if answers_in_json():
        click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2))
    else:
        for line in lines:
            click.echo(line)


def end_with_problem() -> NoReturn:
    """Exits with code 1, after the result was printed."""
    raise click.exceptions.Exit(1)


def settings() -> Settings:
    return service(Settings)


def requeues() -> Requeues:
    return service(Requeues)


def redis() -> Redis:
    return service(Redis)
