"""What one more web process and one more stored text cost. Workers and sockets have lines of their own."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pymongo
import requests

from tools.bench import invented_text, proc, samples
from tools.bench.load import begin, read
from tools.bench.measurement import Measurement
from tools.bench.stage import Account, Stage, contents_of, fill, of, register
from tools.system import System, Web

PROCESSES = (1, 2, 4)
OWN = 500
CONNECTIONS = 32
ROUNDS = 3
TEXTS, WORDS = 500, 1_000


def web_processes(stage: Stage) -> list[Measurement]:
    """Lists per second of one, two and four web processes together, and the memory of each."""
    with stage.system() as system:
        account = register(system.webs[0])
        fill(contents_of(system.environ), account.user_id, OWN)
        return [_with_webs(stage, system, account, count) for count in PROCESSES[: stage.amount(len(PROCESSES), 2)]]


def stored_text(stage: Stage) -> list[Measurement]:
    """The bytes on disk of one more text of 1,000 words, with its version and indexes."""
    amount = stage.amount(TEXTS, 20)
    with stage.system() as system:
        account, session = register(system.webs[0]), requests.Session()
        before = _on_disk(system)
        for number, text in enumerate(islice(invented_text.texts(WORDS), amount)):
            body = {"title": f"Text {number}", "contentType": "blog", "prompt": "Write", "generatedText": text}
            answer = session.post(f"{account.url}/api/content", json=body, headers=account.headers, timeout=30)
            answer.raise_for_status()
        after = _on_disk(system)
    data, indexes = ((after[name] - before[name]) / amount for name in ("storageSize", "indexSize"))
    note = f"{data:.0f} bytes of documents after compression, {indexes:.0f} of indexes; {amount} texts by POST /content"
    return [Measurement("one more text of 1,000 words, on disk", "kB", (data + indexes) / 1000, "", None, note=note)]


def _with_webs(stage: Stage, system: System, account: Account, count: int) -> Measurement:
    while len(system.webs) < count:
        system.add_web()
    seconds = stage.amount(4, 1)
    rates = [_lists_per_second(account, system.webs, seconds) for _ in range(stage.amount(ROUNDS, 1))]
    memory = samples.median([proc.memory_mb(web.child.pid) for web in system.webs])
    name = f"GET /content, {count} web process{'es' if count > 1 else ''}"
    return Measurement(name, "/s", samples.median(rates), "", None, note=f"{memory:.0f} MB each (PSS of its tree)")


def _lists_per_second(account: Account, webs: list[Web], seconds: float) -> float:
    """Returns the rate of all processes together, which share the connections."""
    loads = [begin(of(account, web).gets("/content"), seconds, CONNECTIONS // len(webs)) for web in webs]
    return sum(read(load).per_second for load in loads)


def _on_disk(system: System) -> dict[str, Any]:
    """Returns the sizes of the database in bytes after everything was written."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(system.environ["MONGO_URI"])
    client.admin.command("fsync")
    return dict(client.get_default_database().command("dbStats"))
