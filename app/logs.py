"""Configures structlog: our log lines and those of libraries have the same format, JSON in production.

Everything passes through redaction.py. Libraries log only warnings and errors, regardless of LOG_LEVEL, because their
DEBUG output contains documents, prompts and texts.
"""

from __future__ import annotations

import json
import logging
import sys
from contextlib import nullcontext, suppress
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.config import Settings
from app.redaction import Redaction, exception_text

OWN_LOGGERS = ("app", "gunicorn", "worker", "wsgi", "__main__")
"""The loggers that LOG_LEVEL applies to."""
_OF_THEIR_OWN = ("engineio.server", "socketio.server", "engineio.client", "socketio.client")
"""Loggers of libraries that add their own handler for standard error unless they have a level."""


_QUIET = {"debug": logging.DEBUG, "info": logging.INFO}
_ENCODER = json.JSONEncoder(default=repr)


class AtOnce:
    """The last processor for our own lines below WARNING, which are nearly all. It writes them directly.

    Going through the logging module, with a record per line and every parent logger, would double the time per line.
    """

    def __init__(self) -> None:
        self._handler = logging.StreamHandler[TextIO]()
        self._steps: list[Processor] = []

    def aim(self, handler: logging.StreamHandler[TextIO], steps: list[Processor]) -> None:
        """Sets the handler and the formatting, including for loggers that are already in use."""
        self._handler = handler
        self._steps = steps

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """Raises DropEvent once the line is written or if LOG_LEVEL excludes it. Passes on warnings and errors."""
        level = _QUIET.get(method)
        if level is None:
            return event
        if logger.isEnabledFor(level):
            line: Any = event
            for step in self._steps:
                line = step(logger, method, line)
            self._write(line)
        raise structlog.DropEvent

    def _write(self, line: str) -> None:
        with self._handler.lock or nullcontext(), suppress(ValueError, OSError):  # the stream may be closed already
            self._handler.stream.write(f"{line}\n")
            self._handler.flush()


_AT_ONCE = AtOnce()
_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_PROCESSORS: list[Processor] = [*_SHARED, _AT_ONCE, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]


def configure(settings: Settings, stream: TextIO = sys.stdout) -> None:
    """Sends every log line, ours and the libraries', through structlog to `stream`."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(_is_shown)
    last = _last_steps(settings, colours=stream.isatty())
    _AT_ONCE.aim(handler, last)
    structlog.configure(
        processors=_PROCESSORS,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    steps = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=steps))
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
    """Returns the final processors for every line, ours and the libraries'."""
    redaction = Redaction.of_settings(settings)
    console = settings.log_format != "json"

    def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return redaction.of_event(event, escape=console)

    plain = structlog.dev.plain_traceback  # the default one shows the values of variables
    return [
        add_exception,
        redact,
        structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain) if console else _as_json,
    ]


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return _ENCODER.encode(event)


def add_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Adds the traceback as text in the field that renderers expect."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else (given if isinstance(given, tuple) else sys.exc_info())[1]
    if given and error:
        event["exception"] = exception_text(error)
    return event


def _is_shown(record: logging.LogRecord) -> bool:
    """Also filters libraries' loggers that were given a lower level."""
    return record.levelno >= logging.WARNING or record.name.partition(".")[0] in OWN_LOGGERS


def get_logger(name: str) -> Any:
    """A structlog logger. Its calls take a constant event text and key=value fields."""
    return structlog.stdlib.get_logger(name)
