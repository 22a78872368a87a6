"""The tables and names in README.md and docs/ match the code."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.config import SettingsSchema, load_settings
from app.errors import SettingsError
from app.realtime.payloads import FROM_CLIENTS, TO_CLIENTS, Event
from tests.docs import readme
from tools.processes import ROOT

VARIABLES = {str(field.data_key): field for field in SettingsSchema().fields.values()}
SETTINGS = {row[0]: row for row in readme.table("Variable")}
IN_CODE_TYPE = re.findall(r"`([^`\n]+)`", readme.prose())
COMMANDS = [
    line.partition("#")[0].strip()
    for block in readme.blocks()
    if block.language == "bash" and block.name not in {"session", "cookie"}
    for line in block.text.splitlines()
]

# --- settings


def test_the_settings_table_names_exactly_the_variables() -> None:
    assert sorted(SETTINGS) == sorted(VARIABLES)


@pytest.mark.parametrize("name", SETTINGS)
def test_defaults_match_the_code(name: str) -> None:
    """An empty cell means that there is no default."""
    shown = SETTINGS[name][1].strip("` ")
    default = VARIABLES[name].load_default
    assert bool(shown) == (default not in (None, "", dict))
    assert load_settings({name: shown}) == load_settings({})


def test_settings_required_in_production_are_marked() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"APP_ENV": "production"})
    required = {problem.partition(":")[0] for problem in caught.value.problems}
    assert {name for name, row in SETTINGS.items() if row[3] == "**Yes**"} == required


# --- routes and events


def test_every_route_of_the_table_exists(app: Flask) -> None:
    routes = {
        (method, re.sub(r"<[^>]+>", ":", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    shown = {tuple(row[0].split()) for row in readme.table("Method, path")}
    assert len(shown) >= 12
    assert {(method, "/api" + re.sub(r":\w+", ":", path)) for method, path in shown} - routes == set()


@pytest.mark.parametrize(("header", "events"), [("Event", TO_CLIENTS), ("Client's event", FROM_CLIENTS)])
def test_the_events_match_the_code(header: str, events: tuple[Event, ...]) -> None:
    """By name, with their payload, in the order in which they are sent."""
    shown = {row[0]: row[1].partition("{")[2].partition("}")[0] for row in readme.table(header)}
    carried = {event.name: list(event.payload().fields) for event in events}
    assert {name: re.findall(r"(\w+)(?:: \"\w+\")?(?:, |$)", keys) for name, keys in shown.items()} == carried


def test_the_metrics_that_it_names_exist(app: Flask) -> None:
    """Except for the suffixes that Prometheus adds to a histogram."""
    measured = re.findall(r"^# TYPE (acg_\w+)", app.test_client().get("/metrics").text, re.MULTILINE)
    named = {name for name in IN_CODE_TYPE if name.startswith("acg_")}
    assert named == {name for name in measured if not name.endswith("_created")}


# --- names of files, tests and commands

FILE = re.compile(r"(?!\d+/)(?:[\w.-]+/)+[\w.-]*|[\w.-]+\.(?:py|txt|toml|md|example)|Procfile|Makefile")
MADE_WHEN_RUNNING = (".data/", ".venv/")


def test_the_files_that_it_names_exist() -> None:
    names = [name.partition("::")[0] for name in [*IN_CODE_TYPE, *(word for line in COMMANDS for word in line.split())]]
    files = {name for name in names if FILE.fullmatch(name) and not name.startswith(MADE_WHEN_RUNNING)}
    assert len(files) >= 8
    assert {name for name in files if not (ROOT / name).exists()} == set()


def test_the_tests_that_it_names_exist() -> None:
    """`path::test`, or `::test` for another one in the same file."""
    path = Path()
    missing, count = [], 0
    for name in IN_CODE_TYPE:
        if "::" not in name:
            continue
        file, _, test = name.partition("::")
        path = ROOT / file if file else path
        count += 1
        if not re.search(rf"^def {test}\(", path.read_text(), re.MULTILINE):
            missing.append(name)
    assert count >= 6
    assert missing == []


def test_the_make_targets_that_it_names_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for line in [*IN_CODE_TYPE, *COMMANDS] for word in re.findall(r"\bmake ([a-z-]+)", line)}
    assert named >= {"run", "test", "chaos"}
    assert named - targets == set()


def test_the_programs_that_it_names_can_be_run(app: Flask) -> None:
    """Those in .venv, those of the system, and the flask commands."""
    own = Path(sys.executable).parent
    for line in COMMANDS:
        words = [word for word in shlex.split(line) if not re.fullmatch(r"[A-Z_]+=.*", word)]
        if words and words[0] != "export":
            program = words[0].removeprefix(".venv/bin/")
            assert (own / program).exists() or shutil.which(program), line
        if "flask" in words:
            command = next(word for word in words[words.index("flask") + 1 :] if word not in {"--app", "app"})
            assert command in app.cli.commands


def test_the_deployment_table_matches_the_procfile() -> None:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert {row[0]: row[1].strip("`") for row in readme.table("Line")} == lines


def test_the_layout_names_existing_files() -> None:
    (layout,) = (block.text for block in readme.blocks() if block.text.startswith("wsgi.py"))
    folder = ROOT
    for line in layout.splitlines():
        names = re.split(r"\s{2,}", line.strip())
        if not line.startswith(" "):
            folder = ROOT / names[0] if names[0] in {"app/", "tests/"} else ROOT
        shown = [name for name in names if re.fullmatch(r"\w+/|[\w.]+\.py|Procfile", name)]
        assert shown, line
        within = ROOT if not line.startswith(" ") else folder
        assert [name for name in shown if not (within / name).exists()] == [], line
    packages = {f"{path.name}/" for path in (ROOT / "app").iterdir() if (path / "__init__.py").exists()}
    modules = {path.name for path in (ROOT / "app").glob("*.py")}
    assert {name for name in packages | modules if f"  {name} " not in layout} == set()
