"""The scripts of docs/scripting.md write sixty texts with a key, write nothing twice, and do not wait for days."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.docs import readme
from tests.patience import PATIENCE_SECONDS
from tests.person import Person

PRODUCTS = 60
SCRIPTS = {"write_texts.py": sys.executable, "write_texts.mjs": "node"}
Script = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=SCRIPTS)
def script(request: pytest.FixtureRequest, tmp_path: Path) -> Script:
    """Runs one of the scripts with a server's address, a key and product names."""
    name = str(request.param)
    program = shutil.which(SCRIPTS[name])
    if program is None:
        pytest.skip("Node.js was not found")
    (block,) = readme.blocks(name)
    (tmp_path / name).write_text(block.text)

    def run(url: str, key: str, products: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, str(tmp_path / name)],
            env={"ACG_URL": url, "ACG_KEY": key, "PATH": "/usr/bin:/bin"},
            input="\n".join(products),
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_SECONDS,
            check=False,
        )

    return run


class Exhausted(http.server.BaseHTTPRequestHandler):
    """Answers like a server whose monthly quota is used up."""

    def do_POST(self) -> None:
        body = b'{"success": false, "message": "All tokens of this month are used", "code": "quota_exceeded"}'
        self.send_response(429)
        self.send_header("Retry-After", str(30 * 24 * 3600))  # in milliseconds too long for a JavaScript timer
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def exhausted() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Exhausted) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_script_writes_sixty_texts_once(resident: Person, script: Script) -> None:
    """A second run, as after a crash, prints the same texts without calling the model again."""
    key = {"name": "Shop", "scopes": ["content:read", "generate"]}
    text = resident.call("POST", "/api/auth/keys", key)[1]["data"]["key"]

    def run() -> list[str]:
        done = script(resident.url, text, [f"Mug {number}, Größe 大" for number in range(PRODUCTS)])
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n\n")

    first = run()
    assert sorted(run()) == sorted(first)
    total = resident.call("GET", "/api/content")[1]["data"]["pagination"]["total"]
    calls = resident.call("GET", "/api/usage")[1]["data"]["totals"]["calls"]
    assert (total, calls) == (PRODUCTS, PRODUCTS)
    for number in range(PRODUCTS):
        assert any(f"Mug {number}" in each for each in first), number


def test_a_script_ends_with_the_error_instead_of_waiting_for_a_month(exhausted: str, script: Script) -> None:
    done = script(exhausted, "acg_x", ["Mug"])
    assert (done.returncode, done.stdout) == (1, "")
    assert "All tokens of this month are used" in done.stderr
