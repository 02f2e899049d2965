"""Log lines: one event each, as text for people or JSON for machines. They carry no personal data and no secrets."""

import logging
import sys

import structlog

from lrs.settings import Settings


def configure(settings: Settings) -> None:
    """Write the process's log to standard error in the format of LRS_LOG_FORMAT."""
    as_json = settings.log_format == "json"
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
