"""No link between the project's pages is broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs import readme
from tools.processes import ROOT

PAGES = [
    *readme.pages(),
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    ROOT / "app/ui/README.md",
    *sorted((ROOT / "migrations_notes").glob("*.md")),
]
LONGEST_README = 180


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub generates for the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", readme.without_blocks(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(page: Path) -> list[str]:
    prose = readme.without_blocks(page.read_text(encoding="utf-8"))
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose) if not re.match(r"(https?|mailto):", link)]


def is_dead(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return not target.exists() or (bool(anchor) and anchor not in anchors(target))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    """Relative to the page with the link, as GitHub resolves it."""
    assert [link for link in links(page) if is_dead(page, link)] == []


def test_a_dead_link_is_detected() -> None:
    """Shows that the test above can fail."""
    readme_page = ROOT / "README.md"
    assert len(links(readme_page)) > 10
    assert is_dead(readme_page, "docs/nowhere.md")
    assert is_dead(readme_page, "docs/api.md#nowhere")
    assert is_dead(readme_page, "#nowhere")
    assert not is_dead(readme_page, "docs/api.md#limits")


def test_every_page_is_linked_from_the_readme() -> None:
    """Also checks that README stays short."""
    from_readme = {(ROOT / link.partition("#")[0]).resolve() for link in links(ROOT / "README.md")}
    assert set(readme.pages()[1:]) - from_readme == set()
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= LONGEST_README
