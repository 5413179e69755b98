"""What is left of a caller's limits, as each vendor's headers tell it.

Every answer carries these lines, so they are written straight into their place in its head.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil

from mainspring.gateway.limits import Reservation
from mainspring.gateway.limits.port import Allowance

_OPENAI_REQUESTS = (
    b"x-ratelimit-limit-requests: %d\r\n"
    b"x-ratelimit-remaining-requests: %d\r\n"
    b"x-ratelimit-reset-requests: %b\r\n"
)
_OPENAI_TOKENS = _OPENAI_REQUESTS.replace(b"requests", b"tokens")
_ANTHROPIC_REQUESTS = (
    b"anthropic-ratelimit-requests-limit: %d\r\n"
    b"anthropic-ratelimit-requests-remaining: %d\r\n"
    b"anthropic-ratelimit-requests-reset: %b\r\n"
)
_ANTHROPIC_TOKENS = _ANTHROPIC_REQUESTS.replace(b"requests", b"tokens")


def openai_lines(reservation: Reservation) -> bytes:
    """Return the lines ``x-ratelimit-*`` of the tightest bounds; times are durations."""
    lines = b""
    told = reservation.requests
    if told is not None:
        lines = _OPENAI_REQUESTS % (told.limit, told.remaining, _duration(told.reset_s))
    told = reservation.token_allowance
    if told is not None:
        lines += _OPENAI_TOKENS % (told.limit, told.remaining, _duration(told.reset_s))
    return lines


def anthropic_lines(reservation: Reservation, now: Callable[[], float] = time.time) -> bytes:
    """Return the lines ``anthropic-ratelimit-*`` of the tightest bounds; times are RFC 3339."""
    lines = b""
    told = reservation.requests
    if told is not None:
        lines = _ANTHROPIC_REQUESTS % (told.limit, told.remaining, _moment(told, now()))
    told = reservation.token_allowance
    if told is not None:
        lines += _ANTHROPIC_TOKENS % (told.limit, told.remaining, _moment(told, now()))
    return lines


def _duration(reset_s: float) -> bytes:
    """Return seconds as OpenAI writes durations: ``1m30s``, ``12s``."""
    seconds = ceil(reset_s)
    return b"%dm%ds" % divmod(seconds, 60) if seconds >= 60 else b"%ds" % seconds


def _moment(allowance: Allowance, now: float) -> bytes:
    moment = datetime.fromtimestamp(ceil(now + allowance.reset_s), UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
