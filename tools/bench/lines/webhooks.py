"""Generations beside webhooks, and the delivery of their messages."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import requests

from tools.bench import proc, samples
from tools.bench.lines.writing import rate_of_workers
from tools.bench.measurement import Measurement, share_of_baseline
from tools.bench.receivers import Receiver, all_kinds, serving
from tools.bench.stage import Account, Stage, contents_of, register
from tools.processes import StartError, wait_until
from tools.system import System

ROUNDS = 3
EVENTS = 1_000
SLOW = 80
PATIENCE_SECONDS = 300.0
SHARED = "the worker process also sends the messages, with the processor time in the note"


class Case(NamedTuple):
    """Generations whose model takes `delay_ms`."""

    name: str
    delay_ms: int
    amount: int
    rounds: int
    limit: str = ""


class Rated(NamedTuple):
    """Generations per second, and the CPU time of the worker in seconds for them and their messages."""

    per_second: float
    cpu: float


def beside_generations(stage: Stage) -> list[Measurement]:
    """Generations with ten webhooks beside generations without; then every good receiver's messages.

    The messages of a round are awaited before the next, so that they do not affect the rate without webhooks.
    """
    receivers = all_kinds()
    told: list[float] = []
    with serving(receivers), stage.system(workers=1, WEBHOOKS_ALLOW_PRIVATE="true") as system:
        teller, silent = register(system.webs[0]), register(system.webs[0])
        for each in receivers:
            _add_webhook(teller, each)
        found = []
        for case in (Case("answered at once", 0, EVENTS // ROUNDS, ROUNDS, SHARED), Case("of 1 s", 1000, SLOW, 1)):
            stage.servers.standin.delay(case.delay_ms)
            count = stage.amount(case.amount, 20)
            bare, rates = samples.in_turns(
                stage.amount(case.rounds, 1),
                partial(_with_cpu, system, partial(_rate, system, silent, count)),
                partial(_with_cpu, system, partial(_rate_with_messages, system, teller, count, receivers, told)),
            )
            found.append(_beside(case, count, rates, bare))
    return [*found, _messages(receivers, sum(told))]


def _beside(case: Case, count: int, rates: list[Rated], bare: list[Rated]) -> Measurement:
    rate, baseline = (samples.median([each.per_second for each in rounds]) for rounds in (rates, bare))
    with_all, alone = (1000 * samples.median([each.cpu for each in rounds]) / count for rounds in (rates, bare))
    note = (
        f"baseline: without webhooks; the worker's processor time per text {alone:.1f} ms, with messages {with_all:.1f}"
    )
    name = f"generations {case.name}, with 10 webhooks"
    return share_of_baseline(name, "/s", rate, baseline, 0.9, note=note, limit=case.limit)


def _rate(system: System, account: Account, amount: int) -> float:
    return rate_of_workers(system, contents_of(system.environ), account.user_id, amount)


def _with_cpu(system: System, run: Callable[[], float]) -> Rated:
    before = proc.cpu_seconds(system.workers[0].child.pid)
    return Rated(run(), proc.cpu_seconds(system.workers[0].child.pid) - before)


def _messages(receivers: list[Receiver], seconds: float) -> Measurement:
    """Returns the rate at which the good receivers got their messages, and how many went to the others."""
    sent = sum(len(each.ids) for each in receivers if each.is_good)
    others = ", ".join(f"{each.name} {len(each.ids)}" for each in receivers if not each.name.startswith("good"))
    note = f"{sent:,} to 7 receivers; to each of the others: {others}"
    return Measurement(
        "messages to good receivers while texts are written and after", "/s", sent / seconds, "", None, note=note
    )


def _rate_with_messages(
    system: System, account: Account, amount: int, receivers: list[Receiver], told: list[float]
) -> float:
    """Returns the rate of generations, and adds the seconds until every good receiver has its messages to `told`."""
    good = [each for each in receivers if each.is_good]
    expected = {each.name: len(set(each.ids)) + amount for each in good}
    began = time.monotonic()
    rate = _rate(system, account, amount)
    if not wait_until(
        lambda: all(len(set(each.ids)) >= expected[each.name] for each in good), PATIENCE_SECONDS, every=0.1
    ):
        missing = {each.name: expected[each.name] - len(set(each.ids)) for each in good}
        raise StartError(f"messages did not arrive within {PATIENCE_SECONDS:.0f} s: {missing}")
    told.append(time.monotonic() - began)
    return rate


def _add_webhook(account: Account, receiver: Receiver) -> None:
    body = {"url": receiver.url, "events": ["content.generation.completed"], "description": receiver.name}
    requests.post(f"{account.url}/api/webhooks", json=body, headers=account.headers, timeout=30).raise_for_status()
