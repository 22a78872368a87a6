"""The library besides searches: pages by cursor, tags, batches, and downloads of many texts."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice

import requests

from tools.bench import invented_text, proc, samples
from tools.bench.load import Target, begin, read
from tools.bench.measurement import Measurement, at_most, times_baseline
from tools.bench.stage import Account, Stage, contents_of, fill_each, milliseconds_of, register, start_baseline
from tools.processes import StartError
from tools.system import System, Web

PAGE = 500
OWN = 6_000
TAGS = ("garden", "summer", "shop")
ROWS = 500
TEXTS, WORDS = 500, 1_000
OTHERS, PAUSE_MS = 4, 40
ZIP_SECONDS = 120
_PIECE = 64 * 1024
_EVERY = 0.05


def cursor_page(stage: Stage) -> list[Measurement]:
    """Page 500 by cursor beside page 1."""
    page = stage.amount(PAGE, 5)
    with stage.system() as system:
        account = register(system.webs[0])
        fill_each(contents_of(system.environ), account.user_id, islice(invented_text.texts(100), page * 10 + 10))
        session = requests.Session()
        cursor = _cursor_before(session, account, page)
        first, deep = samples.in_turns(
            stage.amount(200, 3),
            partial(milliseconds_of, session, account.gets("/content?cursor=")),
            partial(milliseconds_of, session, account.gets(f"/content?cursor={cursor}")),
        )
    note = "baseline: the first page by cursor"
    return [
        times_baseline(
            f"GET /content?cursor=, page {page}, p50", "ms", samples.median(deep), samples.median(first), 1.2, note=note
        )
    ]


def tags(stage: Stage) -> list[Measurement]:
    """The tags of 6,000 texts beside a bare route with the same aggregation."""
    own = stage.amount(OWN, 50)
    with stage.system() as system:
        account, baseline = register(system.webs[0]), start_baseline(system)
        texts = islice(invented_text.texts(100), own)
        fill_each(contents_of(system.environ), account.user_id, texts, tags=TAGS)
        session = requests.Session()
        bare, product = samples.in_turns(
            stage.amount(100, 3),
            partial(milliseconds_of, session, Target(f"{baseline.url}/{account.user_id}/tags")),
            partial(milliseconds_of, session, account.gets("/content/tags")),
        )
    return [
        times_baseline(
            f"GET /content/tags of {own:,} texts, p50", "ms", samples.median(product), samples.median(bare), 1.3
        )
    ]


def batch(stage: Stage) -> list[Measurement]:
    """500 rows sent as JSON, until the 202."""
    rows = stage.amount(ROWS, 20)
    with stage.system(GENERATION_DELAY_SECONDS="3600") as system:
        seconds = [_accepted(system.webs[0], rows) for _ in range(stage.amount(5, 1))]
    note = f"slowest of {len(seconds)}: {max(seconds):.2f} s"
    return [at_most(f"POST /batches with {rows} rows", "s", samples.median(seconds), 3, note=note)]


def zipped(stage: Stage) -> list[Measurement]:
    """A zip of 500 texts as Word and as Markdown: the web process's peak memory, and others' requests meanwhile."""
    with stage.system(BCRYPT_ROUNDS="4") as system:
        owner, other = register(system.webs[0]), register(system.webs[0])
        contents = contents_of(system.environ)
        count = stage.amount(TEXTS, 10)
        fill_each(contents, owner.user_id, islice(invented_text.texts(WORDS), count))
        fill_each(contents, other.user_id, islice(invented_text.texts(100), 100))
        kinds = {"docx": f"{count} texts as Word", "md": f"{count} texts as Markdown"}
        return [each for kind, name in kinds.items() for each in _downloads(system, owner, other, kind, name)]


def _downloads(system: System, owner: Account, other: Account, kind: str, name: str) -> Iterator[Measurement]:
    with _peak_memory(system.webs[0].child.pid) as seen:
        watching = begin(other.gets("/content"), ZIP_SECONDS, OTHERS, pause_ms=PAUSE_MS)
        seconds, size, longest = _download(owner, kind)
        watching.send_signal(signal.SIGINT)  # wrk reports when it is interrupted
        load = read(watching)
    note = f"{size / 1e6:.1f} MB in {seconds:.1f} s; the longest wait for a piece {longest:.2f} s"
    yield at_most(f"web memory while a zip of {name} is read", "MB", max(seen), 200, note=note)
    yield at_most(
        f"others' GET /content during the zip of {name}, p50", "ms", load.p50, 100, note=f"p99 {load.p99:.0f} ms"
    )


def _download(owner: Account, kind: str) -> tuple[float, int, float]:
    """Returns the seconds of the whole download, its bytes, and the longest wait for a piece."""
    body = {"filter": {}, "format": kind}
    began = moment = time.monotonic()
    size, longest = 0, 0.0
    with requests.post(
        f"{owner.url}/api/content/export", json=body, headers=owner.headers, timeout=60, stream=True
    ) as answer:
        answer.raise_for_status()
        for piece in answer.iter_content(_PIECE):
            size += len(piece)
            longest, moment = max(longest, time.monotonic() - moment), time.monotonic()
    return time.monotonic() - began, size, longest


@contextmanager
def _peak_memory(pid: int) -> Iterator[list[float]]:
    """Adds the memory of a process tree in MB to the list, twenty times a second, while the block runs."""
    seen, over = [proc.memory_mb(pid)], threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            seen.append(proc.memory_mb(pid))

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield seen
    finally:
        over.set()
        watching.join()


def _accepted(web: Web, rows: int) -> float:
    """Returns the seconds until the batch of a new person is accepted."""
    account = register(web)
    items = [
        {"title": f"Product {number}", "contentType": "product", "prompt": f"Describe product {number}: {text}"}
        for number, text in enumerate(islice(invented_text.texts(60), rows))
    ]
    began = time.perf_counter()
    answer = requests.post(f"{web.url}/api/batches", json={"items": items}, headers=account.headers, timeout=60)
    seconds = time.perf_counter() - began
    if answer.status_code != requests.codes.accepted:
        raise StartError(f"the batch was refused: {answer.text[:300]}")
    return seconds


def _cursor_before(session: requests.Session, account: Account, page: int) -> str:
    """Returns the cursor with which this page begins."""
    cursor = ""
    for _ in range(page - 1):
        path = f"{account.url}/api/content?cursor={cursor}&fields=title"
        answer = session.get(path, headers=account.headers, timeout=30)
        answer.raise_for_status()
        cursor = answer.json()["data"]["pagination"]["nextCursor"]
    return cursor
