"""Logs go to standard error, so that standard output holds results alone: lines for people, JSON for machines."""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor


def start() -> None:
    """Write coloured lines where a person watches, else one JSON object a line."""
    watched = sys.stderr.isatty()
    last: list[Processor] = [_FOR_PEOPLE] if watched else [*_FOR_MACHINES]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


# Tracebacks never show the values of variables: a passphrase or a partner's bank account may be among them.
_FOR_PEOPLE: Processor = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
_FOR_MACHINES: tuple[Processor, ...] = (
    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    structlog.processors.JSONRenderer(),
)
