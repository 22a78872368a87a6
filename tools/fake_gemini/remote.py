"""Steers a running stand-in from a test, a benchmark or a fault drill."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import orjson

_TIMEOUT_SECONDS = 10


class Remote:
    """The stand-in at `url`, as tests steer it. A wrong script raises urllib.error.HTTPError."""

    def __init__(self, url: str) -> None:
        self._prefix = f"{url.rstrip('/')}/__standin__"

    def script(self, *steps: dict[str, Any], match: str = "", then: dict[str, Any] | None = None) -> None:
        """Answer the next calls whose user text holds `match` with a step each, later ones with `then`."""
        self._post("script", {"match": match, "steps": list(steps), "then": then})

    def delay(self, milliseconds: float, *, piece: float = 0) -> None:
        """Let every answer take this long, and every piece of a streamed one `piece` more."""
        self._post("defaults", {"delayMs": milliseconds, "pieceMs": piece})

    def release(self, match: str) -> None:
        """Let the held calls go on whose user text holds `match`, also those that arrive later."""
        self._post("release", {"match": match})

    def reset(self) -> None:
        """Forget scripts, calls and delay, and let waiting calls go."""
        self._post("reset", {})

    def calls(self, match: str = "") -> list[dict[str, Any]]:
        """The calls whose user text holds `match`, oldest first."""
        found: list[dict[str, Any]] = self.report(match)["calls"]
        return found

    def report(self, match: str = "", limit: int | None = None) -> dict[str, Any]:
        """`calls`, the last `limit` of them, and the counts `total`, `running` and `maxRunning`."""
        query = urlencode({"match": match} | ({} if limit is None else {"limit": limit}))
        return self._send(Request(f"{self._prefix}/calls?{query}"))  # noqa: S310 - the scheme is http

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self._send(Request(f"{self._prefix}/{path}", data=orjson.dumps(body), method="POST"))  # noqa: S310 - the scheme is http

    def _send(self, request: Request) -> dict[str, Any]:
        with urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - the scheme is http
            answer: dict[str, Any] = orjson.loads(response.read())
        return answer
