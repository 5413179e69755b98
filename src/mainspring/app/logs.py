"""How our processes log: one JSON object a line for machines, or a short line for people."""

import logging
import sys
from typing import Any

import msgspec

from mainspring.app.settings import ProcessSettings
from mainspring.kernel.clock import Clock

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

_NOISY = ("httpx", "alembic.runtime.plugins")
"""Loggers that say at level "info" what nobody wants to read: every request, every plug-in."""


class JsonFormatter(logging.Formatter):
    """One object a line: ``at``, ``level``, ``logger``, ``message``, and what ``extra`` gave."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of ``record``."""
        fields: dict[str, Any] = {
            "at": self._clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields |= {name: each for name, each in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(fields, enc_hook=repr).decode()


def configure_logging(settings: ProcessSettings, clock: Clock) -> None:
    """Send everything that this process logs to its standard error."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log_format == "json":
        handler.setFormatter(JsonFormatter(clock))
    else:
        handler.setFormatter(logging.Formatter("%(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
