"""Times that a person types: how far back to look."""

import re
from datetime import UTC, datetime, timedelta

from mainspring.app.cli.output import CommandError
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode
from mainspring.kernel.clock import SystemClock

_UNITS = {"m": 1, "h": 60, "d": 24 * 60}


def ago(text: str) -> datetime:
    """Return the moment that lies ``text`` (30m, 12h, 7d) before now.

    Raises:
        CommandError: if it is not like that.
    """
    match = re.fullmatch(r"([1-9][0-9]{0,4})([mhd])", text)
    if match is None:
        raise CommandError(t("calls.since.wrong", text=text), exit_code=ExitCode.USAGE)
    return SystemClock().now() - timedelta(minutes=int(match[1]) * _UNITS[match[2]])


def in_utc(at: datetime | None) -> str | None:
    """Return a time as the API takes it; one without a zone is of UTC."""
    if at is None:
        return None
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).isoformat()
