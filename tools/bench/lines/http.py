"""POST /content/generate, GET /content and GET /content/:id, each compared with a bare route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import requests

from tools.bench import proc, samples
from tools.bench.load import Load, Target, press
from tools.bench.measurement import Measurement, share_of_baseline
from tools.bench.stage import Account, Stage, contents_of, fill, register, start_baseline
from tools.processes import StartError
from tools.system import System, Web

ROUNDS = 3
PEOPLE = 200
OWN_CONTENTS = 500


@dataclass(frozen=True)
class Route:
    """A request and the web process that serves it."""

    web: Web
    target: Target


@dataclass(frozen=True)
class Served:
    """The result of a load, and the web process's CPU time per response in milliseconds."""

    load: Load
    cpu_ms: float


ONE_CORE = (
    "by py-spy a quarter is MongoDB, a twelfth Redis, 9 % marshmallow, 6 % each the log and gunicorn's parser; "
    "the rest is Flask, werkzeug and eventlet"
)
"""The limit of POST /content/generate in the one web process measured."""


LOG = "by cProfile a twelfth is the log line, which the baseline does not write, and a third is MongoDB's client"


def generate(stage: Stage) -> list[Measurement]:
    """Generation requests accepted per second, from many users, each with a typical number waiting."""
    with stage.system(BCRYPT_ROUNDS="4") as system:
        people, baseline = [register(system.webs[0]) for _ in range(PEOPLE)], start_baseline(system)
        asks = replace(people[0].asks, token=",".join(each.token for each in people))
        bare = Target(f"{baseline.url}/{people[0].user_id}/generate", method="POST", body=asks.body)
        routes = Route(system.webs[0], asks), Route(baseline, bare)
        return [_beside(stage, "POST /content/generate", *routes, least=0.5, node=312, limit=ONE_CORE)]


def list_contents(stage: Stage) -> list[Measurement]:
    """First pages per second, 10 of 500."""
    with stage.system() as system:
        account, baseline = _author(system)
        product, bare = account.gets("/content"), Target(f"{baseline.url}/{account.user_id}/contents")
        _require_same_bytes(product, bare)
        routes = Route(system.webs[0], product), Route(baseline, bare)
        return [_beside(stage, "GET /content (10 of 500)", *routes, least=0.8, node=391)]


def get_content(stage: Stage) -> list[Measurement]:
    """Single contents per second."""
    with stage.system() as system:
        account, baseline = _author(system)
        content = contents_of(system.environ).find_one() or {}
        product = account.gets(f"/content/{content['_id']}")
        bare = Target(f"{baseline.url}/{account.user_id}/contents/{content['_id']}")
        _require_same_bytes(product, bare)
        routes = Route(system.webs[0], product), Route(baseline, bare)
        return [_beside(stage, "GET /content/:id", *routes, least=0.75, node=661, limit=LOG)]


def _author(system: System) -> tuple[Account, Web]:
    account = register(system.webs[0])
    fill(contents_of(system.environ), account.user_id, OWN_CONTENTS)
    return account, start_baseline(system)


def _beside(
    stage: Stage, name: str, product: Route, bare: Route, *, least: float, node: float, limit: str = ""
) -> Measurement:
    """Returns the medians of several alternating rounds of both routes."""
    seconds = stage.amount(4, 1)
    press(bare.target, 1)
    press(product.target, 1)
    baselines, figures = samples.in_turns(
        stage.amount(ROUNDS, 1), partial(_serve, bare, seconds), partial(_serve, product, seconds)
    )
    rate, baseline = (samples.median([each.load.per_second for each in served]) for served in (figures, baselines))
    return share_of_baseline(name, "/s", rate, baseline, least, node=node, note=_note(figures, baselines), limit=limit)


def _serve(route: Route, seconds: float) -> Served:
    before = proc.cpu_seconds(route.web.child.pid)
    load = press(route.target, seconds)
    used = proc.cpu_seconds(route.web.child.pid) - before
    return Served(load, 1000 * used / max(1, load.answered))


def _note(figures: Sequence[Served], baselines: Sequence[Served]) -> str:
    """Returns the CPU times, which vary less on a busy machine than the rates, and the number of failures."""
    figure, baseline = (samples.median([each.cpu_ms for each in served]) for served in (figures, baselines))
    failed = sum(each.load.failed for each in (*figures, *baselines))
    text = f"processor time per answer {figure:.2f} ms, baseline {baseline:.2f} ms: ratio {baseline / figure:.2f}"
    return f"{text}; {failed} REQUESTS FAILED" if failed else text


def _require_same_bytes(product: Target, bare: Target) -> None:
    """Raises StartError if the baseline's response differs from the product's, since the ratio would be meaningless."""
    headers = {"Authorization": f"Bearer {product.token}"}
    if requests.get(product.url, headers=headers, timeout=10).content != requests.get(bare.url, timeout=10).content:
        raise StartError(
            "The baseline answers other bytes than the product: bring tools/bench/baseline_app.py up to date."
        )
