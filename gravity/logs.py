"""Logging for every process: one JSON line an event, with whatever context is bound to it; plain ones on a terminal."""

import logging
import logging.config
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
REFUSALS = "django.security."
# What beat says of each entry, and every second, while it reaches no broker or no database.
BEAT = ("celery.beat", "django_celery_beat.schedulers")
AWAY = ("SchedulingError", "OperationalError")
MOST_CHARS = 300


def short(record: logging.LogRecord) -> bool:
    """Make a short line of what comes again and again and whose traceback says nothing.

    That is what Django says of a request that it refuses, such as one for a host that is not ours: anybody can send
    them, each was an error with as much of the request as it has, and so they are warnings; the errors are what
    somebody has to look at. And what beat says while a store is away, tens of megabytes an hour.
    """
    if record.name.startswith(REFUSALS):
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        _shorten(record)
    elif record.name in BEAT and record.exc_info and record.exc_info[0] and record.exc_info[0].__name__ in AWAY:
        _shorten(record)
    return True


def _shorten(record: logging.LogRecord) -> None:
    record.msg, record.args = record.getMessage()[:MOST_CHARS], None
    record.exc_info = record.exc_text = None


def configure(options: Mapping[str, Any]) -> None:
    """Send every record of structlog and of the standard library to standard error as a line.

    It is JSON in production and wherever a program reads; a person at a terminal gets plain text.
    """
    level = str(options.get("level", "INFO")).upper()
    if level not in LEVELS:
        raise ImproperlyConfigured(f"LOG_LEVEL is {', '.join(LEVELS[:-1])} or {LEVELS[-1]}, not {level}.")
    plain = not options.get("production", True) and sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if plain else structlog.processors.JSONRenderer()
    # The console shows a traceback itself, and readably.
    shared = [step for step in SHARED if not (plain and step is structlog.processors.format_exc_info)]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        renderer,
                    ],
                }
            },
            "filters": {"short": {"()": lambda: short}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["short"]}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                # The request middleware writes the access log; Django's own would say it twice.
                "django.server": {"level": "WARNING"},
                "django.request": {"level": "ERROR"},
                # It would write whole addresses, and a callback's may hold a secret.
                "httpx2": {"level": "WARNING"},
                # A chunk's own line says more than Celery's two.
                "celery.worker.strategy": {"level": "WARNING"},
                "celery.app.trace": {"level": "WARNING"},
            },
        }
    )
