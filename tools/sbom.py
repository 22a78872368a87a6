"""`make sbom`: writes the software bill of materials as CycloneDX 1.6 JSON.

It is generated from the two lock files only, so it needs no network and is reproducible.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tools.processes import ROOT

_PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\#]+)(.*?)(?=^[A-Za-z0-9]|\Z)", re.MULTILINE | re.DOTALL)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def main() -> int:
    """Writes .data/sbom.json and prints its path."""
    path = ROOT / ".data" / "sbom.json"
    path.parent.mkdir(exist_ok=True)
    bill = bill_of_materials()
    JsonV1Dot6(bill).output_to_file(str(path), allow_overwrite=True, indent=2)
    sys.stdout.write(f"{len(bill.components)} components: {path.relative_to(ROOT)}\n")
    return 0


def bill_of_materials() -> Bom:
    """Returns the components in requirements.lock and the non-development ones in the app's package-lock.json."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    npm = json.loads((ROOT / "app/ui/package-lock.json").read_text(encoding="utf-8"))
    bill = Bom(components=[*python_components(lock), *npm_components(npm["packages"])])
    product = Component(name="ai-content-generator", type=ComponentType.APPLICATION, bom_ref="product")
    bill.metadata.component = product
    bill.register_dependency(product, bill.components)
    return bill


def python_components(lock: str) -> Iterator[Component]:
    for name, version, rest in _PINNED.findall(lock):
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in _HASH.findall(rest)]
        yield _component("pypi", name.lower(), version, f"https://pypi.org/project/{name}/{version}/", hashes)


def npm_components(packages: dict[str, dict[str, Any]]) -> Iterator[Component]:
    """Yields the components of `packages`, which is keyed by folder as in package-lock.json."""
    shipped = {
        (folder.rpartition("node_modules/")[2], package["version"]): package["integrity"]
        for folder, package in packages.items()
        if folder and not package.get("dev")
    }
    for (name, version), integrity in shipped.items():
        digest = base64.b64decode(integrity.removeprefix("sha512-")).hex()
        hashes = [HashType(alg=HashAlgorithm.SHA_512, content=digest)]
        yield _component("npm", name, version, f"https://www.npmjs.com/package/{name}/v/{version}", hashes)


def _component(kind: str, name: str, version: str, page: str, hashes: Iterable[HashType]) -> Component:
    group, _, own_name = name.rpartition("/")
    purl = PackageURL(kind, group or None, own_name, version)
    files = ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(page), hashes=hashes)
    return Component(
        name=own_name, group=group or None, version=version, purl=purl, bom_ref=str(purl), external_references=[files]
    )


if __name__ == "__main__":
    sys.exit(main())
