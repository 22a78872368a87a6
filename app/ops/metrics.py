"""`/metrics` for Prometheus.

There are two kinds of metrics. Those of a process (requests, open sockets) must be summed over the web processes. Those
of the whole product (generations, attempts, tokens, the backlog) are the same on every web process: use `max`. They
take one hash of some 30 numbers in Redis and six lookups in small MongoDB indexes, independent of the number of
finished generations and deliveries.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache

import pymongo
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis import Redis

from app.clock import utcnow
from app.config import Settings
from app.database import OUTAGES as DATABASE_OUTAGES
from app.errors import NotFound, Unauthenticated
from app.generation.backlog import Backlog, backlog
from app.generation.counters import ATTEMPT_SECONDS, Totals, read_totals
from app.http.blueprint import plain, public
from app.http.request_context import bearer_token
from app.ops.heartbeat import living_workers
from app.redis_client import OUTAGES as REDIS_OUTAGES
from app.webhooks.backlog import DeliveryBacklog, delivery_backlog

DATABASE_SECONDS = 2.0
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SERVER_UP = "Whether the server answered this web process just now"


def init_app(app: Flask, settings: Settings, redis: Redis, open_sockets: Callable[[], int]) -> None:
    """Counts requests and adds the route, which requires METRICS_TOKEN if it is set.

    In production the route is not served without a token, because the metrics reveal how much the product is used.
    """
    registry = CollectorRegistry()
    _count_requests(app, registry)
    registry.register(ProductFigures(redis, open_sockets))

    @app.get("/metrics")
    @plain({"text/plain": {"type": "string"}}, raises=(Unauthenticated, NotFound))
    @public
    def metrics() -> Response:
        """The metrics of this process and of the product, for Prometheus."""
        _check_reader(settings)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _check_reader(settings: Settings) -> None:
    if settings.metrics_token:
        given = bearer_token() or ""
        if not hmac.compare_digest(given.encode(), settings.metrics_token.encode()):
            raise Unauthenticated
    elif not settings.metrics_served:
        raise NotFound


def _count_requests(app: Flask, registry: CollectorRegistry) -> None:
    """Counts requests. The labels are routes rather than paths, to bound the number of series."""
    labels = ("method", "route", "status")
    requests = Counter("acg_http_requests", "Requests answered by this process", labels, registry=registry)
    seconds = Histogram(
        "acg_http_request_duration_seconds",
        "How long answers of this process took",
        ("method", "route"),
        registry=registry,
        buckets=_REQUEST_SECONDS,
    )

    counter, histogram = cache(requests.labels), cache(seconds.labels)

    @app.after_request
    def count(response: Response) -> Response:
        asked, rule = request.method, request.url_rule
        method = asked if asked in _METHODS else "other"
        route = rule.rule if rule else "unmatched"
        counter(method, route, response.status_code).inc()
        if started := g.get("started"):
            histogram(method, route).observe(time.perf_counter() - started)
        return response


class ProductFigures(Collector):
    """Queries Redis, MongoDB and the socket server on each scrape. Unavailable ones are reported as down."""

    def __init__(self, redis: Redis, open_sockets: Callable[[], int]) -> None:
        self._redis = redis
        self._open_sockets = open_sockets

    def collect(self) -> Iterator[Metric]:
        yield _gauge("acg_open_sockets", "Sockets connected to this process", self._open_sockets())
        servers = GaugeMetricFamily("acg_server_up", _SERVER_UP, labels=["server"])
        for server, figures in (("redis", self._from_redis()), ("mongodb", self._from_mongodb())):
            servers.add_metric([server], float(figures is not None))
            yield from figures or ()
        yield servers

    def _from_redis(self) -> list[Metric] | None:
        try:
            alive = len(living_workers(self._redis))
            return [
                _gauge("acg_workers_alive", "Worker processes that live", alive),
                *_totals(read_totals(self._redis)),
            ]
        except REDIS_OUTAGES:
            return None

    def _from_mongodb(self) -> list[Metric] | None:
        try:
            with pymongo.timeout(DATABASE_SECONDS):
                return [*_backlog(backlog()), *_deliveries_waiting(delivery_backlog())]
        except DATABASE_OUTAGES:
            return None


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=value)


def _totals(totals: Totals) -> list[Metric]:
    generations = CounterMetricFamily(
        "acg_generations", "Generations that ended, in all workers", labels=["content_type", "outcome"]
    )
    for labels, count in totals.generations.items():
        generations.add_metric(list(labels), count)
    attempts = CounterMetricFamily("acg_generation_attempts", "Attempts that ended, in all workers", labels=["outcome"])
    for outcome, count in totals.attempts.items():
        attempts.add_metric([outcome], count)
    seconds = HistogramMetricFamily("acg_generation_attempt_duration_seconds", "How long attempts took, in all workers")
    seconds.add_metric([], _cumulative(totals.attempt_buckets), totals.attempt_seconds)
    tokens = CounterMetricFamily("acg_tokens_used", "Tokens that Gemini counted, in all workers", value=totals.tokens)
    deliveries = CounterMetricFamily(
        "acg_webhook_deliveries", "Attempts to send webhook messages, in all workers", labels=["outcome"]
    )
    for outcome, count in totals.deliveries.items():
        deliveries.add_metric([outcome], count)
    return [generations, attempts, seconds, tokens, deliveries]


def _cumulative(counts: tuple[int, ...]) -> list[tuple[str, float]]:
    """Returns cumulative buckets, as Prometheus requires."""
    bounds = [*map(str, ATTEMPT_SECONDS), "+Inf"]
    return [(bound, float(sum(counts[: number + 1]))) for number, bound in enumerate(bounds)]


def _seconds_since(moment: datetime | None) -> float:
    return (utcnow() - moment).total_seconds() if moment else 0.0


def _deliveries_waiting(backlog: DeliveryBacklog) -> list[Metric]:
    overdue, waiting = _seconds_since(backlog.overdue_since), "Webhook messages that wait to be sent, or sent again"
    return [
        _gauge("acg_webhook_deliveries_waiting", waiting, backlog.waiting),
        _gauge("acg_webhook_oldest_overdue_seconds", "For how long the oldest due webhook message has waited", overdue),
    ]


def _backlog(backlog: Backlog) -> list[Metric]:
    overdue = _seconds_since(backlog.overdue_since)
    return [
        _gauge("acg_generations_waiting", "Generations that wait for an attempt", backlog.waiting),
        _gauge("acg_generations_running", "Generations with an attempt under way", backlog.running),
        _gauge("acg_oldest_overdue_seconds", "For how long the oldest due generation has been waiting", overdue),
    ]
