"""Logs go to standard error, so that standard output holds results alone: lines for people, JSON for machines."""

import logging
import sys

import structlog
from structlog.typing import Processor


def start() -> None:
    """Write coloured lines where a person watches, else one JSON object a line."""
    watched = sys.stderr.isatty()
    last: list[Processor] = [structlog.dev.ConsoleRenderer()] if watched else [*_FOR_MACHINES]
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


_FOR_MACHINES: tuple[Processor, ...] = (
    structlog.processors.dict_tracebacks,
    structlog.processors.JSONRenderer(),
)
