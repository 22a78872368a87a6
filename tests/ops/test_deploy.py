"""The deployment files match the code."""

from __future__ import annotations

import re
from typing import Any

import orjson
import yaml

from app.config import SettingsSchema, load_settings
from app.http.json_bodies import LARGEST_BATCH_BODY
from tools.processes import ROOT

PLATFORM = {"NODE_VERSION"}
"""Variables for the platform, not for the product."""


def procfile() -> dict[str, str]:
    return dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


def render() -> dict[str, Any]:
    blueprint: dict[str, Any] = yaml.safe_load((ROOT / "render.yaml").read_text())
    return blueprint


def render_services() -> dict[str, dict[str, Any]]:
    return {service["type"]: service for service in render()["services"]}


def render_variables(kind: str) -> dict[str, dict[str, Any]]:
    """A service's variables by name, including those of its groups."""
    groups = {group["name"]: group["envVars"] for group in render()["envVarGroups"]}
    variables: dict[str, dict[str, Any]] = {}
    for each in render_services()[kind]["envVars"]:
        for entry in groups[each["fromGroup"]] if "fromGroup" in each else [each]:
            variables[entry["key"]] = entry
    return variables


def heroku() -> dict[str, Any]:
    app: dict[str, Any] = orjson.loads((ROOT / "app.json").read_bytes())
    return app


def known() -> set[str]:
    return {name.upper() for name in SettingsSchema().fields}


def required() -> set[str]:
    return {name.upper() for name in SettingsSchema().validate({"APP_ENV": "production"})}


def test_every_variable_is_a_setting() -> None:
    named = {*render_variables("web"), *render_variables("worker"), *heroku()["env"]} - PLATFORM
    assert named <= known()


def test_required_variables_are_set_or_prompted_for() -> None:
    """For web and worker on Render. On Heroku all processes share them, and REDIS_URL comes from the add-on."""
    for kind in ("web", "worker"):
        variables = render_variables(kind)
        assert required() <= variables.keys(), kind
        assert all(
            len(entry.keys() & {"value", "sync", "generateValue", "fromService"}) == 1 for entry in variables.values()
        )
    assert "GOOGLE_AI_API_KEY" in render_variables("worker")
    assert "GOOGLE_AI_API_KEY" not in render_variables("web")
    assert any(addon["plan"].startswith("heroku-redis") for addon in heroku()["addons"])
    assert required() <= heroku()["env"].keys() | {"REDIS_URL"}
    for name in required() - {"REDIS_URL"}:
        entry = heroku()["env"][name]
        assert entry.get("generator") == "secret" or entry["required"]


def test_secrets_are_generated_and_shared() -> None:
    """One value for all processes, which is not stored in any file."""
    for name in ("JWT_SECRET", "JWT_REFRESH_SECRET", "METRICS_TOKEN"):
        assert heroku()["env"][name]["generator"] == "secret"
        for kind in ("web", "worker"):
            assert render_variables(kind)[name]["generateValue"] is True
            assert name not in [entry.get("key") for entry in render_services()[kind]["envVars"]]


def test_both_platforms_use_valid_production_settings() -> None:
    """As in the file, with substitutes for values that are prompted for or generated."""
    given = {name: f"{number}-a-random-secret-of-32-bytes-or-more" for number, name in enumerate(sorted(required()))}
    given |= {"MONGO_URI": "mongodb+srv://a:b@host/db", "REDIS_URL": "rediss://:password@host:6379"}
    for variables in (render_variables("web"), render_variables("worker"), heroku()["env"]):
        literal = {name: str(entry["value"]) for name, entry in variables.items() if "value" in entry}
        assert load_settings(given | literal).production


def test_commands_match_the_procfile() -> None:
    services, lines = render_services(), procfile()
    assert services["web"]["startCommand"] == lines["web"]
    assert services["web"]["preDeployCommand"] == lines["release"]
    assert services["worker"]["startCommand"] == lines["worker"]
    assert set(heroku()["formation"]) == {"web", "worker"}
    assert all(size["quantity"] == 1 for size in heroku()["formation"].values())


def test_the_health_check_needs_no_other_servers() -> None:
    assert render_services()["web"]["healthCheckPath"] == "/healthz"
    assert '@blueprint.get("/healthz")' in (ROOT / "app/ops/health.py").read_text()


def test_the_user_interface_is_built_before_the_product_starts() -> None:
    """Node's buildpack is first; Python's is last and so starts the processes. Both build the same folder."""
    assert [each["url"] for each in heroku()["buildpacks"]] == ["heroku/nodejs", "heroku/python"]
    build = orjson.loads((ROOT / "package.json").read_bytes())["scripts"]["build"]
    of_render = render_services()["web"]["buildCommand"]
    step = "npm --prefix app/ui ci --include=dev && npm --prefix app/ui run build"
    assert step in build
    assert step in of_render
    assert of_render.startswith("pip install -r requirements.txt && ")


def test_redis_on_render_is_private_and_evicts_nothing() -> None:
    """All services are in one region."""
    services = render_services()
    assert services["keyvalue"]["maxmemoryPolicy"] == "noeviction"
    assert services["keyvalue"]["ipAllowList"] == []
    assert len({service["region"] for service in services.values()}) == 1
    for kind in ("web", "worker"):
        assert render_variables(kind)["REDIS_URL"]["fromService"]["name"] == services["keyvalue"]["name"]


def test_processes_end_before_the_platform_kills_them() -> None:
    """Heroku and Render send SIGKILL 30 s after SIGTERM; gunicorn's timeout is the same number in both places."""
    timeout = re.search(r"--graceful-timeout (\d+)", procfile()["web"])
    configured = re.search(r"^graceful_timeout = (\d+)", (ROOT / "gunicorn.conf.py").read_text(), re.MULTILINE)
    assert timeout
    assert configured
    assert int(timeout[1]) == int(configured[1]) < 30
    assert load_settings({}).worker_stop_seconds < render_services()["worker"]["maxShutdownDelaySeconds"] <= 30


def test_the_platforms_use_the_same_python_version() -> None:
    version = (ROOT / ".python-version").read_text().strip()
    assert f'requires-python = ">={version}"' in (ROOT / "pyproject.toml").read_text()


def test_the_proxy_accepts_the_largest_request_body() -> None:
    (mebibytes,) = re.findall(r"client_max_body_size (\d+)m;", (ROOT / "deploy/nginx.conf").read_text())
    assert int(mebibytes) * 1024 * 1024 > LARGEST_BATCH_BODY


def test_redis_with_a_self_signed_certificate() -> None:
    """REDIS_TLS_VERIFY=false applies to every connection through the URL. Other URLs are not changed."""
    given = {"REDIS_URL": "rediss://:p@host:6379", "REDIS_TLS_VERIFY": "false"}
    assert load_settings(given).redis_url == "rediss://:p@host:6379?ssl_cert_reqs=none"
    assert load_settings(given | {"REDIS_TLS_VERIFY": "true"}).redis_url == given["REDIS_URL"]
    assert load_settings(given | {"REDIS_URL": "redis://host:6379"}).redis_url == "redis://host:6379"
