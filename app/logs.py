"""structlog set-up: one shape for our lines and the libraries' lines, JSON in production."""

from __future__ import annotations

import logging
import sys
from functools import cache
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.config import Settings

_SECRET_WORDS = ("password", "token", "secret", "authorization", "api_key", "cookie", "prompt")
_QUIET_LIBRARIES = ("rq.worker", "rq.job", "rq.queue", "rq_scheduler.scheduler", "engineio", "socketio", "urllib3")


_OF_THEIR_OWN = ("engineio.server", "socketio.server")
"""Libraries' loggers that would write to standard error as well, unless they have a level."""


def configure(settings: Settings, stream: TextIO = sys.stdout) -> None:
    """Sends every log line, ours and the libraries', through structlog to `stream`."""
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if settings.log_format == "json":
        last.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*last, renderer]))
    logging.logThreads = logging.logMultiprocessing = False  # no line shows them
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _OF_THEIR_OWN:
        logging.getLogger(name).setLevel(logging.ERROR)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replaces the value of any field whose name speaks of a secret or of a person's prompt."""
    for name in event:
        if _speaks_of_a_secret(name) and isinstance(event[name], str):
            event[name] = "[hidden]"
    return event


@cache
def _speaks_of_a_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET_WORDS)


def get_logger(name: str) -> Any:
    """A structlog logger. Its calls take a constant event text and key=value fields."""
    return structlog.stdlib.get_logger(name)
