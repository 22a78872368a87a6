"""Connections to Redis, their timeouts, and the errors that count as an outage."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from redis import BlockingConnectionPool, Redis
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    ConnectionError,  # noqa: A004  # not the builtin one, which is not a RedisError
    NoPermissionError,
    RedisError,
)
from redis.retry import Retry

from app.config import Settings
from app.errors import SettingsError

OUTAGES: tuple[type[RedisError], ...] = (RedisError,)
"""What redis-py raises while Redis is unavailable or loading its data. A retry may succeed."""

REQUEST_TIMEOUT_SECONDS = 0.4
"""Timeout of a command in an HTTP request, which must get a response within a second even if Redis hangs."""

REQUEST_CONNECTIONS = 10
"""Maximum connections for a web process's requests. A command takes a millisecond, and small plans allow few."""

WORKER_TIMEOUT_SECONDS = 5.0
REQUIRE_SECONDS = 2.4


def connection_options(url: str, timeout: float) -> dict[str, Any]:
    """Returns options for Redis.from_url(url), with one immediate retry, because a pooled connection may be stale."""
    return {
        "socket_timeout": timeout,
        "socket_connect_timeout": min(timeout, 2.0),
        "retry": Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        "health_check_interval": 30,
        **({} if url.startswith("unix:") else {"socket_keepalive": True}),
    }


def connect(settings: Settings, timeout: float, most: int = 100) -> Redis:
    """Returns a client with its own connection pool. It connects at the first command.

    `timeout` is in seconds and applies to each command and to waiting for a free connection. `most` is the size of
    the pool. Raises SettingsError for an unusable URL.
    """
    try:
        options = connection_options(settings.redis_url, timeout)
        pool = BlockingConnectionPool.from_url(settings.redis_url, max_connections=most, timeout=timeout, **options)
        return Redis(connection_pool=pool)
    except ValueError:
        raise SettingsError(["REDIS_URL: is not a usable address such as redis://user:password@host:6379/0."]) from None


def require(settings: Settings) -> None:
    """Raises SettingsError with an actionable line unless Redis responds within 2.5 s."""
    where = _place(settings)
    client = connect(settings, REQUIRE_SECONDS / 2)  # two attempts
    try:
        client.ping()
    except (AuthenticationError, AuthorizationError, NoPermissionError):
        problem = f"Redis at {where} refuses the user or the password: check both in REDIS_URL."
        raise SettingsError([f"REDIS_URL: {problem}"]) from None
    except BusyLoadingError:
        raise SettingsError([f"REDIS_URL: Redis at {where} still reads its data: start again in a moment."]) from None
    except RedisError as error:
        raise SettingsError([unreachable(settings, str(error).rstrip(".")[:200])]) from None
    finally:
        client.close()


def unreachable(settings: Settings, why: str) -> str:
    """Returns the error line for a Redis that cannot be reached."""
    with_tls = settings.redis_url.startswith("rediss:")
    other = "redis:// where it has no TLS" if with_tls else "rediss:// where it wants TLS"
    return (
        f"REDIS_URL: Redis connection failed at {_place(settings)} ({why}): check the host and port in REDIS_URL,"
        f" that Redis runs there, and {other}."
    )


def _place(settings: Settings) -> str:
    """Returns host and port without user and password."""
    return urlsplit(settings.redis_url).netloc.rpartition("@")[2] or "the given path"
