"""Receivers of webhooks on this machine: good ones, and each kind of bad one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tools import ports

_HEAD = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n%s\r\n"
_OK, _ERROR = _HEAD % (b"200 OK", b""), _HEAD % (b"500 Internal Server Error", b"")
_GONE = _HEAD % (b"410 Gone", b"")
_MOVED = _HEAD % (b"302 Found", b"Location: http://127.0.0.1:9/\r\n")
_ERRORS = 2


@dataclass
class Receiver:
    """Answers messages at `url` and counts them by id. `answer` is given the message's number, from 0."""

    name: str
    answer: Callable[[int], bytes | None]
    """None: the connection stays open without an answer."""
    url: str = ""
    ids: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether it acknowledges every message at last."""
        return self.answer(_ERRORS) == _OK

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        await reader.readexactly(int(headers["content-length"]))
        answer = self.answer(len(self.ids))
        self.ids.append(headers["webhook-id"])
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()


def all_kinds() -> list[Receiver]:
    """Returns ten receivers: six good ones, and one that answers 500 twice, never, with 410, with a redirect."""
    good = [Receiver(f"good {number}", lambda _: _OK) for number in range(6)]
    return [
        *good,
        Receiver("500 twice", lambda number: _ERROR if number < _ERRORS else _OK),
        Receiver("silent", lambda _: None),
        Receiver("gone", lambda _: _GONE),
        Receiver("redirecting", lambda _: _MOVED),
    ]


@contextmanager
def serving(receivers: list[Receiver]) -> Iterator[None]:
    """Runs the receivers in one thread while the block runs, and sets their URLs."""
    loop = asyncio.new_event_loop()

    async def open_all() -> None:
        for each in receivers:
            port = ports.choose()
            await asyncio.start_server(each.serve, ports.LOOPBACK, port)
            each.url = f"http://{ports.LOOPBACK}:{port}/hook"

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(open_all(), loop).result(30)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
