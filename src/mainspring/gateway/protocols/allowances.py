"""What is left of a caller's limits, as each vendor's headers tell it."""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime

from mainspring.gateway.limits import Reservation
from mainspring.gateway.limits.port import Allowance

Headers = list[tuple[bytes, bytes]]


def tell_as_openai(headers: Headers, reservation: Reservation) -> None:
    """Add ``x-ratelimit-*`` for the tightest bounds; times are durations."""
    told = reservation.requests
    if told is not None:
        headers += (
            (b"x-ratelimit-limit-requests", b"%d" % told.limit),
            (b"x-ratelimit-remaining-requests", b"%d" % told.remaining),
            (b"x-ratelimit-reset-requests", _duration(told)),
        )
    told = reservation.token_allowance
    if told is not None:
        headers += (
            (b"x-ratelimit-limit-tokens", b"%d" % told.limit),
            (b"x-ratelimit-remaining-tokens", b"%d" % told.remaining),
            (b"x-ratelimit-reset-tokens", _duration(told)),
        )


def tell_as_anthropic(
    headers: Headers, reservation: Reservation, now: Callable[[], float] = time.time
) -> None:
    """Add ``anthropic-ratelimit-*`` for the tightest bounds; times are moments (RFC 3339)."""
    told = reservation.requests
    if told is not None:
        headers += (
            (b"anthropic-ratelimit-requests-limit", b"%d" % told.limit),
            (b"anthropic-ratelimit-requests-remaining", b"%d" % told.remaining),
            (b"anthropic-ratelimit-requests-reset", _moment(told, now())),
        )
    told = reservation.token_allowance
    if told is not None:
        headers += (
            (b"anthropic-ratelimit-tokens-limit", b"%d" % told.limit),
            (b"anthropic-ratelimit-tokens-remaining", b"%d" % told.remaining),
            (b"anthropic-ratelimit-tokens-reset", _moment(told, now())),
        )


def _duration(allowance: Allowance) -> bytes:
    """Return seconds as OpenAI writes durations: ``1m30s``, ``12s``."""
    seconds = math.ceil(allowance.reset_s)
    return b"%dm%ds" % divmod(seconds, 60) if seconds >= 60 else b"%ds" % seconds


def _moment(allowance: Allowance, now: float) -> bytes:
    moment = datetime.fromtimestamp(math.ceil(now + allowance.reset_s), UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
