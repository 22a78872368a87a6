"""Private members of libraries that the product uses: each with a reason and a test that fails if it changes.

A name with an underscore may change in any release of its package. So there are few, all of them are listed here, and
each has a test that fails if an upgrade changes it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import NamedTuple

import pytest
from flask import Flask

from app.content.document import Content
from app.database import collection_of
from tests.test_structure import ROOT, sources

FEWER_THAN = 16
"""Not counting what prevents one client from blocking the web process for others."""

DOCUMENTED = {
    "_deserialize",  # marshmallow: "Creating a field class"
    "_serialize",  # the same
    "_replace",  # collections.namedtuple
    "_exit",  # os
    "_get_current_object",  # Flask: "Proxies"
}
"""Public members whose names begin with an underscore: they are documented by their packages."""


class ReachIn(NamedTuple):
    """Why there is no public way, and the test that fails if an upgrade changes the member."""

    reason: str
    test: str


OVERRIDDEN = "tests/realtime/test_frames.py::test_the_libraries_still_use_what_is_overridden"
THREADS_END = "tests/realtime/test_close.py::test_closing_an_application_ends_its_threads"
REDIS_IS_BACK = "tests/faults/test_redis_away.py::test_redis_comes_back_empty"

REACH_INS = {
    ("app.factory", "_register_error_handlers"): ReachIn(
        "flask-smorest would answer errors in a shape of its own",
        "tests/http/test_envelope.py::test_an_unknown_route_is_404",
    ),
    ("app.database", "_get_collection"): ReachIn(
        "MongoEngine has no other way to pymongo's collection, for updates by pipeline and write concerns",
        "tests/test_reach_ins.py::test_a_document_has_its_collection",
    ),
    ("app.generation.providers.gemini", "_session"): ReachIn(
        "the library's transport gives its HTTP session to nobody, and a stop has to reach the connection below",
        "tests/generation/test_gemini_provider.py::test_the_library_still_has_the_names_used",
    ),
    ("app.realtime.bus", "_thread"): ReachIn("the listening thread would never end", THREADS_END),
    ("app.realtime.bus", "_redis_listen_with_retries"): ReachIn(
        "python-socketio doubles its pause after an outage up to a minute of lost events", REDIS_IS_BACK
    ),
    ("app.realtime.bus", "_redis_connect"): ReachIn(
        "what python-socketio connects with, called by the above", OVERRIDDEN
    ),
    ("app.realtime.bus", "_publish"): ReachIn(
        "python-socketio publishes again after a time-out, so that a slow Redis delivers an event twice", OVERRIDDEN
    ),
    ("app.realtime.bus", "_handle_emit"): ReachIn("what followers hear is told to them with each event", OVERRIDDEN),
    ("app.realtime.packet_filter", "_handle_event_internal"): ReachIn(
        "python-socketio tells nobody that an acknowledgement is on its way", OVERRIDDEN
    ),
    ("app.realtime.server", "_async"): ReachIn(
        "python-engineio passes no limit of a message to simple-websocket",
        "tests/ops/test_one_client.py::test_the_number_of_sockets_per_address_is_limited",
    ),
    ("app.http.accepting", "_eventlet_serve"): ReachIn(
        "gunicorn stops accepting for ever at the first error", OVERRIDDEN
    ),
    ("app.realtime.eventlet_websocket", "_send_closing_frame"): ReachIn(
        "eventlet's websocket says why it closes in no other way",
        "tests/ops/test_one_client.py::test_endless_messages_are_cut_off",
    ),
}
"""By module and member."""
AGAINST_ONE_CLIENT = {
    "app.http.accepting", "app.http.connections", "app.realtime.admission", "app.realtime.eventlet_websocket",
    "app.realtime.frames",
}  # fmt: skip


@cache
def modules() -> dict[str, ModuleType]:
    """The product's modules, except for the one whose import lets gunicorn patch this process. It has no classes."""
    names = [name for name in sources() if name.startswith("app") and name != "app.http.accepting"]
    return {name: importlib.import_module(name) for name in names}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


def named_outright() -> Iterator[tuple[str, str]]:
    """`anything._member`, except on `self`, and `getattr(anything, "_member")`."""
    for module, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and is_private(node.attr):
                if not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}):
                    yield module, node.attr
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"getattr", "setattr", "hasattr", "delattr"}:
                if isinstance(node.args[1], ast.Constant) and is_private(str(node.args[1].value)):
                    yield module, str(node.args[1].value)
            elif isinstance(node, ast.ImportFrom):
                yield from ((module, alias.name) for alias in node.names if is_private(alias.name))


def inherited() -> Iterator[tuple[str, str]]:
    """What a class of the product overrides or uses of a library's class."""
    for module, loaded in modules().items():
        for each in (value for value in vars(loaded).values() if inspect.isclass(value) and value.__module__ == module):
            theirs = {name for base in each.__mro__ if not base.__module__.startswith("app") for name in vars(base)}
            yield from ((module, name) for name in written_in(each) & theirs if is_private(name))


def written_in(each: type) -> set[str]:
    """The methods that its source defines, and the members of `self` and `cls` that they use."""
    nodes = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(each)))))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)} | {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
    }


def found() -> set[tuple[str, str]]:
    return {*named_outright(), *inherited()}


@pytest.mark.filterwarnings("ignore:\\s*Eventlet is deprecated")
def test_every_private_member_in_use_is_listed() -> None:
    """And nothing else: an inherited member that an upgrade has removed is detected here."""
    assert found() == set(REACH_INS)


def test_the_number_of_private_members_is_limited() -> None:
    assert len([module for module, _ in REACH_INS if module not in AGAINST_ONE_CLIENT]) < FEWER_THAN


def test_modules_that_suppress_the_private_member_check_are_listed() -> None:
    """`noqa: SLF001` is only used in modules of the table, or with a documented member."""
    overlooked = {
        module
        for module in sources()
        if module.startswith("app")
        for line in source_of(module).splitlines()
        if "SLF001" in line and not any(name in line for name in DOCUMENTED)
    }
    assert overlooked <= {module for module, _ in REACH_INS}


def source_of(module: str) -> str:
    path = ROOT / module.replace(".", "/")
    return (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text()


@pytest.mark.parametrize("reach_in", REACH_INS.values(), ids=[".".join(key) for key in REACH_INS])
def test_the_test_that_it_names_exists(reach_in: ReachIn) -> None:
    assert reach_in.reason
    file, _, test = reach_in.test.partition("::")
    assert re.search(rf"^def {test}\(", (ROOT / file).read_text(), re.MULTILINE)


def test_a_document_has_its_collection(app: Flask) -> None:  # noqa: ARG001  # it has the connection
    """pymongo's own, in the connection's database."""
    collection = collection_of(Content)
    assert collection.name == "contents"
    assert collection.find_one({"_id": "nobody"}) is None
