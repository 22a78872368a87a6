"""`make sbom` lists each package of the lock files with its version and hashes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cyclonedx.output.json import JsonV1Dot6

from tests.tools.test_lock_files import LOCK, pins
from tools.processes import ROOT
from tools.sbom import bill_of_materials

NPM = json.loads((ROOT / "app/ui/package-lock.json").read_text(encoding="utf-8"))["packages"]


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return dict(json.loads(JsonV1Dot6(bill_of_materials()).output_as_string()))


def test_the_sbom_has_cyclonedx_format(bill: dict[str, Any]) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "ai-content-generator"


def test_the_sbom_has_every_locked_package(bill: dict[str, Any]) -> None:
    listed = {each["purl"] for each in bill["components"] if each["purl"].startswith("pkg:pypi/")}
    assert listed == {f"pkg:pypi/{name}@{version}" for name, version in pins(LOCK).items()}


def test_the_sbom_has_the_browser_apps_packages_but_not_its_tools(bill: dict[str, Any]) -> None:
    purls = {each["purl"] for each in bill["components"]}
    assert f"pkg:npm/react@{NPM['node_modules/react']['version']}" in purls
    assert f"pkg:npm/%40tanstack/react-query@{NPM['node_modules/@tanstack/react-query']['version']}" in purls
    assert not any(purl.startswith(("pkg:npm/vite@", "pkg:npm/vitest@")) for purl in purls)


def test_every_package_has_the_hashes_of_its_files(bill: dict[str, Any]) -> None:
    bare = [
        each["purl"]
        for each in bill["components"]
        if not all(reference["hashes"] for reference in each["externalReferences"])
    ]
    assert bare == []
    assert len(bill["components"]) > 80
