"""The client that tests, benchmarks and fault drills use to control a running stand-in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import orjson

_TIMEOUT_SECONDS = 10


class Remote:
    """Controls the stand-in at `url`. An invalid script raises urllib.error.HTTPError."""

    def __init__(self, url: str) -> None:
        self._prefix = f"{url.rstrip('/')}/__standin__"

    def script(self, *steps: dict[str, Any], match: str = "", then: dict[str, Any] | None = None) -> None:
        """Answers the next calls whose user text contains `match` with one step each, later ones with `then`."""
        self._post("script", {"match": match, "steps": list(steps), "then": then})

    def delay(self, milliseconds: float, *, piece: float = 0) -> None:
        """Sets the delay of every answer, and of each chunk of a streamed one, in milliseconds."""
        self._post("defaults", {"delayMs": milliseconds, "pieceMs": piece})

    def release(self, match: str) -> None:
        """Releases held calls whose user text contains `match`, including later ones."""
        self._post("release", {"match": match})

    def reset(self) -> None:
        """Clears scripts, calls and delays, and ends hanging calls."""
        self._post("reset", {})

    def calls(self, match: str = "") -> list[dict[str, Any]]:
        """Returns the calls whose user text contains `match`, oldest first."""
        found: list[dict[str, Any]] = self.report(match)["calls"]
        return found

    def report(self, match: str = "", limit: int | None = None) -> dict[str, Any]:
        """Returns the last `limit` calls as `calls`, and the counts `total`, `running` and `maxRunning`."""
        query = urlencode({"match": match} | ({} if limit is None else {"limit": limit}))
        return self._send(Request(f"{self._prefix}/calls?{query}"))  # noqa: S310 - the scheme is http

    def _post(self, path: str, body: dict[str, Any]) -> None:
        self._send(Request(f"{self._prefix}/{path}", data=orjson.dumps(body), method="POST"))  # noqa: S310 - the scheme is http

    def _send(self, request: Request) -> dict[str, Any]:
        with urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - the scheme is http
            answer: dict[str, Any] = orjson.loads(response.read())
        return answer
