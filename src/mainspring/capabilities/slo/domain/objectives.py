"""Objectives: values, rules, permissions."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import InvalidRequestError
from mainspring.wire.exposition import DURATION_BUCKETS_S

SLO_READ = Permission("slo:read", "See objectives, budgets and their alerts.", of_platform=True)
SLO_WRITE = Permission("slo:write", "Create, change and remove objectives.", of_platform=True)

PERMISSIONS = (SLO_READ, SLO_WRITE)
"""Every permission of this capability."""

MAX_SLOS: Final = 100
"""Each costs a small query every minute."""
NAME_PATTERN: Final = r"^[a-z][a-z0-9-]{0,62}$"
MODEL_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$"
OPERATION_PATTERN: Final = r"^[a-z][a-z0-9_.]{0,63}$"
MIN_TARGET: Final = 0.5
MAX_TARGET: Final = 0.99999
MIN_WINDOW_DAYS: Final = 7
MAX_WINDOW_DAYS: Final = 30
MAX_DESCRIPTION: Final = 500
THRESHOLDS_MS: Final = tuple(round(bound * 1000) for bound in DURATION_BUCKETS_S)
"""The thresholds that can be told apart: the bounds of the gateway's histograms."""


class Indicator(StrEnum):
    """What makes a call a bad one."""

    AVAILABILITY = "availability"
    """It was answered with a status of 500 or above."""
    ERROR_RATE = "error_rate"
    """It was answered with a status of 400 or above."""
    LATENCY = "latency"
    """It took longer than the threshold, from its arrival to the end of its answer."""
    TTFT = "time_to_first_token"
    """The first byte of its answer's body came later than the threshold."""

    @property
    def timed(self) -> bool:
        """Tell whether the indicator has a threshold."""
        return self in {Indicator.LATENCY, Indicator.TTFT}


class Slo(msgspec.Struct, frozen=True, kw_only=True):
    """An objective: over ``window_days``, the share ``target`` of calls is good.

    ``model`` and ``operation`` narrow it to those calls. It alerts only where the longer window of
    an alert saw ``min_calls``, so that one failure in a quiet night wakes nobody.
    """

    id: str
    name: str
    description: str = ""
    indicator: Indicator
    target: float
    threshold_ms: int | None = None
    window_days: int = 30
    model: str | None = None
    operation: str | None = None
    min_calls: int = 10
    enabled: bool = True
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    @property
    def budget(self) -> float:
        """Return the share of calls that may be bad."""
        return 1 - self.target

    @property
    def window(self) -> timedelta:
        """Return the time over which the promise holds."""
        return timedelta(days=self.window_days)

    def measures_like(self, other: "Slo") -> bool:
        """Tell whether what was measured for ``other`` holds for this one too."""
        return (self.indicator, self.threshold_ms, self.model, self.operation) == (
            other.indicator,
            other.threshold_ms,
            other.model,
            other.operation,
        )


class SloChanges(msgspec.Struct, frozen=True):
    """What may change about an objective; ``UNSET`` stays as it is."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    indicator: Indicator | UnsetType = UNSET
    target: float | UnsetType = UNSET
    threshold_ms: int | UnsetType | None = UNSET
    window_days: int | UnsetType = UNSET
    model: str | UnsetType | None = UNSET
    operation: str | UnsetType | None = UNSET
    min_calls: int | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


def checked_slo(slo: Slo) -> Slo:
    """Return ``slo`` if all of it is acceptable.

    Raises:
        InvalidRequestError: naming the field that is not.
    """
    for field, value, pattern in (
        ("name", slo.name, NAME_PATTERN),
        ("model", slo.model, MODEL_PATTERN),
        ("operation", slo.operation, OPERATION_PATTERN),
    ):
        if value is not None and not re.fullmatch(pattern, value):
            raise InvalidRequestError(f"{value[:80]!r} is no {field}", param=field)
    if len(slo.description) > MAX_DESCRIPTION:
        raise InvalidRequestError(
            f"a description has up to {MAX_DESCRIPTION} characters", param="description"
        )
    if not MIN_TARGET <= slo.target <= MAX_TARGET:
        raise InvalidRequestError(
            f"a target is a share between {MIN_TARGET} and {MAX_TARGET}", param="target"
        )
    if not MIN_WINDOW_DAYS <= slo.window_days <= MAX_WINDOW_DAYS:
        raise InvalidRequestError(
            f"a window has {MIN_WINDOW_DAYS} to {MAX_WINDOW_DAYS} days", param="window_days"
        )
    if not 1 <= slo.min_calls <= 1_000_000:
        raise InvalidRequestError("min_calls is 1 to 1000000", param="min_calls")
    if not slo.indicator.timed and slo.threshold_ms is not None:
        raise InvalidRequestError(f"{slo.indicator} has no threshold", param="threshold_ms")
    if slo.indicator.timed and slo.threshold_ms not in THRESHOLDS_MS:
        bounds = ", ".join(map(str, THRESHOLDS_MS))
        raise InvalidRequestError(
            f"{slo.indicator} needs a threshold in milliseconds, one of {bounds}",
            param="threshold_ms",
        )
    return slo
