"""The settings: one frozen object, parsed and validated once. All invalid variables are reported together.

`SettingsSchema` has the rules for each variable. Its field names are the attributes of `Settings`, and `data_key` is
the name of the variable. `.env.example` lists the same variables; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, ValidationError, fields, post_load, validate, validates_schema

from app.errors import SettingsError
from app.setting_checks import DEVELOPMENT_SECRETS, SettingChecks
from app.setting_types import Duration, Origins, PriceList, Rate, ServerUrl

KEYS_PAGE = "https://aistudio.google.com/apikey"
VITE_ORIGIN = "http://localhost:5173"
"""The development server of the browser app."""


@dataclass(frozen=True)
class Settings:
    """The settings of all processes. Attributes ending in `_seconds` are in seconds."""

    app_env: str
    host: str
    port: int
    client_url: tuple[str, ...]
    mongo_uri: str = field(repr=False)
    redis_url: str = field(repr=False)
    redis_tls_verify: bool
    jwt_secret: str = field(repr=False)
    jwt_refresh_secret: str = field(repr=False)
    jwt_expiration: timedelta
    jwt_refresh_expiration: timedelta
    google_ai_api_key: str = field(repr=False)
    google_ai_endpoint: str | None = field(repr=False)
    ai_model: str
    ai_max_tokens: int
    ai_temperature: float | None
    ai_top_p: float | None
    ai_top_k: int | None
    ai_timeout_seconds: float
    ai_prices: Mapping[str, tuple[float, float]]
    generation_delay_seconds: float
    job_max_attempts: int
    job_backoff_seconds: float
    worker_concurrency: int
    worker_stop_seconds: float
    worker_one_core: bool
    bcrypt_rounds: int
    rate_limit_enabled: bool
    rate_limit_login: str
    rate_limit_register: str
    rate_limit_refresh: str
    rate_limit_generate: str
    rate_limit_default: str
    max_waiting_generations: int
    quota_daily_generations: int
    quota_monthly_tokens: int
    quota_stored_bytes: int
    trash_days: int
    webhooks_allow_private: bool
    trusted_proxies: int
    sockets_per_address: int
    socketio_async_mode: str
    metrics_token: str = field(repr=False)
    metrics_open: bool
    log_level: str
    log_format: str

    @property
    def production(self) -> bool:
        return self.app_env == "production"

    @property
    def asks_the_stand_in(self) -> bool:
        """Whether the endpoint is on this machine, i.e. the local stand-in instead of a real model."""
        host = urlsplit(self.google_ai_endpoint or "").hostname
        return host in {"127.0.0.1", "::1", "localhost"}

    @property
    def metrics_served(self) -> bool:
        """Whether /metrics is enabled."""
        return bool(self.metrics_token) or self.metrics_open or not self.production


_PLAIN_WORDS: dict[type, dict[str, str]] = {
    fields.Integer: {"invalid": "must be a whole number."},
    fields.Float: {"invalid": "must be a number.", "special": "must be a number."},
    fields.Boolean: {"invalid": "must be true or false."},
}
"""Replacements for marshmallow's default messages."""


def _positive(maximum: float) -> validate.Range:
    return validate.Range(
        min=0, min_inclusive=False, max=maximum, error=f"must be more than 0 and at most {maximum:g}."
    )


def _quota(maximum: int) -> fields.Integer:
    error = f"must be from 0 (no limit) to {maximum}."
    return fields.Integer(load_default=0, validate=validate.Range(0, maximum, error=error))


