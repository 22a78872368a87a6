"""The product: `create_app` builds and wires it, and nothing else happens on import."""

from __future__ import annotations

import sys

from flask import Flask
from flask_cors import CORS
from flask_smorest import Api
from redis import Redis

from app import database, logs, redis_client
from app.auth import tokens
from app.auth.ended import EndedSessions
from app.auth.passwords import Offload, PasswordHasher, run_here
from app.auth.routes import blueprint as auth_blueprint
from app.auth.service import AuthService
from app.auth.tokens import RefreshTokens
from app.config import Settings
from app.consequences import relay_of
from app.content.routes import blueprint as content_blueprint
from app.content.service import ContentService
from app.generation import transitions
from app.generation.requests import GenerationRequests
from app.generation.routes import blueprint as generation_blueprint
from app.http import blueprint as authentication
from app.http import docs, error_answers, headers, limits, pages, request_context
from app.http.envelope import ErrorSchema, OrjsonProvider
from app.ops import cli, health, metrics
from app.queueing.schedule import GenerationQueue
from app.realtime import server

MAX_BODY_BYTES = 1024 * 1024


class _Api(Api):
    ERROR_SCHEMA = ErrorSchema

    def _register_error_handlers(self) -> None:
        """Leaves errors to app.http.error_answers."""


def create_app(settings: Settings | None = None, offload: Offload = run_here) -> Flask:
    """The web application. `offload` runs blocking C code where it does not stall other requests.

    Without settings they come from the environment, for commands (`flask …`): no event loop is used then, and the log
    goes to standard error, so that standard output is the command's answer alone.
    """
    log_stream = sys.stderr if settings is None else sys.stdout
    settings = settings or cli.settings_for_commands()
    app = Flask(__name__, static_folder=None)
    app.json = OrjsonProvider(app)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        API_TITLE="AI Content Generator",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
    )
    logs.configure(settings, log_stream)
    database.connect(settings)
    redis = redis_client.connect(settings, redis_client.REQUEST_TIMEOUT_SECONDS, redis_client.REQUEST_CONNECTIONS)
    ended = EndedSessions(settings)
    _provide_services(app, settings, redis, PasswordHasher(settings.bcrypt_rounds, offload), ended)
    _open_http(app, settings, redis)
    socketio = server.init_app(app, settings, ended)
    metrics.init_app(app, settings, redis, lambda: server.open_sockets(socketio))
    headers.init_app(app)
    limits.trust_proxies(app, settings.trusted_proxies)
    return app


def _provide_services(
    app: Flask, settings: Settings, redis: Redis, passwords: PasswordHasher, ended: EndedSessions
) -> None:
    """What the doors ask for by name."""
    queue = GenerationQueue(redis, settings)
    app.extensions["settings"] = settings
    app.extensions["redis"] = redis
    app.extensions["generation_queue"] = queue
    app.extensions["ended_sessions"] = ended
    app.extensions["auth_service"] = AuthService(passwords, RefreshTokens(settings))
    app.extensions["content_service"] = ContentService(relay_of(redis, queue), transitions.voided)
    app.extensions["generation_requests"] = GenerationRequests(queue, settings)


def _open_http(app: Flask, settings: Settings, redis: Redis) -> None:
    """The routes, and what happens around each request, in the order in which it happens."""
    request_context.init_app(app)
    error_answers.init_app(app)
    tokens.init_app(app, settings)
    limits.init_app(app, settings)
    authentication.require_authentication(app)
    api = _Api(app)
    api.register_blueprint(auth_blueprint)
    api.register_blueprint(content_blueprint)
    api.register_blueprint(generation_blueprint)
    health.init_app(app, redis)
    app.register_blueprint(docs.blueprint)
    pages.init_app(app)
    CORS(
        app,
        resources={"/api/*": {"origins": list(settings.client_url)}},
        supports_credentials=True,
        expose_headers=["X-Request-ID", "Retry-After"],
    )
    cli.init_app(app)
