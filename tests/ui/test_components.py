"""The browser app's component tests, and the size of its first load."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from tests.ui.npm import UI, npm, unavailable
from tools.processes import ROOT


def test_components() -> None:
    """Vitest: the components of the app, each by its behaviour."""
    assert re.search(r"Tests +\d+ passed", npm("test"))


def test_the_first_load_is_small() -> None:
    """Under 150 kB of compressed JavaScript, by the app's own check."""
    if not (UI / "dist" / "index.html").is_file():
        unavailable("the built browser app: run `make ui`")
    npm("size")


@pytest.mark.parametrize(
    ("version", "fits"),
    [("20.18.3", False), ("20.19.0", True), ("21.7.3", False), ("22.11.0", False), ("22.12.0", True), ("24.1.0", True)],
)
def test_make_builds_the_app_with_the_versions_that_vite_needs(version: str, fits: bool) -> None:
    """The package names the same versions, and warns about others."""
    node = shutil.which("node") or unavailable("Node")
    (script,) = re.findall(r"NODE_IS_NEW_ENOUGH := node -e '([^']+)'", (ROOT / "Makefile").read_text())
    given = f"Object.defineProperty(process, 'versions', {{value: {{node: '{version}'}}}});"
    assert (subprocess.run([node, "-e", given + script.replace("\\\n", "")], check=False).returncode == 0) is fits


def test_the_package_needs_the_versions_of_node_that_vite_needs() -> None:
    packages = json.loads((UI / "package-lock.json").read_text())["packages"]
    needed = [packages[name]["engines"]["node"] for name in ("", "node_modules/vite")]
    assert needed == [json.loads((UI / "package.json").read_text())["engines"]["node"]] * 2
