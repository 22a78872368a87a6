"""`create_app` builds and wires the web application. Importing this module has no side effects."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial

from flask import Flask
from flask_smorest import Api
from redis import Redis

from app import database, logs, redis_client, services
from app.account.building import account_services
from app.account.routes import blueprint as account_blueprint
from app.admin.routes import blueprint as admin_blueprint
from app.admin.service import Operations
from app.auth import authentication, tokens
from app.auth.authentication import Authenticator
from app.auth.key_routes import blueprint as key_blueprint
from app.auth.key_service import ApiKeys
from app.auth.passwords import Offload, run_here
from app.auth.permissions import own_limits, with_own_limits
from app.auth.revocation import Revocation
from app.auth.routes import blueprint as auth_blueprint
from app.auth.tokens import AccessTokens
from app.batches.maker import BatchMaker
from app.batches.routes import BatchIdConverter
from app.batches.routes import blueprint as batches_blueprint
from app.batches.service import Batches
from app.batches.stored_size import bytes_of_batches
from app.config import Settings
from app.content.bulk import BulkActions
from app.content.check_routes import blueprint as checks_blueprint
from app.content.export.service import Exports
from app.content.export_routes import blueprint as export_blueprint
from app.content.routes import ContentIdConverter
from app.content.routes import blueprint as content_blueprint
from app.content.schemas import MAX_PROMPT, MAX_TEXT, MAX_TITLE
from app.content.service import ContentService
from app.content.stored_size import stored_bytes
from app.content.trash import Trash
from app.content.trash_routes import blueprint as trash_blueprint
from app.content.version_history import VersionHistory
from app.content.version_routes import blueprint as versions_blueprint
from app.erasure import erasers_of, person_erasers_of
from app.generation import transitions
from app.generation.control import GenerationControl
from app.generation.quota_holds import jobs_since
from app.generation.requests import GenerationRequests
from app.generation.requeue import Requeues
from app.generation.routes import blueprint as generation_blueprint
from app.generation.templated import piece_of
from app.http import conditional, cors, docs, error_answers, headers, json_bodies, pages, rate_limits, request_context
from app.http.application import Application
from app.http.blueprint import refuse_unknown_queries
from app.http.docs import EventsReference
from app.http.envelope import ErrorSchema
from app.http.public_config import PublicConfig
from app.http.public_config import blueprint as config_blueprint
from app.http.request_context import OnceARequest
from app.ops import cli, health, metrics
from app.ops.health import Readiness
from app.ops.heartbeat import count_workers
from app.outbox.relay import Relay
from app.outbox_handlers import batch_told, relay_of
from app.queueing.schedule import GenerationQueue
from app.quotas import quota_headers
from app.quotas.limits import Facts, Limits
from app.quotas.service import Quotas
from app.realtime import asyncapi, server
from app.realtime.bus import message_bus
from app.realtime.event_reader import EventReader
from app.realtime.event_routes import blueprint as events_blueprint
from app.realtime.following import Following
from app.realtime.live_text import LiveTexts
from app.realtime.open_streams import OpenStreams
from app.realtime.stream_routes import blueprint as streams_blueprint
from app.rewriting.routes import blueprint as rewriting_blueprint
from app.rewriting.service import Rewrites
from app.services import Services
from app.templates.routes import blueprint as templates_blueprint
from app.templates.service import Templates
from app.usage.prices import Prices
from app.usage.report import UsageReports
from app.usage.routes import blueprint as usage_blueprint
from app.webhooks.addresses import Reach
from app.webhooks.routes import blueprint as webhooks_blueprint
from app.webhooks.service import Webhooks

API = (
    auth_blueprint,
    key_blueprint,
    account_blueprint,
    content_blueprint,
    versions_blueprint,
    trash_blueprint,
    export_blueprint,
    templates_blueprint,
    batches_blueprint,
    checks_blueprint,
    rewriting_blueprint,
    generation_blueprint,
    streams_blueprint,
    events_blueprint,
    usage_blueprint,
    admin_blueprint,
    webhooks_blueprint,
    config_blueprint,
)
"""The blueprints in the order of the API reference."""
MAX_BODY_BYTES = 1024 * 1024


class _Api(Api):
    ERROR_SCHEMA = ErrorSchema

    def _register_error_handlers(self) -> None:
        """Registers none; app.http.error_answers handles errors."""


def create_app(settings: Settings | None = None, offload: Offload = run_here) -> Flask:
    """Returns the web application. `offload` runs blocking C code where it does not stall other requests.

    Without `settings`, as in `flask …` commands, they are read from the environment and the log goes to standard
    error, so that standard output contains only the command's output.
    """
    log_stream = sys.stderr if settings is None else sys.stdout
    settings = settings or cli.settings_for_commands()
    app = Application(__name__, static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        API_TITLE="AI Content Generator",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
    )
    logs.configure(settings, log_stream)
    database.connect(settings)
    redis = redis_client.connect(settings, redis_client.REQUEST_TIMEOUT_SECONDS, redis_client.REQUEST_CONNECTIONS)
    api_keys = ApiKeys()
    authenticator = Authenticator(AccessTokens(settings), api_keys, Revocation(settings))
    services.provide(app, _built(settings, redis, offload, authenticator, api_keys))
    _open_http(app, settings, authenticator)
    built = services.services_of(app)
    socketio = server.init_app(app, settings, authenticator, built.get(Following), built.get(EventReader))
    metrics.init_app(app, settings, redis, lambda: server.open_sockets(socketio))
    headers.init_app(app)
    rate_limits.trust_proxies(app, settings.trusted_proxies)
    return app


def close(app: Flask) -> None:
    """Stops the application's threads. Call it before closing its log and connections.

    A process that exits together with its application does not need this, because the threads are daemons.
    """
    server.close(app)
    services.services_of(app).get(Authenticator).stop()


def _built(
    settings: Settings, redis: Redis, offload: Offload, authenticator: Authenticator, api_keys: ApiKeys
) -> Services:
    """Returns the services that routes, sockets and commands look up by type."""
    queue = GenerationQueue(redis, settings)
    relay = relay_of(redis, queue)
    own = OnceARequest[Mapping[str, int]](own_limits)
    quotas = Quotas(Limits.of(settings), Facts(own, with_own_limits, own.note, jobs_since, _stored_bytes))
    requeues = Requeues(queue, quotas, LiveTexts(redis))
    return Services.of(
        settings,
        redis,
        queue,
        authenticator,
        api_keys,
        Readiness(redis),
        *account_services(settings, redis, person_erasers_of(redis, queue), offload),
        ContentService(relay, quotas),
        GenerationRequests(queue, relay, quotas, settings),
        _public(settings),
        EventsReference(asyncapi.build),
        GenerationControl(relay, queue),
        VersionHistory(relay, quotas, Prices(settings.ai_prices)),
        Rewrites(relay, queue, quotas, settings),
        Webhooks(Reach.of(settings)),
        requeues,
        *_of_realtime(settings, redis),
        *_of_usage(settings, redis, quotas, requeues),
        *_of_the_library(settings, redis, relay, quotas, requeues, offload=offload),
    )


def _stored_bytes(user_id: str) -> int:
    return stored_bytes(user_id) + bytes_of_batches(user_id)


def _of_realtime(settings: Settings, redis: Redis) -> tuple[object, ...]:
    return Following(message_bus(settings, redis), LiveTexts(redis)), OpenStreams(redis), EventReader(redis)


def _of_usage(settings: Settings, redis: Redis, quotas: Quotas, requeues: Requeues) -> tuple[object, ...]:
    usage = UsageReports(Prices(settings.ai_prices), quotas.shown)
    return quotas, usage, Operations(settings, requeues, usage, partial(count_workers, redis))


def _public(settings: Settings) -> PublicConfig:
    limits = {"title": MAX_TITLE, "prompt": MAX_PROMPT, "text": MAX_TEXT}
    return PublicConfig(
        delay=round(settings.generation_delay_seconds * 1000),
        max_attempts=settings.job_max_attempts,
        demo=settings.asks_the_stand_in,
        limits=limits | {"waiting_generations": settings.max_waiting_generations},
    )


def _of_the_library(
    settings: Settings, redis: Redis, relay: Relay, quotas: Quotas, requeues: Requeues, *, offload: Offload
) -> tuple[object, ...]:
    trash, queue, templates = (
        Trash(relay, transitions.voided, erasers_of(redis)),
        GenerationQueue(redis, settings),
        Templates(),
    )
    maker = BatchMaker(queue, relay, batch_told(redis), settings.job_max_attempts)
    batches = Batches(templates, maker, requeues, quotas=quotas, offload=offload, check=piece_of)
    return trash, BulkActions(relay, trash), Exports(offload), templates, batches, maker


def _open_http(app: Flask, settings: Settings, authenticator: Authenticator) -> None:
    """Registers the routes and the request hooks, in the order in which the hooks run."""
    request_context.init_app(app)
    error_answers.init_app(app)
    json_bodies.init_app(app)
    conditional.init_app(app)
    tokens.init_app(app, settings)
    rate_limits.init_app(app, settings, authenticator.user_id_of_request)
    quota_headers.init_app(app)
    authentication.require_authentication(app, authenticator)
    refuse_unknown_queries(app)
    app.url_map.converters["content"] = ContentIdConverter
    app.url_map.converters["batch"] = BatchIdConverter
    _Api(app)
    for blueprint in API:  # by Flask itself: flask-smorest would describe them at each start, see app/http/docs.py
        app.register_blueprint(blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(docs.blueprint)
    pages.init_app(app)
    cors.init_app(app, settings.client_url)
    cli.init_app(app)
