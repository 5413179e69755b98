"""How fast budgets are spent, and when that is worth an alert.

An alert looks at two windows at once: the long one says that it matters, the short one that it
still goes on. Four pairs share the work: the fast ones catch an outage within minutes, the slow
ones what would eat the budget unseen. Each is told by the share of the whole budget that is gone
once it fires, so the rates follow from the objective's own window.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from mainspring.capabilities.slo.domain.objectives import Slo


class Severity(StrEnum):
    """``critical`` is for waking somebody, ``warning`` for today."""

    CRITICAL = "critical"
    WARNING = "warning"


class AlertState(StrEnum):
    """An alert is open until what it tells of is over."""

    OPEN = "open"
    RESOLVED = "resolved"


class Burn(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of windows; it fires once ``spent`` of the budget went within ``long``."""

    long: timedelta
    short: timedelta
    spent: float
    severity: Severity

    def rate(self, slo: Slo) -> float:
        """Return how many times faster than affordable that is; 1 spends the budget exactly."""
        return self.spent * (slo.window / self.long)


BURNS: Final = (
    Burn(
        long=timedelta(hours=1),
        short=timedelta(minutes=5),
        spent=0.02,
        severity=Severity.CRITICAL,
    ),
    Burn(
        long=timedelta(hours=6),
        short=timedelta(minutes=30),
        spent=0.05,
        severity=Severity.CRITICAL,
    ),
    Burn(long=timedelta(days=1), short=timedelta(hours=2), spent=0.10, severity=Severity.WARNING),
    Burn(long=timedelta(days=3), short=timedelta(hours=6), spent=0.10, severity=Severity.WARNING),
)


class WindowSum(msgspec.Struct, frozen=True):
    """The calls of one window, and how many of them were bad."""

    total: int = 0
    bad: int = 0

    @property
    def ratio(self) -> float:
        """Return the share of bad calls, 0 without calls."""
        return self.bad / self.total if self.total else 0.0


class Burning(msgspec.Struct, frozen=True, kw_only=True):
    """One pair of windows as it is now; rates are multiples of what is affordable."""

    long_s: int
    short_s: int
    severity: Severity
    threshold: float
    long_rate: float
    short_rate: float
    firing: bool


class SloStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How an objective stands. ``budget_left`` is 1 when nothing is spent and below 0 when overrun.

    ``measured_until`` is the moment up to which calls were counted, ``None`` before the first time.
    """

    total: int
    bad: int
    achieved: float | None
    budget_left: float
    burning: Sequence[Burning]
    measured_until: datetime | None


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """An objective whose budget was or is being spent too fast.

    ``rate`` is the burn rate over ``long_s`` when it was last looked at while open.
    """

    id: str
    slo_id: str
    state: AlertState = AlertState.OPEN
    severity: Severity
    rate: float
    long_s: int
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None = None


def burns_of(slo: Slo) -> list[Burn]:
    """Return the pairs that make sense for ``slo``.

    A rate of less than 1 never spends the budget, and one that asks for more bad calls than there
    are calls never fires.
    """
    return [burn for burn in BURNS if burn.rate(slo) >= 1 and burn.rate(slo) * slo.budget < 1]


def windows_of(slo: Slo) -> list[timedelta]:
    """Return every window that is needed to judge ``slo``, shortest first."""
    spans = {span for burn in burns_of(slo) for span in (burn.long, burn.short)}
    return sorted(spans | {slo.window})


def burning_of(slo: Slo, sums: Mapping[timedelta, WindowSum]) -> list[Burning]:
    """Return how each pair of windows stands."""
    found: list[Burning] = []
    for burn in burns_of(slo):
        long, short = sums[burn.long], sums[burn.short]
        rate = burn.rate(slo)
        long_rate, short_rate = long.ratio / slo.budget, short.ratio / slo.budget
        found.append(
            Burning(
                long_s=round(burn.long.total_seconds()),
                short_s=round(burn.short.total_seconds()),
                severity=burn.severity,
                threshold=rate,
                long_rate=long_rate,
                short_rate=short_rate,
                firing=long_rate > rate and short_rate > rate and long.total >= slo.min_calls,
            )
        )
    return found


def status_of(
    slo: Slo, sums: Mapping[timedelta, WindowSum], measured_until: datetime | None
) -> SloStatus:
    """Return how ``slo`` stands."""
    whole = sums[slo.window]
    return SloStatus(
        total=whole.total,
        bad=whole.bad,
        achieved=1 - whole.ratio if whole.total else None,
        budget_left=1 - whole.ratio / slo.budget,
        burning=burning_of(slo, sums),
        measured_until=measured_until,
    )


def worst_of(burning: Iterable[Burning]) -> Burning | None:
    """Return the firing pair to tell of: the most severe, then the fastest."""
    firing = [each for each in burning if each.firing]
    return max(
        firing, key=lambda each: (each.severity is Severity.CRITICAL, each.long_rate), default=None
    )
