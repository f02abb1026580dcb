"""Structured logs: one JSON object a line, with ids and classes, never content."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# What a log line may carry. A key outside this list is dropped, so that a name or a summary
# handed to the logger by mistake does not reach a disk.
ALLOWED = frozenset(
    """event level timestamp request_id account_id matter_id batch_id job use_case route method
    status milliseconds error code rows port host version revision database count library
    webhook_id delivery_id""".split()
)


def _only_allowed(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED}


def configure(level: str = "INFO") -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        ),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_OfLibraries()], force=True)


class _OfLibraries(logging.Handler):
    """What a library would say, as who said it and what was raised: its words may hold content."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("app."):
            logger().log(record.levelno, record.getMessage())
            return
        kind = record.exc_info[0] if record.exc_info else None
        error = None if kind is None else kind.__name__
        logger().log(record.levelno, "library", library=record.name, error=error)


def logger() -> Any:
    """A logger; its events are constant words, its values ids."""
    return structlog.get_logger()
