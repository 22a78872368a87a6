"""The settings: parsed and checked once, every bad variable reported together, no secret ever shown."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings, SettingsSchema, load_settings
from app.errors import SettingsError

EXAMPLE = Path(__file__).parent.parent / ".env.example"
ASSIGNMENT = re.compile(r"(?:# )?([A-Z][A-Z0-9_]*)=(.*)")
VARIABLES = {str(field.data_key): field for field in SettingsSchema().fields.values()}

PRODUCTION = {
    "APP_ENV": "production",
    "MONGO_URI": "mongodb://person:mongo-password@db.example.com/app",
    "REDIS_URL": "rediss://:redis-password@cache.example.com:6380/0",
    "JWT_SECRET": "an-access-secret-of-more-than-32-bytes",
    "JWT_REFRESH_SECRET": "a-refresh-secret-of-more-than-32-bytes",
    "GOOGLE_AI_API_KEY": "AIza-the-key-of-somebody",
}


def problems_of(environ: dict[str, str], *, asks_gemini: bool = False) -> dict[str, str]:
    """The problem of each invalid variable."""
    with pytest.raises(SettingsError) as caught:
        load_settings(environ, asks_gemini=asks_gemini)
    assert all(problem in caught.value.message for problem in caught.value.problems)
    named = [problem.split(": ", 1) for problem in caught.value.problems]
    assert len({name for name, _ in named}) == len(named), "one line per variable"
    return dict(named)


def test_without_variables_the_defaults_apply() -> None:
    """Those of DESIGN.md section 6, for development."""
    settings = load_settings({})
    shown = {name: value for name, value in dataclasses.asdict(settings).items() if "secret" not in name}
    assert shown == {
        "app_env": "development",
        "host": "127.0.0.1",
        "port": 3000,
        "client_url": ("http://localhost:5173",),
        "mongo_uri": "mongodb://localhost:27017/ai-content-generator",
        "redis_url": "redis://localhost:6379/0",
        "redis_tls_verify": True,
        "webhooks_allow_private": False,
        "metrics_token": "",
        "metrics_open": False,
        "jwt_expiration": timedelta(minutes=15),
        "jwt_refresh_expiration": timedelta(days=7),
        "google_ai_api_key": "",
        "google_ai_endpoint": None,
        "ai_model": "gemini-3.5-flash-lite",
        "ai_max_tokens": 8192,
        "ai_temperature": None,
        "ai_top_p": None,
        "ai_top_k": None,
        "ai_timeout_seconds": 60,
        "ai_prices": {},
        "generation_delay_seconds": 60,
        "job_max_attempts": 3,
        "job_backoff_seconds": 2,
        "worker_concurrency": 8,
        "worker_stop_seconds": 20,
        "worker_one_core": True,
        "bcrypt_rounds": 12,
        "rate_limit_enabled": True,
        "rate_limit_login": "10/minute",
        "rate_limit_register": "20/hour",
        "rate_limit_refresh": "60/minute",
        "rate_limit_generate": "60/minute",
        "rate_limit_default": "300/minute",
        "max_waiting_generations": 20,
        "quota_daily_generations": 0,
        "quota_monthly_tokens": 0,
        "quota_stored_bytes": 0,
        "trash_days": 30,
        "trusted_proxies": 0,
        "sockets_per_address": 500,
        "socketio_async_mode": "eventlet",
        "log_level": "INFO",
        "log_format": "console",
    }
    assert not settings.production
    assert settings.jwt_secret != settings.jwt_refresh_secret


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("PORT", "8080", 8080),
        ("HOST", "::1", "::1"),
        ("HOST", "web.internal", "web.internal"),
        ("CLIENT_URL", "https://a.example.com", ("https://a.example.com",)),
        ("CLIENT_URL", " https://a.example.com/ , http://localhost:5173,", ("https://a.example.com", "http://localhost:5173")),
        ("MONGO_URI", "mongodb+srv://u:p@cluster.mongodb.net/app?w=majority", "mongodb+srv://u:p@cluster.mongodb.net/app?w=majority"),
        ("MONGO_URI", "mongodb://a:27017,b:27018/app?replicaSet=rs", "mongodb://a:27017,b:27018/app?replicaSet=rs"),
        ("REDIS_URL", "unix:///run/redis.sock?db=2", "unix:///run/redis.sock?db=2"),
        ("REDIS_URL", "redis://host", "redis://host"),
        ("REDIS_URL", "rediss://:p@host:6380/15?db=2", "rediss://:p@host:6380/15?db=2"),
        ("JWT_EXPIRATION", "30s", timedelta(seconds=30)),
        ("JWT_EXPIRATION", "3600", timedelta(hours=1)),
        ("JWT_REFRESH_EXPIRATION", " 12h ", timedelta(hours=12)),
        ("GOOGLE_AI_ENDPOINT", "http://127.0.0.1:9999", "http://127.0.0.1:9999"),
        ("AI_MODEL", "models/gemini-3.5-pro", "models/gemini-3.5-pro"),
        ("AI_TEMPERATURE", "0", 0.0),
        ("AI_TOP_P", "0.95", 0.95),
        ("AI_TOP_K", "40", 40),
        ("AI_PRICES", '{"m": {"input": 1, "output": 2.5}}', {"m": (1.0, 2.5)}),
        ("GENERATION_DELAY_SECONDS", "0", 0.0),
        ("GENERATION_DELAY_SECONDS", "0.5", 0.5),
        ("RATE_LIMIT_ENABLED", "false", False),
        ("RATE_LIMIT_ENABLED", "0", False),
        ("SOCKETIO_ASYNC_MODE", "threading", "threading"),
        ("LOG_FORMAT", "json", "json"),
    ],
)  # fmt: skip
def test_a_variable_is_read(name: str, text: str, value: Any) -> None:
    assert getattr(load_settings({name: text}), name.lower()) == value


@pytest.mark.parametrize("name", VARIABLES)
def test_an_empty_variable_counts_as_not_set(name: str) -> None:
    """Hosting platforms or a copied .env leave such variables."""
    assert load_settings({name: ""}) == load_settings({name: "  "}) == load_settings({})


def test_other_environment_variables_are_ignored() -> None:
    assert load_settings({"HOME": "/root", "port": "1", "Port": "x", "JWT": ""}) == load_settings({})


BAD: dict[str, list[str]] = {
    "APP_ENV": ["staging", "Production", "test"],
    "HOST": ["a b", "http://host", "host/", "-h\nx", "unix:/x"],
    "PORT": ["0", "-1", "65536", "3000.5", "http", "3000x"],
    "CLIENT_URL": ["localhost:5173", "*", "ftp://a.example.com", "https://a.example.com/path", "https://", "https://["],
    "MONGO_URI": ["localhost:27017", "http://localhost/app", "mongodb://host:port/app", "mongodb://", "mongodb://["],
    "REDIS_URL": [
        "localhost:6379",
        "http://localhost:6379",
        "redis://",
        "redis://[",
        "redis://host/zero",
        "redis://host/0/1",
    ],
    "JWT_SECRET": ["short", "x" * 31],
    "JWT_REFRESH_SECRET": ["short", "x" * 31],
    "JWT_EXPIRATION": ["0", "0m", "-1m", "15 minutes", "1w", "15m30s", "1.5h", "m"],
    "JWT_REFRESH_EXPIRATION": ["0d", "never"],
    "GOOGLE_AI_ENDPOINT": ["generativelanguage.googleapis.com", "ftp://x", "http://"],
    "AI_MODEL": ["gemini pro", "gemini;rm", "../../x?y"],
    "AI_MAX_TOKENS": ["63", "1000001", "many", "1e4"],
    "AI_TEMPERATURE": ["-0.1", "2.1", "hot", "nan", "inf"],
    "AI_TOP_P": ["-0.1", "1.1", "x"],
    "AI_TOP_K": ["0", "1001", "1.5"],
    "AI_PRICES": [
        "0.3",
        "[]",
        "{",
        '{"m": 1}',
        '{"m": {"input": 1}}',
        '{"m": {"input": -1, "output": 1}}',
        '{"m": {"input": NaN, "output": 1}}',
    ],
    "AI_TIMEOUT_SECONDS": ["0", "-1", "601", "nan", "inf", "1m"],
    "GENERATION_DELAY_SECONDS": ["-1", "86401", "nan", "soon"],
    "JOB_MAX_ATTEMPTS": ["0", "21", "1.5"],
    "JOB_BACKOFF_SECONDS": ["0", "601", "nan"],
    "WORKER_CONCURRENCY": ["0", "257", "all"],
    "WORKER_STOP_SECONDS": ["0", "601", "inf"],
    "BCRYPT_ROUNDS": ["3", "17", "x"],
    "RATE_LIMIT_ENABLED": ["maybe", "2"],
    "WORKER_ONE_CORE": ["maybe", "2"],
    "REDIS_TLS_VERIFY": ["maybe"],
    "METRICS_TOKEN": ["too short"],
    "METRICS_OPEN": ["maybe"],
    "WEBHOOKS_ALLOW_PRIVATE": ["maybe"],
    "RATE_LIMIT_LOGIN": ["many", "0/minute", "10", "10/fortnight", "-1/minute"],
    "RATE_LIMIT_REGISTER": ["20 an hour"],
    "RATE_LIMIT_REFRESH": ["1.5/minute"],
    "RATE_LIMIT_GENERATE": ["/minute"],
    "RATE_LIMIT_DEFAULT": ["300/0 minutes"],
    "MAX_WAITING_GENERATIONS": ["-1", "1000001", "x"],
    "QUOTA_DAILY_GENERATIONS": ["-1", "100001", "x"],
    "QUOTA_MONTHLY_TOKENS": ["-1", "1.5"],
    "QUOTA_STORED_BYTES": ["-1", "1 GB"],
    "TRASH_DAYS": ["0", "3651", "x"],
    "TRUSTED_PROXIES": ["-1", "11", "yes"],
    "SOCKETS_PER_ADDRESS": ["-1", "1000001", "many"],
    "SOCKETIO_ASYNC_MODE": ["asyncio", "gevent", "Eventlet"],
    "LOG_LEVEL": ["TRACE", "verbose"],
    "LOG_FORMAT": ["xml", "JSON"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BAD.items() for text in texts])
def test_an_invalid_value_is_reported(name: str, text: str) -> None:
    """With the name of its variable, and a sentence that says what is valid."""
    problems = problems_of({**PRODUCTION, "APP_ENV": "development", name: text})
    assert set(problems) == {name}
    assert problems[name].endswith(".")


def test_all_invalid_values_are_reported_at_once() -> None:
    """For all variables, in one error, with their names."""
    bad = {name: texts[0] for name, texts in BAD.items()} | {"JWT_REFRESH_SECRET": "short too"}
    reported = set(problems_of(bad))
    assert reported >= set(bad) - {"GOOGLE_AI_API_KEY"}
    assert set(VARIABLES) - set(bad) == {"GOOGLE_AI_API_KEY"}, "every variable that can be invalid is tested"


def test_production_starts_once_everything_required_is_set() -> None:
    settings = load_settings(PRODUCTION)
    assert settings.production
    assert settings.log_format == "json"
    assert settings.mongo_uri == PRODUCTION["MONGO_URI"]


REQUIRED = set(PRODUCTION) - {"APP_ENV", "GOOGLE_AI_API_KEY"}


def test_all_variables_missing_in_production_are_reported_at_once() -> None:
    """Together with invalid ones."""
    assert set(problems_of({"APP_ENV": "production"})) == REQUIRED
    assert set(problems_of({"APP_ENV": "production", "PORT": "x"})) == REQUIRED | {"PORT"}
    assert set(problems_of({"APP_ENV": "production", **dict.fromkeys(REQUIRED, " ")})) == REQUIRED


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_each_variable_required_in_production_is_reported(name: str) -> None:
    assert set(problems_of({key: value for key, value in PRODUCTION.items() if key != name})) == {name}


def test_only_processes_that_call_gemini_need_its_key() -> None:
    """In production, where it is reported together with everything else missing. The stand-in needs no key."""
    without = {name: value for name, value in PRODUCTION.items() if name != "GOOGLE_AI_API_KEY"}
    assert load_settings(without).google_ai_api_key == ""
    assert set(problems_of(without, asks_gemini=True)) == {"GOOGLE_AI_API_KEY"}
    assert set(problems_of({"APP_ENV": "production"}, asks_gemini=True)) == REQUIRED | {"GOOGLE_AI_API_KEY"}
    assert load_settings(PRODUCTION, asks_gemini=True).google_ai_api_key == PRODUCTION["GOOGLE_AI_API_KEY"]
    assert load_settings({}, asks_gemini=True).google_ai_api_key == ""


@pytest.mark.parametrize(
    ("given", "served"),
    [({}, False), ({"METRICS_TOKEN": "x" * 16}, True), ({"METRICS_OPEN": "true"}, True), ({"APP_ENV": ""}, True)],
    ids=str,
)
def test_metrics_are_not_public_in_production(given: dict[str, str], served: bool) -> None:
    assert load_settings(PRODUCTION | given).metrics_served is served


def test_production_rejects_the_development_secrets() -> None:
    """Even swapped: anyone can read them in the source code."""
    development = load_settings({})
    one, other = development.jwt_secret, development.jwt_refresh_secret
    both = {"JWT_SECRET", "JWT_REFRESH_SECRET"}
    assert set(problems_of(PRODUCTION | {"JWT_SECRET": one, "JWT_REFRESH_SECRET": other})) == both
    assert set(problems_of(PRODUCTION | {"JWT_SECRET": other, "JWT_REFRESH_SECRET": one})) == both


@pytest.mark.parametrize("environment", ["development", "production"])
@pytest.mark.parametrize("name", ["JWT_SECRET", "JWT_REFRESH_SECRET"])
def test_a_secret_has_at_least_32_bytes(environment: str, name: str) -> None:
    """Bytes, not characters. In development too, if one is set."""
    environ = PRODUCTION | {"APP_ENV": environment}
    assert set(problems_of(environ | {name: "x" * 31})) == {name}
    assert load_settings(environ | {name: "x" * 32})
    assert load_settings(environ | {name: "é" * 16})


@pytest.mark.parametrize("environment", ["development", "production"])
def test_the_two_secrets_must_differ(environment: str) -> None:
    same = dict.fromkeys(["JWT_SECRET", "JWT_REFRESH_SECRET"], "one-secret-for-both-kinds-of-tokens")
    problems = problems_of(PRODUCTION | {"APP_ENV": environment} | same)
    assert problems == {"JWT_REFRESH_SECRET": "must differ from JWT_SECRET."}


def test_the_repr_has_no_secrets_and_no_addresses() -> None:
    """Settings end up in logs and tracebacks."""
    environ = PRODUCTION | {"GOOGLE_AI_ENDPOINT": "https://person:endpoint-password@gemini.example.com"}
    shown = repr(load_settings(environ))
    hidden = [*(environ[name] for name in REQUIRED), environ["GOOGLE_AI_ENDPOINT"], "password", "example.com"]
    assert [value for value in hidden if value in shown] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MONGO_URI", "mongo://person:hunter2@db.example.com/app"),
        ("MONGO_URI", "person:hunter2@db.example.com"),
        ("MONGO_URI", "mongodb://person:hunter2@[db/app"),
        ("REDIS_URL", "http://:hunter2@cache.example.com"),
        ("REDIS_URL", "redis://:hunter2@[cache"),
        ("GOOGLE_AI_ENDPOINT", "gemini://person:hunter2@gemini.example.com"),
        ("CLIENT_URL", "https://person:hunter2@app.example.com/path"),
        ("JWT_SECRET", "hunter2"),
        ("JWT_REFRESH_SECRET", "hunter2"),
    ],
)
def test_the_error_message_has_no_passwords(name: str, text: str) -> None:
    """Errors do not repeat the value."""
    with pytest.raises(SettingsError) as caught:
        load_settings({name: text})
    assert name in caught.value.message
    assert "hunter2" not in caught.value.message
    assert caught.value.__suppress_context__, "the traceback of the cause has no password"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_settings({}).port = 1  # type: ignore[misc]


def test_the_schema_and_the_settings_have_the_same_names() -> None:
    assert {name.lower() for name in VARIABLES} == {field.name for field in dataclasses.fields(Settings)}


# --- .env.example


def example_lines() -> list[str]:
    return EXAMPLE.read_text(encoding="utf-8").splitlines()


def example_values() -> dict[str, str]:
    """Every assignment in the file, including commented-out ones."""
    matches = [match for line in example_lines() if (match := ASSIGNMENT.fullmatch(line))]
    assert len({match[1] for match in matches}) == len(matches), "each variable occurs once"
    return {match[1]: match[2] for match in matches}


def test_the_example_names_exactly_the_variables_of_the_schema() -> None:
    assert sorted(example_values()) == sorted(VARIABLES)


def test_the_example_shows_the_defaults() -> None:
    """A value wherever there is a default, and the default's value."""
    values = example_values()
    assert load_settings(values) == load_settings({})
    with_default = {name for name, field in VARIABLES.items() if field.load_default not in {None, ""}}
    assert {name for name, value in values.items() if value} == with_default


def test_the_example_explains_every_variable() -> None:
    """In one line directly above it."""
    lines = example_lines()
    unexplained = [
        line
        for above, line in zip(["", *lines], lines, strict=False)
        if ASSIGNMENT.fullmatch(line) and (not above.startswith("# ") or ASSIGNMENT.fullmatch(above))
    ]
    assert unexplained == []


def test_a_copy_of_the_example_does_not_override_make_run() -> None:
    """The unchanged file sets nothing that `make run` starts or chooses itself."""
    given = {match[1] for line in example_lines() if (match := ASSIGNMENT.fullmatch(line)) and line[0] != "#"}
    assert given == {"APP_ENV"}
