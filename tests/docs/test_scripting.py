"""The scripts of docs/scripting.md write sixty texts with a key, and write nothing twice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs import readme
from tests.patience import PATIENCE_SECONDS
from tests.person import Person

PRODUCTS = 60
SCRIPTS = {"write_texts.py": sys.executable, "write_texts.mjs": "node"}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_writes_sixty_texts_once(resident: Person, tmp_path: Path, name: str) -> None:
    """A second run, as after a crash, prints the same texts without calling the model again."""
    program = shutil.which(SCRIPTS[name])
    if program is None:
        pytest.skip("Node.js was not found")
    (block,) = readme.blocks(name)
    (tmp_path / name).write_text(block.text)
    key = {"name": "Shop", "scopes": ["content:read", "generate"]}
    text = resident.call("POST", "/api/auth/keys", key)[1]["data"]["key"]

    def run() -> list[str]:
        done = subprocess.run(
            [program, str(tmp_path / name)],
            env={"ACG_URL": resident.url, "ACG_KEY": text, "PATH": "/usr/bin:/bin"},
            input="\n".join(f"Mug {number}, Größe 大" for number in range(PRODUCTS)),
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split("\n\n")

    first = run()
    assert sorted(run()) == sorted(first)
    total = resident.call("GET", "/api/content")[1]["data"]["pagination"]["total"]
    calls = resident.call("GET", "/api/usage")[1]["data"]["totals"]["calls"]
    assert (total, calls) == (PRODUCTS, PRODUCTS)
    for number in range(PRODUCTS):
        assert any(f"Mug {number}" in each for each in first), number
