"""The browser app's files as served by the web process, with a small fake build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.http import pages
from app.services import services_of

NewApp = Callable[[Settings], Flask]
PAGE = b"<!doctype html><title>the page</title>"


@pytest.fixture
def client(app: Flask, new_app: NewApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of a web application whose build has one page and one script."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_bytes(PAGE)
    for ending, content in (("", b"plain"), (".br", b"brotli"), (".gz", b"gzipped")):
        (assets / f"index-1a2b.js{ending}").write_bytes(content)
    monkeypatch.setattr(pages, "BUILD", tmp_path)
    return new_app(services_of(app).get(Settings)).test_client()


@pytest.mark.parametrize("path", ["/", "/login", "/content/507f1f77bcf86cd799439011", "/apiary", "/content/new/"])
def test_every_address_of_the_app_serves_its_page(client: FlaskClient, path: str) -> None:
    """A reload works everywhere, and a new release is visible at once."""
    response = client.get(path)
    assert (response.status_code, response.data, response.headers["Cache-Control"]) == (200, PAGE, "no-cache")


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nonsense", "/favicon.png", "/assets/none.js", "/.env"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_missing_files_are_404_instead_of_the_page(client: FlaskClient, path: str, method: str) -> None:
    """Unknown addresses of the API and of files are 404 in the envelope."""
    response = client.open(path, method=method)
    assert response.status_code == (405 if (path, method) == ("/assets/none.js", "POST") else 404)
    assert response.get_json()["success"] is False


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"),
    [("br, gzip", "br", b"brotli"), ("gzip", "gzip", b"gzipped"), ("", None, b"plain"), ("br;q=0", None, b"plain")],
)
def test_assets_are_compressed_and_cached(
    client: FlaskClient, accepted: str, encoding: str | None, body: bytes
) -> None:
    response = client.get("/assets/index-1a2b.js", headers={"Accept-Encoding": accepted})
    assert (response.data, response.headers.get("Content-Encoding")) == (body, encoding)
    assert response.mimetype == "text/javascript"
    assert "immutable" in response.headers["Cache-Control"]
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("name", ["../index.html", "..%2f..%2fpages.py", "%2e%2e/%2e%2e/pages.py"])
def test_nothing_outside_the_build_is_served(client: FlaskClient, name: str) -> None:
    assert b"browser app" not in client.get(f"/assets/{name}").data
