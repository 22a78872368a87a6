"""/metrics: correct values at any scale, and the names that the dashboard and alerts use."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from operator import ge
from typing import Any

import orjson
import pymongo
import pytest
import requests
import yaml
from flask import Flask
from mongoengine import get_db
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from app.config import Settings
from app.content.document import Content
from app.generation.backlog import backlog
from app.services import services_of
from tests.listener import Listener
from tests.patience import PATIENCE_SECONDS, REQUEST_SECONDS
from tests.person import Person
from tools.processes import ROOT
from tools.system import Servers, System

NAME = re.compile(r"\bacg_\w+")
Labels = frozenset[tuple[str, str]]


def read(url: str) -> dict[tuple[str, Labels], float]:
    """Returns every sample by name and labels."""
    text = requests.get(f"{url}/metrics", timeout=REQUEST_SECONDS).text
    families = text_string_to_metric_families(text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def sample(url: str, name: str, **labels: str) -> float:
    return read(url).get((name, frozenset(labels.items())), 0.0)


def test_a_failed_generation_is_counted_once(
    resident: Person, system: System, servers: Servers, topic: str, until: Callable[..., Any]
) -> None:
    """Three attempts, one failure. Both web processes show the same values.

    Counts of earlier tests' attempts may still arrive, because workers send them with their next heartbeat.
    """
    servers.standin.script(match=topic, then={"status": 503})
    one, other = (web.url for web in system.webs)

    def failures(url: str) -> float:
        return sample(url, "acg_generations_total", outcome="failed", content_type="product")

    def attempts(url: str) -> list[float]:
        ended = [sample(url, "acg_generation_attempts_total", outcome=outcome) for outcome in ("later", "never")]
        return [*ended, sample(url, "acg_generation_attempt_duration_seconds_count")]

    until(lambda: sample(one, "acg_generations_waiting") == sample(one, "acg_generations_running") == 0)
    failed, least = failures(one), [count + more for count, more in zip(attempts(one), (2, 1, 3), strict=True)]
    resident.wait_for(resident.generate(f"Write about {topic}", contentType="product")["id"])
    for url in (one, other):
        until(lambda url=url: failures(url) > failed)
        until(lambda url=url: all(map(ge, attempts(url), least)))
    assert failures(one) == failures(other) == failed + 1


def test_tokens_of_a_text_are_counted(resident: Person, system: System, until: Callable[..., Any]) -> None:
    url = system.webs[0].url
    before = sample(url, "acg_tokens_used_total")
    resident.wait_for(resident.generate(contentType="social")["id"])
    until(lambda: sample(url, "acg_tokens_used_total") > before)


def test_a_cancelled_generation_is_counted(resident: Person, system: System, servers: Servers, topic: str) -> None:
    servers.standin.script(match=topic, then={"delayMs": 5000})
    labels = {"outcome": "cancelled", "content_type": "social"}
    before = sample(system.webs[1].url, "acg_generations_total", **labels)
    resident.call("DELETE", f"/api/content/{resident.generate(topic, contentType='social')['id']}")
    assert sample(system.webs[1].url, "acg_generations_total", **labels) == before + 1


def test_gauges_of_waiting_and_running_generations_and_sockets(
    resident: Person, system: System, servers: Servers, topic: str, until: Callable[..., Any]
) -> None:
    """A waiting generation runs, one socket is open, and afterwards all are zero."""
    url = system.webs[0].url
    servers.standin.script(match=topic, then={"delayMs": 5000})
    until(lambda: sample(url, "acg_generations_waiting") == sample(url, "acg_generations_running") == 0)
    sockets = sample(url, "acg_open_sockets")
    with Listener(url, resident.access_token):
        assert sample(url, "acg_open_sockets") == sockets + 1
        accepted = resident.generate(f"Write about {topic}", contentType="social")
        figures = read(url)
        gauges = [figures[name, frozenset()] for name in ("acg_generations_waiting", "acg_generations_running")]
        assert gauges in ([1, 0], [0, 1]), "it may already be running"
        until(lambda: sample(url, "acg_generations_running") == 1)
        assert sample(url, "acg_generations_waiting") == 0
        resident.wait_for(accepted["id"])
        until(lambda: sample(url, "acg_generations_running") == 0)
    until(lambda: sample(url, "acg_workers_alive") == 2)
    assert sample(url, "acg_server_up", server="redis") == sample(url, "acg_server_up", server="mongodb") == 1


def test_requests_are_counted_by_route(system: System) -> None:
    """All unknown paths share one label."""
    url = system.webs[1].url
    before = sample(url, "acg_http_requests_total", method="GET", route="unmatched", status="404")
    for path in ("/wp-admin", "/phpmyadmin"):
        requests.get(url + path, timeout=REQUEST_SECONDS)
    after = sample(url, "acg_http_requests_total", method="GET", route="unmatched", status="404")
    assert after in {before, before + 2}  # the user interface may answer any path itself
    requests.post(f"{url}/api/auth/login", json={"email": "x@example.com", "password": "y"}, timeout=REQUEST_SECONDS)
    assert sample(url, "acg_http_requests_total", method="POST", route="/api/auth/login", status="401") >= 1
    assert not [name for name, labels in read(url) if any("wp-admin" in value for _, value in labels)]


def test_an_overdue_generation_shows_its_age(app: Flask, person: Person) -> None:
    """The in-process application has no worker, so due generations stay due."""
    content = person.generate()
    stored = Content.objects(id=content["id"])
    due_at = stored.first().due_at
    stored.update(set__wake_at=due_at.replace(year=due_at.year - 1))
    text = app.test_client().get("/metrics").text
    age = float(re.search(r"^acg_oldest_overdue_seconds (\S+)", text, re.MULTILINE)[1])  # type: ignore[index]
    stored.delete()
    assert 364 * 86400 < age < 367 * 86400


def test_the_cost_does_not_depend_on_finished_documents(app: Flask) -> None:
    """The four queries of MongoDB only read index entries of unfinished documents."""
    assert app
    database = get_db()
    collection = database["contents"]
    before = collection.count_documents({"wake_at": {"$exists": True}})
    with pymongo.timeout(PATIENCE_SECONDS):
        collection.insert_many([{"imported_for": "cost", "generation_status": "completed"} for _ in range(2000)])
    database.command("profile", 2)
    backlog()
    database.command("profile", 0)
    looks = list(database["system.profile"].find({"ns": f"{database.name}.contents"}))
    database["system.profile"].drop()
    collection.delete_many({"imported_for": "cost"})
    assert len(looks) == 4
    assert all(look["keysExamined"] + look["docsExamined"] <= 2 * before + 5 for look in looks), looks


def test_an_empty_redis_resets_the_counters(app: Flask) -> None:
    """Every series is there from the start, with 0."""
    settings = services_of(app).get(Settings)
    Redis.from_url(settings.redis_url).flushdb()
    text = app.test_client().get("/metrics").text
    assert 'acg_generations_total{content_type="blog",outcome="completed"} 0.0' in text
    assert 'acg_generation_attempt_duration_seconds_bucket{le="+Inf"} 0.0' in text
    assert "acg_tokens_used_total 0.0" in text


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Authorization": "Bearer 0123456789abcdef"}, 200),
        ({"Authorization": "bearer  0123456789abcdef"}, 200),
        ({"Authorization": "Basic 0123456789abcdef"}, 401),
    ],
)
def test_a_token_protects_the_metrics(
    app: Flask, new_app: Callable[[Settings], Flask], header: dict[str, str], status: int
) -> None:
    settings = services_of(app).get(Settings)
    guarded = new_app(replace(settings, metrics_token="0123456789abcdef"))
    assert guarded.test_client().get("/metrics", headers=header).status_code == status


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"app_env": "production"}, 404),
        ({"app_env": "production", "metrics_open": True}, 200),
        ({"app_env": "production", "metrics_token": "0123456789abcdef"}, 401),
        ({"app_env": "production", "metrics_token": "0123456789abcdef", "metrics_open": True}, 401),
    ],
    ids=str,
)
def test_metrics_are_not_public_in_production(
    app: Flask, new_app: Callable[[Settings], Flask], changes: dict[str, Any], status: int
) -> None:
    """They require a token, unless they were explicitly made public."""
    client = new_app(replace(services_of(app).get(Settings), **changes)).test_client()
    assert client.get("/metrics").status_code == status
    assert client.head("/metrics").status_code == status


def test_dashboard_and_alerts_use_exactly_these_names(system: System) -> None:
    """Everything they name exists, and every metric is used."""
    text = requests.get(f"{system.webs[0].url}/metrics", timeout=REQUEST_SECONDS).text
    families = [f for f in text_string_to_metric_families(text) if not f.name.endswith("_created")]
    samples = {name for family in families for name in sample_names(family)}
    used = names_in_dashboard() | names_in_alerts()
    assert used <= samples, f"metrics that do not exist: {used - samples}"
    unseen = [family.name for family in families if not sample_names(family) & used]
    assert not unseen, f"metrics that are not used: {unseen}"


def sample_names(family: Any) -> set[str]:
    return {each.name for each in family.samples}


def names_in_dashboard() -> set[str]:
    dashboard = orjson.loads((ROOT / "deploy/grafana-dashboard.json").read_bytes())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    assert expressions
    return {name for expression in expressions for name in NAME.findall(expression)}


def names_in_alerts() -> set[str]:
    groups = yaml.safe_load((ROOT / "deploy/prometheus-alerts.yml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert all({"alert", "expr", "for", "labels", "annotations"} <= rule.keys() for rule in rules)
    return {name for rule in rules for name in NAME.findall(rule["expr"])}
