"""The lock files pin the same versions as the requirements, with hashes and without download addresses."""

from __future__ import annotations

import re

from tools.processes import ROOT

PINNED = re.compile(r"^([A-Za-z0-9_.-]+)==([^\s;\\#]+)", re.MULTILINE)
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def pins(text: str) -> dict[str, str]:
    """Versions by name, in the form of names that PyPI compares."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PINNED.findall(text)}


def test_the_lock_pins_what_the_requirements_pin() -> None:
    """All of requirements.txt, in the versions of constraints.txt."""
    locked = pins(LOCK)
    assert pins((ROOT / "requirements.txt").read_text(encoding="utf-8")).items() <= locked.items()
    assert locked.items() <= pins((ROOT / "constraints.txt").read_text(encoding="utf-8")).items()


def test_every_package_has_hashes() -> None:
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", LOCK)[1:]
    assert len(entries) == len(pins(LOCK))
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry)] == []


def test_no_lock_file_has_a_download_address() -> None:
    """Otherwise everyone would download from a mirror that one machine uses."""
    for name in ("requirements.lock", "constraints.txt", "app/ui/package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert '"resolved"' not in text, name
        assert "--index-url" not in text, name
        assert "--find-links" not in text, name
    assert "://" not in LOCK
