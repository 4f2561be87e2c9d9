"""Structured logs: one line an event, with the tenant and the process in it."""

import logging.config
from multiprocessing import current_process
from typing import Any

import structlog
from django.db import connection

from apps.core.secrets import hide_link_keys


def add_tenant(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Put the tenant on the line: the schema that it names, or of the request that is told of, else of this thread.

    Sockets write from the event loop, and Django tells of what it refuses from a thread of its own: both work in no
    tenant's schema.
    """
    request = getattr(event.get("_record"), "request", None)
    schema = event.get("schema") or getattr(getattr(request, "tenant", None), "schema_name", None)
    event.setdefault("tenant", schema or getattr(connection, "schema_name", None))
    return event


def add_process(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Put on the line which of our processes wrote it, where it has a name of ours (`config/processes`)."""
    name = current_process().name
    if name != "MainProcess":
        event.setdefault("process", name)
    return event


def hide_keys(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Take keys out of the line, whoever wrote it: a request that is refused is logged with its path (FRM-5)."""
    for name, value in event.items():
        # Django hands over what is wrong with a request as the exception itself, or as lazy text.
        if not name.startswith("_") and not isinstance(value, (int, float, type(None))):
            hidden = hide_link_keys(str(value))
            if hidden != str(value):
                event[name] = hidden
    return event


def refusal_shorten(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Take the traceback off a request that was refused: its line says who was refused what, and nothing is broken."""
    if 400 <= getattr(event.get("_record"), "status_code", 0) < 500:
        event.pop("exc_info", None)
    return event


def configure_logging(options: dict[str, str]) -> None:
    """Set logging up.

    Args:
        options: ``format`` ("text" or "json") and ``level`` (a name of Python's levels).
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_tenant,
        add_process,
        refusal_shorten,
        structlog.processors.format_exc_info,
        hide_keys,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if options["format"] == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        "foreign_pre_chain": shared,
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": options["level"]},
            "loggers": {
                "django.server": {"level": "WARNING"},
                "uvicorn.access": {"level": "WARNING", "propagate": True},
                "axes": {"level": "WARNING"},
            },
        }
    )
