"""The cost of many open sockets."""

from __future__ import annotations

from tools.bench import proc
from tools.bench.browser import open_socket
from tools.bench.measurement import Measurement, at_most
from tools.bench.stage import Stage, register

SOCKETS = 300
FOR_EACH_PERSON = 50


def open_sockets(stage: Stage) -> list[Measurement]:
    """Memory of a web process, including its children, with 300 connected browsers."""
    with stage.system() as system:
        web = system.webs[0]
        amount = stage.amount(SOCKETS, 10)
        accounts = [register(web) for _ in range(0, amount, FOR_EACH_PERSON)]
        before = proc.memory_mb(web.child.pid)
        sockets = [open_socket(accounts[number // FOR_EACH_PERSON]) for number in range(amount)]
        memory = proc.memory_mb(web.child.pid)
        for each in sockets:
            each.close()
    note = f"{before:.0f} MB without sockets; PSS of gunicorn's two processes"
    each_kb = 1024 * (memory - before) / len(sockets)
    return [
        at_most(f"web memory with {len(sockets)} open sockets", "MB", memory, 150, node=230, note=note),
        Measurement("one more socket, web memory", "kB", each_kb, "", None),
    ]
