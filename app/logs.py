"""structlog set-up: one shape for our lines and the libraries' lines, JSON in production.

Nothing is shown that redaction.py does not let pass. Libraries only speak of warnings and worse, at any LOG_LEVEL:
at DEBUG they would show documents, prompts and texts.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.config import Settings
from app.redaction import Redaction, exception_text

OWN_LOGGERS = ("app", "gunicorn", "worker", "wsgi", "__main__")
"""LOG_LEVEL is theirs."""
_OF_THEIR_OWN = ("engineio.server", "socketio.server", "engineio.client", "socketio.client")
"""Libraries' loggers that would write to standard error as well, unless they have a level."""


def configure(settings: Settings, stream: TextIO = sys.stdout) -> None:
    """Sends every log line, ours and the libraries', through structlog to `stream`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.addFilter(_is_shown)
    last = _last_steps(settings, colours=stream.isatty())
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    logging.logThreads = logging.logMultiprocessing = False  # no line shows them
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for library in list(logging.root.manager.loggerDict.values()):
        if isinstance(library, logging.Logger) and library.level:
            library.setLevel(max(library.level, logging.WARNING))
    for name in OWN_LOGGERS:
        logging.getLogger(name).setLevel(settings.log_level)
    for name in _OF_THEIR_OWN:
        logging.getLogger(name).setLevel(logging.ERROR)


def _last_steps(settings: Settings, *, colours: bool) -> list[Processor]:
    """What happens to a line in the end, whoever wrote it: this is the one place where lines are made."""
    redaction = Redaction.of_settings(settings)
    console = settings.log_format != "json"

    def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return redaction.of_event(event, escape=console)

    plain = structlog.dev.plain_traceback  # the default one shows the values of variables
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        add_exception,
        redact,
        structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)
        if console
        else structlog.processors.JSONRenderer(),
    ]


def add_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Puts the traceback, as text, where renderers look for it."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else (given if isinstance(given, tuple) else sys.exc_info())[1]
    if given and error:
        event["exception"] = exception_text(error)
    return event


def _is_shown(record: logging.LogRecord) -> bool:
    """Also of a library's logger that somebody gave another level."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OWN_LOGGERS


def get_logger(name: str) -> Any:
    """A structlog logger. Its calls take a constant event text and key=value fields."""
    return structlog.stdlib.get_logger(name)
