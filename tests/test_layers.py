"""Imports run straight down: tools, then doors, then rules, then documents, then settings and errors.

docs/development.md draws it.
"""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase

import pytest

from tests.docs import readme
from tests.test_structure import imported_by_exactly, sources

LAYERS = {
    "tools": ("tools", "tools.*"),
    "processes": (
        "wsgi", "worker", "gunicorn.conf", "app", "app.factory", "app.worker_process", "app.outbox_handlers",
        "app.erasure",
    ),
    "base": (
        "app.config", "app.setting_*", "app.errors", "app.clock", "app.logs", "app.redaction", "app.database",
        "app.library_errors",
        "app.redis_client", "app.periodic", "app.outage_grace", "app.services", "app.typed_text", "app.emails",
        "app.places",
    ),
    "documents": (
        "*.document", "*.models", "app.content.folding", "app.content.run", "app.content.segments",
        "app.generation.run_history",
        "app.generation.waiting_limit", "app.outbox.entries", "app.rewriting.splice", "app.usage", "app.usage.tokens",
    ),
    "rules": ("app.http.scopes", "app.realtime.live_text", "app.queueing.schedule", "app.queueing.fair_queue"),
    "doors": (
        "*.routes", "*_routes", "*.schemas", "*_schemas", "app.content.brief", "app.generation.templated",
        "app.auth.authentication", "app.batches.bodies",
        "app.quotas.quota_headers",
        "app.auth.cookies", "app.http", "app.http.*", "app.realtime", "app.realtime.*", "app.ops", "app.ops.*",
        "app.queueing.jobs", "app.queueing.thread_worker", "app.queueing.scheduler",
    ),
}  # fmt: skip
"""The modules of each layer. The first matching pattern counts, and modules without a match contain rules."""
FROM_THE_TOP = ("tools", "processes", "doors", "rules", "documents", "base")


def layer_of(module: str) -> str:
    fitting = (layer for layer, patterns in LAYERS.items() if any(fnmatchcase(module, each) for each in patterns))
    return next(fitting, "rules")


def upward(module: str, imported: set[str]) -> list[str]:
    """The imported modules that are in a layer above the module's own."""
    own = FROM_THE_TOP.index(layer_of(module))
    return [f"{module} -> {name}" for name in sorted(imported) if FROM_THE_TOP.index(layer_of(name)) < own]


def test_nothing_imports_what_is_above_it() -> None:
    found = [each for module in sources() for each in upward(module, imported_by_exactly(module))]
    assert found == []


@pytest.mark.parametrize(
    ("module", "above"),
    [
        ("app.content.service", "app.content.routes"),
        ("app.content.document", "app.content.service"),
        ("app.errors", "app.content.document"),
        ("app.http.envelope", "tools.run"),
        ("app.auth.models", "worker"),
    ],
)
def test_an_upward_import_is_detected(module: str, above: str) -> None:
    assert upward(module, {above}) == [f"{module} -> {above}"]
    assert upward(above, {module}) == []


def test_every_layer_has_existing_modules() -> None:
    """And every module that is named is there."""
    members = defaultdict(set)
    for module in sources():
        members[layer_of(module)].add(module)
    assert set(members) == set(FROM_THE_TOP)
    named = {name for patterns in LAYERS.values() for name in patterns if "*" not in name}
    assert named - set(sources()) == set()


def test_the_diagram_shows_the_layers_in_order() -> None:
    """In docs/development.md: each layer has a line that begins with its name."""
    (drawing,) = readme.blocks("layers")
    first_words = [line.split()[0] for line in drawing.text.splitlines() if line[:1].isalpha()]
    assert first_words == list(FROM_THE_TOP)
