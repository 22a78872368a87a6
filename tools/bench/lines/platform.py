"""The effect of webhooks on generations."""

from __future__ import annotations

import time
from functools import partial

import requests

from tools.bench import samples
from tools.bench.lines.writing import rate_of_workers
from tools.bench.measurement import Measurement, at_least, share_of_baseline
from tools.bench.receivers import Receiver, all_kinds, serving
from tools.bench.stage import Account, Stage, contents_of, register
from tools.processes import StartError, wait_until
from tools.system import System

ROUNDS = 3
EVENTS = 1_000
PATIENCE_SECONDS = 300.0


def webhooks(stage: Stage) -> list[Measurement]:
    """Generations answered at once with ten webhooks beside generations without; then every good receiver's messages.

    The messages of a round are awaited before the next, so that they do not affect the rate without webhooks.
    """
    amount = stage.amount(EVENTS // ROUNDS, 20)
    receivers = all_kinds()
    with serving(receivers), stage.system(workers=1, WEBHOOKS_ALLOW_PRIVATE="true") as system:
        teller, silent = register(system.webs[0]), register(system.webs[0])
        for each in receivers:
            _add_webhook(teller, each)
        told: list[float] = []
        bare, rates = samples.in_turns(
            stage.amount(ROUNDS, 1),
            partial(rate_of_workers, system, contents_of(system.environ), silent.user_id, amount),
            partial(_rate_with_messages, system, teller, amount, receivers, told),
        )
    sent = sum(len(each.ids) for each in receivers if each.is_good)
    counts = ", ".join(f"{each.name} {len(each.ids)}" for each in receivers if not each.name.startswith("good"))
    note = f"baseline: without webhooks; ten webhooks for each text, 6 good ones; messages to the others: {counts}"
    return [
        share_of_baseline(
            "generations answered at once, with 10 webhooks", "/s", samples.median(rates), samples.median(bare), 0.9,
            note=note,
        ),
        at_least("messages to the good receivers", "/s", sent / sum(told), 20),
    ]  # fmt: skip


def _rate_with_messages(
    system: System, account: Account, amount: int, receivers: list[Receiver], told: list[float]
) -> float:
    """Returns the rate of generations, and adds the seconds until every good receiver has its messages to `told`."""
    good = [each for each in receivers if each.is_good]
    expected = {each.name: len(set(each.ids)) + amount for each in good}
    began = time.monotonic()
    rate = rate_of_workers(system, contents_of(system.environ), account.user_id, amount)
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
