"""`flask check`: checks settings and connections, with advice for each problem."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from app import database, redis_client
from app.config import KEYS_PAGE, Settings
from app.errors import GenerationError, SettingsError
from app.generation.providers.probe import ask_for_model
from app.ops.cli.command import OperatorCommand, answer, end_with_problem, redis, settings
from app.ops.heartbeat import living_workers
from app.ops.indexes import missing_indexes

OK, WARNING, PROBLEM = "ok", "warning", "problem"
GEMINI_SECONDS = 5.0


@dataclass(frozen=True)
class Verdict:
    """The result of a check, with advice."""

    name: str
    state: str
    text: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f"\n{'':18}→ {self.advice}" if self.advice else ""
        return f"{self.name:<9}{self.state:<9}{self.text}{advice}"


@click.command(cls=OperatorCommand)
def check() -> None:
    """Check the settings, MongoDB, Redis, the workers and Gemini. Costs no tokens.

    Exits with 1 if there is a problem. Warnings do not count as problems.
    """
    checks: tuple[Callable[[Settings], Verdict], ...] = (_settings, _metrics, _mongodb, _redis, _workers, _gemini)
    verdicts = [look(settings()) for look in checks]
    fine = all(verdict.state != PROBLEM for verdict in verdicts)
    answer({"ok": fine, "checks": [dataclasses.asdict(verdict) for verdict in verdicts]}, map(str, verdicts))
    if not fine:
        end_with_problem()


def _settings(given: Settings) -> Verdict:
    if not given.production:
        advice = "Set APP_ENV=production where strangers can reach it: secrets are required then."
        return Verdict("settings", WARNING, "usable, for development", advice)
    local = [origin for origin in given.client_url if "//localhost" in origin or "//127." in origin]
    if local:
        advice = "Set CLIENT_URL to the origins of your user interface, or leave it to the one that web serves."
        return Verdict("settings", WARNING, f"pages from {', '.join(local)} are let in", advice)
    return Verdict("settings", OK, "usable, for production")


def _metrics(given: Settings) -> Verdict:
    if given.metrics_token:
        return Verdict("metrics", OK, "/metrics is for the bearer of METRICS_TOKEN")
    advice = "Set METRICS_TOKEN, and give it to Prometheus as its bearer."
    if not given.metrics_served:
        return Verdict("metrics", WARNING, "/metrics is not served", advice)
    return Verdict("metrics", WARNING, "/metrics is open to anybody", advice)


def _mongodb(given: Settings) -> Verdict:
    try:
        database.require(given)
    except SettingsError as error:
        return _problem("mongodb", error)
    if missing := missing_indexes():
        return Verdict("mongodb", WARNING, f"missing indexes: {'; '.join(missing)}", "Run `flask ensure-indexes`.")
    return Verdict("mongodb", OK, f"answers, version {database.version()}, all indexes are there")


def _redis(given: Settings) -> Verdict:
    try:
        redis_client.require(given)
        information: Any = redis().info()
    except SettingsError as error:
        return _problem("redis", error)
    policy = information.get("maxmemory_policy", "noeviction")
    if information.get("maxmemory") and policy != "noeviction":
        advice = "Set maxmemory-policy to noeviction: otherwise scheduled jobs vanish and wait for the sweep."
        return Verdict("redis", WARNING, f"answers, but evicts keys ({policy})", advice)
    return Verdict("redis", OK, f"answers, version {information.get('redis_version', 'unknown')}")


def _workers(_given: Settings) -> Verdict:
    try:
        alive = living_workers(redis())
    except redis_client.OUTAGES:
        return Verdict("workers", WARNING, "unknown while Redis is away")
    if not alive:
        return Verdict("workers", WARNING, "none lives", "Start one: `python worker.py`. Requests wait until then.")
    return Verdict("workers", OK, f"{len(alive)} live: {', '.join(alive)}")


def _gemini(given: Settings) -> Verdict:
    if given.production and not given.google_ai_api_key:
        advice = f"Set GOOGLE_AI_API_KEY ({KEYS_PAGE}) for the worker; only there is it needed."
        return Verdict("gemini", WARNING, "not asked: there is no key here", advice)
    place = given.google_ai_endpoint or "Google"
    try:
        ask_for_model(given, GEMINI_SECONDS)
    except GenerationError as error:
        advice = f"Check GOOGLE_AI_API_KEY ({KEYS_PAGE}), AI_MODEL and GOOGLE_AI_ENDPOINT."
        return Verdict("gemini", PROBLEM, f"{error.message} ({given.ai_model} at {place})", advice)
    return Verdict("gemini", OK, f"{given.ai_model} at {place} is there for this key")


def _problem(name: str, error: SettingsError) -> Verdict:
    """Returns a problem. The advice is what follows the last colon in the SettingsError's line."""
    text, _, advice = error.problems[0].rpartition(": ")
    return Verdict(name, PROBLEM, text.partition(": ")[2] or text, advice[:1].upper() + advice[1:])