class SettingsSchema(SettingChecks):
    """The variables, their defaults and their validation. An empty variable counts as not set."""

    class Meta:
        unknown = EXCLUDE

    app_env = fields.String(
        load_default="development",
        validate=validate.OneOf(["development", "production"], error="must be development or production."),
    )
    host = fields.String(
        load_default="",
        validate=validate.Regexp(r"[\w.:-]{1,253}\Z", error="must be an address such as 127.0.0.1, 0.0.0.0 or ::."),
    )
    port = fields.Integer(load_default=3000, validate=validate.Range(1, 65535, error="must be from 1 to 65535."))
    client_url = Origins(load_default=(VITE_ORIGIN,))
    mongo_uri = ServerUrl("mongodb", "mongodb+srv", load_default="mongodb://localhost:27017/ai-content-generator")
    redis_tls_verify = fields.Boolean(load_default=True)
    redis_url = ServerUrl(
        "redis",
        "rediss",
        "unix",
        load_default="redis://localhost:6379/0",
        validate=validate.Regexp(
            r"unix:|rediss?://[^/]*/?\d*(\?|$)",
            error="must end with a database number such as /0, or omit it.",
        ),
    )
    jwt_secret = fields.String(load_default="")
    jwt_refresh_secret = fields.String(load_default="")
    jwt_expiration = Duration(load_default=timedelta(minutes=15))
    jwt_refresh_expiration = Duration(load_default=timedelta(days=7))
    google_ai_api_key = fields.String(load_default="")
    google_ai_endpoint = ServerUrl("http", "https", load_default=None)
    ai_model = fields.String(
        load_default="gemini-3.5-flash-lite",
        validate=validate.Regexp(r"^[\w./-]+$", error="must be a model name such as gemini-3.5-flash-lite."),
    )
    ai_max_tokens = fields.Integer(
        load_default=8192, validate=validate.Range(64, 1_000_000, error="must be from 64 to 1000000.")
    )
    ai_temperature = fields.Float(load_default=None, validate=validate.Range(0, 2, error="must be from 0 to 2."))
    ai_top_p = fields.Float(load_default=None, validate=validate.Range(0, 1, error="must be from 0 to 1."))
    ai_top_k = fields.Integer(load_default=None, validate=validate.Range(1, 1000, error="must be from 1 to 1000."))
    ai_timeout_seconds = fields.Float(load_default=60.0, validate=_positive(600))
    ai_prices = PriceList(load_default=dict)
    generation_delay_seconds = fields.Float(
        load_default=60.0, validate=validate.Range(0, 86400, error="must be from 0 to 86400.")
    )
    job_max_attempts = fields.Integer(load_default=3, validate=validate.Range(1, 20, error="must be from 1 to 20."))
    job_backoff_seconds = fields.Float(load_default=2.0, validate=_positive(600))
    worker_concurrency = fields.Integer(load_default=8, validate=validate.Range(1, 256, error="must be from 1 to 256."))
    worker_stop_seconds = fields.Float(load_default=20.0, validate=_positive(600))
    worker_one_core = fields.Boolean(load_default=True)
    bcrypt_rounds = fields.Integer(load_default=12, validate=validate.Range(4, 16, error="must be from 4 to 16."))
    rate_limit_enabled = fields.Boolean(load_default=True)
    rate_limit_login = Rate(load_default="10/minute")
    rate_limit_register = Rate(load_default="20/hour")
    rate_limit_refresh = Rate(load_default="60/minute")
    rate_limit_generate = Rate(load_default="60/minute")
    rate_limit_default = Rate(load_default="300/minute")
    max_waiting_generations = fields.Integer(
        load_default=20, validate=validate.Range(0, 1_000_000, error="must be from 0 (no limit) to 1000000.")
    )
    quota_daily_generations = _quota(100_000)
    quota_monthly_tokens = _quota(10**15)
    quota_stored_bytes = _quota(10**15)
    trash_days = fields.Integer(load_default=30, validate=validate.Range(1, 3650, error="must be from 1 to 3650."))
    webhooks_allow_private = fields.Boolean(load_default=False)
    trusted_proxies = fields.Integer(load_default=0, validate=validate.Range(0, 10, error="must be from 0 to 10."))
    sockets_per_address = fields.Integer(
        load_default=500, validate=validate.Range(0, 1_000_000, error="must be from 0 (no limit) to 1000000.")
    )
    socketio_async_mode = fields.String(
        load_default="eventlet",
        validate=validate.OneOf(["eventlet", "threading"], error="must be eventlet or threading."),
    )
    metrics_token = fields.String(
        load_default="", validate=validate.Length(min=16, error="must be at least 16 characters.")
    )
    metrics_open = fields.Boolean(load_default=False)
    log_level = fields.String(
        load_default="INFO",
        validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"], error="must be DEBUG, INFO, WARNING or ERROR."),
    )
    log_format = fields.String(
        load_default=None, validate=validate.OneOf(["console", "json"], error="must be console or json.")
    )

    @post_load(pass_original=True)
    def build(self, data: dict[str, Any], original: Mapping[str, str], **_: Any) -> Settings:
        for name, value in DEVELOPMENT_SECRETS.items():
            data[name] = data[name] or value
        if data["app_env"] == "production" and not original.get("CLIENT_URL"):
            data["client_url"] = ()  # pages served by the web process need no CORS
        if not data["redis_tls_verify"] and data["redis_url"].startswith("rediss://"):
            data["redis_url"] += f"{'&' if '?' in data['redis_url'] else '?'}ssl_cert_reqs=none"
        data["host"] = data["host"] or ("0.0.0.0" if data["app_env"] == "production" else "127.0.0.1")  # noqa: S104  # behind a router
        data["log_format"] = data["log_format"] or ("json" if data["app_env"] == "production" else "console")
        return Settings(**data)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.data_key = field_name.upper()
        field_obj.error_messages |= _PLAIN_WORDS.get(type(field_obj), {})


class WorkerSettingsSchema(SettingsSchema):
    """The settings of a process that calls Gemini, which requires the API key."""

    @validates_schema(skip_on_field_errors=False)
    def check_key(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("app_env", "production") == "production" and not data.get("google_ai_api_key"):
            raise ValidationError({"google_ai_api_key": [f"must be set, to a key from {KEYS_PAGE}."]})


def load_settings(environ: Mapping[str, str], *, asks_gemini: bool = False) -> Settings:
    """Reads the settings from `environ` (os.environ, or a test's own mapping).

    Raises one SettingsError that names every invalid variable.
    """
    schema = WorkerSettingsSchema() if asks_gemini else SettingsSchema()
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    try:
        return schema.load(given)  # type: ignore[no-any-return]  # build() returns Settings
    except ValidationError as error:
        raise SettingsError(_problems(error.normalized_messages())) from None


def _problems(messages: dict[str, Any]) -> list[str]:
    """Returns one line per invalid variable. marshmallow may report it by variable or attribute name."""
    lines: dict[str, str] = {}
    for name, texts in messages.items():
        text = texts[0] if isinstance(texts, list) else str(texts)
        lines.setdefault(name.upper(), f"{name.upper()}: {text[0].lower()}{text[1:]}")
    return [lines[name] for name in sorted(lines)]
