"""Logins per second, and their effect on the list's latency."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import requests

from app.auth.passwords import PasswordHasher, run_here
from app.config import load_settings
from tools.bench import proc, samples
from tools.bench.load import Load, Target, begin, press, read
from tools.bench.measurement import Measurement, at_most, share_of_baseline, times_baseline
from tools.bench.stage import PASSWORD, Account, Stage, contents_of, fill, register
from tools.system import System

LOGIN_CLIENTS = 4
LIST_CLIENTS = 4
ROUNDS = 3


def login(stage: Stage) -> list[Measurement]:
    """Logins per second compared with the hashes the cores can compute, and the CPU cost of a login in hashes."""
    with stage.system() as system:
        target = _login_of(register(system.webs[0]))
        rounds_of_bcrypt = load_settings(system.environ).bcrypt_rounds
        seconds = stage.amount(6, 1)
        press(target, 1, LOGIN_CLIENTS)
        baselines, rates = samples.in_turns(
            stage.amount(ROUNDS, 1),
            partial(_hashes_per_second, rounds_of_bcrypt, seconds),
            lambda: press(target, seconds, LOGIN_CLIENTS).per_second,
        )
        of_login, of_hash = _costs(system, target, stage.amount(10, 2), rounds_of_bcrypt)
    rate, baseline = samples.median(rates), samples.median(baselines)
    return [
        share_of_baseline("login", "/s", rate, baseline, 0.9, node=7),
        at_most("processor time of a login, in hashes", "", of_login / of_hash, 1.3),
    ]


def list_during_logins(stage: Stage) -> list[Measurement]:
    """The list's p99 with and without four clients that log in continuously."""
    with stage.system() as system:
        account = register(system.webs[0])
        fill(contents_of(system.environ), account.user_id, 500)
        seconds = stage.amount(5, 1)
        press(account.gets("/content"), 1, LIST_CLIENTS)
        alone, beside = [], []
        for _ in range(stage.amount(ROUNDS, 1)):
            alone.append(press(account.gets("/content"), seconds, LIST_CLIENTS))
            beside.append(_list_beside_logins(account, seconds))
    middle = samples.median([each.p50 for each, _ in beside])
    rate = samples.median([each.per_second for each, _ in beside])
    logins = samples.median([each.per_second for _, each in beside])
    slowest, usual = samples.median([each.p99 for each, _ in beside]), samples.median([each.p99 for each in alone])
    note = f"baseline: without logins; {rate:.0f} lists/s and {logins:.1f} logins/s meanwhile"
    return [
        times_baseline("GET /content p99 while 4 clients log in", "ms", slowest, usual, 3, note=note),
        Measurement("GET /content p50 while 4 clients log in", "ms", middle, "", None, node=223),
    ]


def _login_of(account: Account) -> Target:
    body = {"email": account.email, "password": PASSWORD}
    return Target(f"{account.url}/api/auth/login", method="POST", body=body)


def _list_beside_logins(account: Account, seconds: float) -> tuple[Load, Load]:
    logins = begin(_login_of(account), seconds + 1, LOGIN_CLIENTS)
    listed = press(account.gets("/content"), seconds, LIST_CLIENTS)
    return listed, read(logins)


def _costs(system: System, target: Target, count: int, rounds: int) -> tuple[float, float]:
    """Returns CPU seconds per login and per hash, measured in alternation because core speeds vary."""
    pid = system.webs[0].child.pid
    hasher = PasswordHasher(rounds, run_here)
    hashed = hasher.hash(PASSWORD)
    of_logins = of_hashes = 0.0
    for _ in range(count):
        before = proc.cpu_seconds(pid)
        requests.post(target.url, json=target.body, timeout=30).raise_for_status()
        of_logins += proc.cpu_seconds(pid) - before
        began = time.process_time()
        hasher.matches(PASSWORD, hashed)
        of_hashes += time.process_time() - began
    return of_logins / count, of_hashes / count


def _hashes_per_second(rounds: int, seconds: float) -> float:
    """Returns the hash rate of all cores, with one thread each."""
    hasher = PasswordHasher(rounds, run_here)
    hashed = hasher.hash(PASSWORD)
    began = time.monotonic()

    def hash_on() -> int:
        count = 0
        while time.monotonic() < began + seconds:
            hasher.matches(PASSWORD, hashed)
            count += 1
        return count

    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as threads:
        count = sum(threads.map(lambda _: hash_on(), range(cores)))
    return count / (time.monotonic() - began)
