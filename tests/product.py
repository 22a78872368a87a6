"""The product as clients see it: web processes at addresses."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pytest
import urllib3

from app.config import Settings, load_settings
from app.errors import SettingsError
from tests.patience import REQUEST_SECONDS
from tools.fake_gemini.remote import Remote
from tools.system import System, answers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding"}
"""Headers that are not passed on to the client; see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1."""


@dataclass(frozen=True)
class Product:
    """The addresses of at least two web processes and, as far as known, their environment variables."""

    urls: tuple[str, ...]
    environ: Mapping[str, str]

    @classmethod
    def of(cls, system: System) -> Product:
        """The product that these tests have started."""
        return cls(tuple(web.url for web in system.webs), system.environ)

    @classmethod
    def at(cls, addresses: str, environ: Mapping[str, str]) -> Product:
        """A product that was started externally. Raises UsageError if it cannot be tested."""
        urls = tuple(address.strip().rstrip("/") for address in addresses.split(","))
        for url in urls:
            if not url.startswith(("http://", "https://")) or not answers(f"{url}/healthz"):
                raise pytest.UsageError(f"--product: no web process answers at {url or addresses!r}")
        given = cls(urls if len(urls) > 1 else urls * 2, environ)
        if given.known and given.settings.rate_limit_enabled:
            raise pytest.UsageError("--product: start it with RATE_LIMIT_ENABLED=false, for all tests come from here")
        return given

    @cached_property
    def known(self) -> Settings | None:
        """Its settings, or None if the environment does not contain all of them."""
        try:
            return load_settings({**self.environ, "APP_ENV": "production"})
        except SettingsError:
            return None

    @property
    def settings(self) -> Settings:
        """Its settings. Skips the test if they are not known."""
        return self.known or pytest.skip("needs the variables of the product in the environment")

    @property
    def standin(self) -> Remote:
        """Controls its Gemini stand-in. Skips the test if it uses another endpoint."""
        if not self.settings.google_ai_endpoint:
            pytest.skip("needs a product that asks the stand-in")
        return Remote(self.settings.google_ai_endpoint)


class InTurn:
    """A WSGI application that forwards each request to the next web process, and returns its response.

    With it, clients of the in-process application become clients of real processes. Like a reverse proxy, it tells them
    which requests came over https.
    """

    def __init__(self, urls: Iterable[str]) -> None:
        pools = [urllib3.connection_from_url(url, maxsize=16, timeout=REQUEST_SECONDS) for url in urls]
        self._pools = itertools.cycle(pools)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        sent = {
            name.removeprefix("HTTP_").replace("_", "-").title(): value
            for name, value in environ.items()
            if name == "CONTENT_TYPE" or (name.startswith("HTTP_") and name != "HTTP_HOST")
        }
        if environ["wsgi.url_scheme"] == "https":
            sent["X-Forwarded-Proto"] = "https"
        answer = next(self._pools).urlopen(
            environ["REQUEST_METHOD"],
            environ["REQUEST_URI"],
            body=environ["wsgi.input"].read() or None,
            headers=sent,
            redirect=False,
            retries=False,
            decode_content=False,
        )
        received = [
            (name, value) for name, value in answer.headers.iteritems() if name.lower() not in OF_THE_CONNECTION
        ]
        start_response(f"{answer.status} {answer.reason}", received)
        return [answer.data]
